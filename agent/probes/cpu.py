"""How busy the processor is."""

from __future__ import annotations

from collections.abc import Mapping


class Processor:
    """Remembers how long it had worked when it was last asked; psutil would by the thread, and each is a new one."""

    def __init__(self) -> None:
        self.before = (0.0, 0.0)

    def read(self) -> Mapping[str, float]:
        """cpu_percent since the last round, at first since the boot, and load1."""
        import psutil

        times = psutil.cpu_times()
        whole, idle = sum(times[:8]), times.idle + times.iowait  # what guests took is in the first two already
        passed, idled = whole - self.before[0], idle - self.before[1]
        self.before = (whole, idle)
        busy = {"cpu_percent": min(100.0, max(0.0, 100 * (1 - idled / passed)))} if passed > 0 else {}
        return {**busy, "load1": psutil.getloadavg()[0]}
