"""What people think of the service."""

from __future__ import annotations

from agent.wire.kinds.base import Kind
from agent.wire.line import Whole


class SurveyAnswered(Kind, frozen=True, omit_defaults=True):
    """Somebody touched a face; whose number it was is not said, so that nobody answers under a name."""

    day: Whole
    service: str
    about: str  # number | service
    mark: Whole  # 1 not good … 4 very good
