"""The stranger was made from docs/wire.md alone: it imports nothing of ours and reads every golden file."""

from __future__ import annotations

import ast
import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest

from agent.wire import jose, subject
from tests.contract import stranger
from tests.contract.kiosk import PROGRAM, Kiosk, running

GOLDEN = PROGRAM.parent / "golden"
INVALID = json.loads((GOLDEN / "invalid" / "expected.json").read_text())
STANDARD = {"argparse", "base64", "hashlib", "http", "json", "pathlib", "re", "sqlite3", "sys", "threading", "time"}
ALLOWED = STANDARD | {"__future__", "backports", "compression", "cryptography", "jwcrypto"}


def test_the_stranger_imports_nothing_of_ours():
    tree = ast.walk(ast.parse(PROGRAM.read_text()))
    names = [name for node in tree for name in ([a.name for a in node.names] if isinstance(node, ast.Import) else [])]
    names += [node.module for node in ast.walk(ast.parse(PROGRAM.read_text())) if isinstance(node, ast.ImportFrom)]

    assert {name.split(".")[0] for name in names} - ALLOWED == set()


def test_nothing_of_ours_is_loaded_when_it_runs():
    program = f"import runpy, sys; runpy.run_path({str(PROGRAM)!r}); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-I", "-c", program], cwd="/", capture_output=True, text=True, check=True)

    assert {name.split(".")[0] for name in loaded.stdout.split()} & {"agent", "central", "kiosk_ui", "joserfc"} == set()


@pytest.mark.parametrize("name", sorted(path.name for path in GOLDEN.glob("*.rekam")))
def test_the_stranger_reads_a_golden_batch_as_its_json_says(name):
    found, said = (
        stranger.Batch((GOLDEN / name).read_bytes()),
        json.loads((GOLDEN / name).with_suffix(".json").read_text()),
    )

    assert found.claims == said["payload"]
    assert ([line.decode() for line in found.lines], found.sealed) == (said["lines"], said["sealed"])


@pytest.mark.parametrize("name", [name for name in INVALID if name.endswith(".rekam")])
def test_the_stranger_refuses_an_invalid_batch_with_its_code(name):
    with pytest.raises(stranger.Refusal) as caught:
        stranger.Batch((GOLDEN / "invalid" / name).read_bytes())

    code = INVALID[name]["code"]
    assert (caught.value.status, caught.value.code) == (422, code if code == "unsupported" else "malformed")


def test_a_subject_is_kept_beside_its_line_and_opens_with_the_key_of_its_month(tmp_path):
    with running(tmp_path, "--approve-all") as said:
        kiosk = Kiosk("with a subject", said["url"], said["root"])
        kiosk.pair()
        name, sealed = kiosk.sealed(2, {"nik": "6402054101100001"})
        kiosk.send(kiosk.build(1, 3, sealed=[sealed]))
    with closing(sqlite3.connect(tmp_path / "stranger.db")) as database:
        kept = database.execute("SELECT n, kid, sealed FROM subject").fetchall()

    assert kept == [(2, sealed.kid, sealed.sealed)]
    assert subject.unseal(kept[0][2], private_seal(tmp_path, kiosk), name) == {"nik": "6402054101100001"}


def private_seal(folder, kiosk):
    """The stranger's private sealing key."""
    private = json.loads((folder / "keys.json").read_text())["seal"]
    public = jose.public(kiosk.keys.sealing("").key())
    return jose.read_key(public | {"d": private}, curve="X25519")


def test_what_was_receipted_is_there_after_a_kill(tmp_path):
    with running(tmp_path, "--approve-all") as said:
        kiosk = Kiosk("killed", said["url"], said["root"])
        kiosk.pair()
        _, before = kiosk.send(kiosk.build(1, 5))
    with running(tmp_path) as said:
        kiosk.url = said["url"]
        after = kiosk.receipt()

    assert (after.held, after.pair > before.pair) == (before.held, True)
