"""What this program is, and the day before which no clock can be right."""

from __future__ import annotations

from datetime import date
from typing import Final

VERSION: Final = "0.1.0"
BUILD_DATE: Final = date(2026, 11, 1)
BUILD_MS: Final = 1_793_491_200_000  # BUILD_DATE at 00:00 UTC
