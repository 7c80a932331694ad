"""The agent's rhythm when somebody, or a dead battery, moves the wall clock under it."""

from __future__ import annotations

import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.store import ledger
from agent.store.opening import open_store
from tests.e2e.site import Program, Site
from tests.patience import PATIENCE, wait_until

HOURS = 3600
JUMPS = {
    "three hours back": -3 * HOURS,
    "to 1970": int(datetime(1970, 1, 2, tzinfo=UTC).timestamp() - datetime.now(UTC).timestamp()),
    "to 2099": int(datetime(2099, 1, 1, tzinfo=UTC).timestamp() - datetime.now(UTC).timestamp()),
}


@pytest.fixture(scope="session")
def shim(tmp_path_factory) -> Path:
    library = tmp_path_factory.mktemp("shim") / "wall_clock.so"
    source = Path(__file__).with_name("wall_clock.c")
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


def rounds(site: Site) -> int:
    """How many rounds of readings were taken so far."""
    store = open_store(site.office, SystemClock())
    found = store.rows("SELECT coalesce(max(number), 0) FROM reading")[0][0]
    store.close()
    return found


def steps(site: Site) -> list[dict]:
    store = open_store(site.office, SystemClock())
    stream = ledger.tail(store, "enrollments").stream
    lines = [json.loads(body) for body in ledger.lines(store, stream, 1, 10**6)]
    store.close()
    return [line["d"] for line in lines if line["k"] == "clock.stepped"]


@pytest.mark.needs("gcc")
@pytest.mark.parametrize("jump", JUMPS)
def test_jobs_keep_their_rhythm_when_the_wall_clock_jumps(site, shim, tmp_path, jump):
    shift = tmp_path / "shift"
    shift.write_text("0")
    site.agent.stop()
    by_another = rounds(site)
    words = ["agent", "--config", str(site.config)]
    site.agent = Program("shimmed-agent", words, tmp_path, {"LD_PRELOAD": str(shim), "WALL_SHIFT_FILE": str(shift)})
    site.agent.start()
    wait_until(lambda: rounds(site) >= by_another + 3, "rounds before the jump")

    shift.write_text(str(JUMPS[jump]))
    before = rounds(site)
    wait_until(lambda: rounds(site) >= before + 4, "rounds after the jump")

    (step,) = wait_until(lambda: steps(site), "the step is told")
    assert abs(step["after"] - step["before"] - JUMPS[jump] * 1000) < PATIENCE * 1000
    assert site.take(f"after-{JUMPS[jump]}")["ticket"] == "A-001"
    assert site.send()
    assert site.agent.stop() == 0
