"""Leaves a sign of life for the agent's probes, and notes when the citizen's browser asks for its page."""

from __future__ import annotations

from typing import Final

from flask import Flask, Response, request

from agent import kiosk_pulse, one_heap
from agent.kiosk_pulse import SELDOM_MS, Pulse
from agent.own_cost import own_cost
from agent.store.database import Store

BY_BROWSER: Final = "Sec-Fetch-Site"  # every browser of these years sends it, and no program that only looks


def leave_pulse(app: Flask, store: Store) -> None:
    """After an answer, not more often than every twenty seconds: who asked, and what this process costs."""
    first: int | None = None
    heard: int | None = None
    left = -SELDOM_MS

    def note(answer: Response) -> Response:
        nonlocal first, heard, left
        now = store.clock.boot_ms()
        if BY_BROWSER in request.headers:
            first, heard = now if first is None else first, now
        if now - left >= SELDOM_MS:
            if left >= 0:  # what the start left over went back at its end
                one_heap.give_back()
            left = now
            kiosk_pulse.leave(store.home, Pulse(store.boot, first, heard, own_cost()))
        return answer

    app.after_request(note)
