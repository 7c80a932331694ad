"""Leaves a sign of life when the citizen's browser asks for its page."""

from __future__ import annotations

import os

from flask import Flask, Response, request

from agent import kiosk_pulse
from agent.kiosk_pulse import SELDOM_MS, Pulse
from agent.store.database import Store

NO_BROWSER = frozenset({"static", "healthz"})


def leave_pulse(app: Flask, store: Store) -> None:
    """Note, not more often than every twenty seconds, that a page was asked for."""
    last = -SELDOM_MS

    def note(answer: Response) -> Response:
        nonlocal last
        now = store.clock.boot_ms()
        if request.endpoint not in NO_BROWSER and request.blueprint != "api" and now - last >= SELDOM_MS:
            last = now
            kiosk_pulse.leave(store.home, Pulse(os.getpid(), store.boot, now))
        return answer

    app.after_request(note)
