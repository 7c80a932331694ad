"""What a missing need does to a run of pytest: tests/conftest.py, tried on small suites of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
NOT_ROOT = """
import conftest, pytest
conftest.NEEDS["root"] = conftest.Need(lambda: False, "needs root")
@pytest.mark.needs("root")
def test_as_root(): pass
"""


@pytest.fixture
def outcome_of(tmp_path):
    """A function: runs pytest on a test that passes and the text of another, in CI or not; status and output."""

    def run(text, ci):
        shutil.copy(CONFTEST, tmp_path)
        (tmp_path / "test_plain.py").write_text("def test_plain(): pass\n")
        (tmp_path / "test_small.py").write_text(text)
        plugins = ("no:schemathesis", "no:playwright", "no:cacheprovider")
        arguments = [sys.executable, "-m", "pytest", *(word for name in plugins for word in ("-p", name))]
        environment = os.environ | {"CI": "true" if ci else ""}
        done = subprocess.run(arguments, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    return run


def test_a_test_whose_need_is_unmet_is_skipped(outcome_of):
    status, output = outcome_of(NOT_ROOT, ci=False)

    assert (status, "1 passed, 1 skipped" in output) == (0, True)


def test_in_ci_a_skipped_test_fails_the_run_and_is_named(outcome_of):
    status, output = outcome_of(NOT_ROOT, ci=True)

    assert status == 1
    assert "test_small.py::test_as_root" in output


def test_in_ci_the_last_line_is_still_the_summary(outcome_of):
    _, output = outcome_of(NOT_ROOT, ci=True)

    assert "1 passed, 1 skipped" in output.splitlines()[-1]


def test_in_ci_a_skipped_file_fails_the_run(outcome_of):
    status, output = outcome_of("import pytest\npytest.importorskip('no_such_module')\n", ci=True)

    assert (status, "test_small.py" in output) == (1, True)


def test_in_ci_a_run_without_skips_passes(outcome_of):
    status, _ = outcome_of("", ci=True)

    assert status == 0


def test_a_need_that_nobody_knows_stops_the_run(outcome_of):
    status, output = outcome_of(NOT_ROOT.replace('needs("root")', 'needs("rooot")'), ci=False)

    assert status == pytest.ExitCode.USAGE_ERROR
    assert "test_as_root needs rooot" in output
