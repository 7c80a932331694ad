"""Leaves a sign of life for the agent's probes, and notes when the citizen's browser asks for its page."""

from __future__ import annotations

from flask import Flask, Response, request

from agent import kiosk_pulse
from agent.kiosk_pulse import SELDOM_MS, Pulse
from agent.own_cost import own_cost
from agent.store.database import Store

NO_BROWSER = frozenset({"static", "healthz"})


def leave_pulse(app: Flask, store: Store) -> None:
    """After an answer, not more often than every twenty seconds: who asked, and what this process costs."""
    heard: int | None = None
    left = -SELDOM_MS

    def note(answer: Response) -> Response:
        nonlocal heard, left
        now = store.clock.boot_ms()
        if request.endpoint not in NO_BROWSER and request.blueprint != "api":
            heard = now
        if now - left >= SELDOM_MS:
            left = now
            kiosk_pulse.leave(store.home, Pulse(store.boot, heard, own_cost()))
        return answer

    app.after_request(note)
