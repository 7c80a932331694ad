"""A person is answered after one flush to the disk: fdatasync and fsync are counted while tickets are taken."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.fakes import FakeClock
from tests.patience import PATIENCE
from tests.small_office import small_store

pytestmark = pytest.mark.needs("strace")

REPO = Path(__file__).parents[2]
TICKETS = 200
# getppid is a call that nothing else makes: it marks where in the trace the work begins and ends.
OFFICE_AT_WORK = """
import json, os, sys
from pathlib import Path
from tests.fakes import FakeClock
from tests.small_office import sealing_office, small_store, take

home, nik = Path(sys.argv[1]), sys.argv[2] or None
store, (office, _), commits = small_store(home, FakeClock()), sealing_office(home), []
leave_mark = store.after_commit
store.after_commit = lambda: (commits.append(1), leave_mark())
os.getppid()
for number in range(int(sys.argv[3])):
    take(store, office, f"request {number}", nik=nik)
os.getppid()
print(json.dumps(len(commits)))
os._exit(0)
"""


class Count(NamedTuple):
    commits: int
    syncs: int


def counted(home: Path, nik: str = "", tickets: int = TICKETS) -> Count:
    """Commits of a process that takes tickets, and how often it asked the disk to flush meanwhile."""
    small_store(home, FakeClock()).close()
    trace = home / "trace"
    strace = ["strace", "-f", "-qq", "-o", str(trace), "-e", "trace=fsync,fdatasync,sync,syncfs,msync,getppid"]
    process = [sys.executable, "-c", OFFICE_AT_WORK, str(home), nik, str(tickets)]
    done = subprocess.run([*strace, *process], cwd=REPO, capture_output=True, text=True, timeout=PATIENCE, check=True)
    lines = trace.read_text().splitlines()
    begin, end = (number for number, line in enumerate(lines) if "getppid" in line)
    return Count(json.loads(done.stdout), end - begin - 1)


def test_a_ticket_is_one_commit_and_one_flush(tmp_path) -> None:
    count = counted(tmp_path)

    assert count.commits == TICKETS
    assert count.commits <= count.syncs <= 1.1 * count.commits


def test_a_ticket_with_a_sealed_nik_is_one_commit_and_one_flush_too(tmp_path) -> None:
    count = counted(tmp_path, nik="6402055708990003")

    assert count.commits == TICKETS
    assert count.commits <= count.syncs <= 1.1 * count.commits
