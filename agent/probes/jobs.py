"""Whether the agent's own jobs do their work."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from agent.job_log import job_states


def read(home: Path) -> Mapping[str, float | str]:
    """failing_jobs: of how many the last turn failed; which, and the kind of the fault, but no word of it."""
    failed = [f"{job.name}: {job.error.partition(':')[0]}" for job in job_states(home) if job.error]
    return {"failing_jobs": float(len(failed)), "said": ", ".join(failed)}
