"""Prometheus' own checker."""

from __future__ import annotations

import subprocess


def promtool(*words: str, text: str = "") -> subprocess.CompletedProcess:
    return subprocess.run(["promtool", *words], input=text, capture_output=True, text=True, timeout=30, check=False)
