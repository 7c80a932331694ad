"""This machine's own Debian, booted by systemd in a container over a throwaway layer: the units that show and serve.

`tests/e2e/nspawn.py` does the same, and more, with a fresh Debian 12 and 13, which it has to download.
"""

from __future__ import annotations

import subprocess
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.e2e.booted import TestLan, TestScreen, office, screen
from tests.e2e.machine import Machine, chroot, handbook, layer, put_tree

__all__ = ["TestLan", "TestScreen", "office", "screen"]
pytestmark = pytest.mark.needs("root", "systemd-nspawn", "cage", "Xwayland", "chromium", "seatd", "nginx", "ip", "venv")
# Of this machine only the programs: no office, no settings, nothing that starts by itself, no disks to wait for.
OWN = """
    var/lib/rekam var/lib/rekam-central etc/rekam opt/rekam usr/local/bin/rekam
    etc/fstab etc/rc?.d etc/init.d etc/systemd/system etc/cron.*
"""


@pytest.fixture(scope="module")
def machine():
    with ExitStack() as undo:
        base = Path(undo.enter_context(TemporaryDirectory(prefix="rekam-boot-")))
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0755", "rekam-boot", str(base)], check=True)
        undo.callback(subprocess.run, ["umount", "-l", str(base)], check=True)
        root = undo.enter_context(layer("/", base))
        chroot(root, "sh", "-c", f"cd / && rm -rf {' '.join(OWN.split())} && mkdir -p opt/rekam etc/systemd/system")
        put_tree(root)
        chroot(root, "sh", "-c", handbook("The program"))
        booted = Machine(root, "rekam-here")
        undo.callback(booted.power_off)
        booted.boot()
        booted.shell(handbook("The units"))
        booted.shell("rekam central init /var/lib/rekam-central")
        booted.shell("rekam central invite --office 64.02.05 --config /var/lib/rekam-central/central.toml >/root/i")
        booted.shell(handbook("An office machine", blocks=1).replace("/root/64.02.05.invitation", "/root/i"))
        yield booted
