"""Prometheus' own checker."""

from __future__ import annotations

import subprocess

from tests.patience import PATIENCE


def promtool(*words: str, text: str = "") -> subprocess.CompletedProcess:
    return subprocess.run(
        ["promtool", *words], input=text, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
