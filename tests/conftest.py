"""What a test may need of its machine, and what a skip means: a reason here, a failure in CI."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, settings

from agent import vault

# No test fails on wall time: a busy machine would break laws that hold.
settings.register_profile("rekam", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("rekam")


class Need(NamedTuple):
    """How to see that something is there, and the words for its absence."""

    is_met: Callable[[], bool]
    reason: str


def command(name: str, package: str) -> Need:
    """A command that a Debian package brings; some stand where only root's PATH looks."""
    path = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
    return Need(lambda: shutil.which(name, path=path) is not None, f"needs {name}; as root: apt install {package}")


def postgres_programs() -> list[Path]:
    """Debian's initdb of every installed version, oldest first; it is on nobody's PATH."""
    return sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))


NEEDS = {
    "tun": Need(lambda: Path("/dev/net/tun").exists(), "needs /dev/net/tun, which a kernel with CONFIG_TUN has"),
    "ip": command("ip", "iproute2"),
    "loop": Need(lambda: Path("/dev/loop-control").exists(), "needs /dev/loop-control, which a kernel with loop has"),
    "mkfs.ext4": command("mkfs.ext4", "e2fsprogs"),
    "root": Need(lambda: os.geteuid() == 0, "needs root"),
    "postgres": Need(lambda: bool(postgres_programs()), "needs PostgreSQL; as root: apt install postgresql"),
    "chromium": command("chromium", "chromium"),
    "cage": command("cage", "cage"),
    "Xwayland": command("Xwayland", "xwayland"),
    "pdftoppm": command("pdftoppm", "poppler-utils"),
    "escpos": Need(lambda: find_spec("escpos") is not None, "needs python-escpos; pip install 'rekam[paper]'"),
    "espeak": command("espeak-ng", "espeak-ng"),
    "nginx": command("nginx", "nginx-light"),
    "strace": command("strace", "strace"),
    "gcc": command("gcc", "gcc libc6-dev"),
    "promtool": command("promtool", "prometheus"),
    "systemd-analyze": command("systemd-analyze", "systemd"),
    "systemd-nspawn": command("systemd-nspawn", "systemd-container"),
    "seatd": command("seatd", "seatd"),
    "venv": Need(
        lambda: any(Path("/usr/lib").glob("python3.*/ensurepip")),
        "needs python3-venv; as root: apt install python3-venv",
    ),
}


def first_unmet(item: pytest.Item) -> str | None:
    """The reason why `item` cannot run here, or None; an unknown name is an error of the test."""
    names = [name for marker in item.iter_markers("needs") for name in marker.args]
    unknown = sorted(set(names) - set(NEEDS))
    if unknown:
        raise pytest.UsageError(f"{item.nodeid} needs {', '.join(unknown)}, which tests/conftest.py does not know")
    return next((NEEDS[name].reason for name in names if not NEEDS[name].is_met()), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        reason = first_unmet(item)
        if reason:
            item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session", autouse=True)
def no_offices_copies_stay_in_ram(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An office is known on the RAM disk by its directory's inode, which a later run's may have again."""
    yield
    homes = {str(os.stat(folder).st_ino) for folder, _, _ in os.walk(tmp_path_factory.getbasetemp())}  # noqa: PTH116
    for copies in (found for disk in vault.RAM_DISKS for found in Path(disk).glob(f"rekam-{os.getuid()}-*")):
        if copies.name.rpartition("-")[2] in homes:
            shutil.rmtree(copies, ignore_errors=True)


def skipped(config: pytest.Config) -> list[str]:
    """What was skipped; always empty outside CI, where a skip is no failure."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None or os.environ.get("CI") != "true":
        return []
    return [report.nodeid for report in terminal.stats.get("skipped", [])]


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """A test that CI cannot run is a test that nobody runs."""
    if skipped(session.config) and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    names = skipped(config)
    if names:
        terminalreporter.section("skipped, which CI=true makes a failure", red=True)
        terminalreporter.write_line("\n".join(names))
