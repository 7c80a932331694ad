"""What Rekam's own two programs take of this machine."""

from __future__ import annotations

from collections.abc import Mapping

from agent.kiosk_pulse import Pulse


def read(pulse: Pulse | None) -> Mapping[str, float]:
    """agent_ and kiosk_ rss_bytes, uss_bytes and fds; of the kiosk only what this user may see, and while it runs."""
    import psutil

    found = of_process("agent", psutil.Process())
    if pulse is not None and psutil.pid_exists(pulse.pid):
        found |= of_process("kiosk", psutil.Process(pulse.pid))
    return found


def of_process(name: str, process: object) -> dict[str, float]:
    """The readings of one process."""
    import psutil

    assert isinstance(process, psutil.Process)  # noqa: S101 — for the reader and the type checker
    found = {f"{name}_rss_bytes": float(process.memory_info().rss)}
    try:
        return {
            **found,
            f"{name}_uss_bytes": float(process.memory_full_info().uss),
            f"{name}_fds": float(process.num_fds()),
        }
    except psutil.AccessDenied:
        return found
