"""The rules of the code that no linter keeps; CONTRIBUTING.md lists them all."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from agent.version import VERSION
from tests.patience import PATIENCE

ROOT = Path(__file__).parents[2]
PACKAGES = ("agent", "kiosk_ui", "central", "config")
SOURCES = sorted(path for folder in PACKAGES for path in (ROOT / folder).rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LOCKS = ("requirements.lock", "requirements-dev.lock")

# Where anything may be caught: a failing job or probe costs only itself, and what nobody expected becomes a sentence
# for a person instead of a traceback.
EDGES = {"agent/guard.py", "agent/cli.py", "kiosk_ui/errors.py", "central/http/errors.py"}

CLOCK_READS = re.compile(
    r"\b(time\.(time|time_ns|monotonic|monotonic_ns|perf_counter|clock_gettime|clock_gettime_ns|sleep)"
    r"|datetime\.(now|utcnow|today)|date\.today)\("
)
ADDRESS = re.compile(r"https?:|file:|git\+|--(extra-)?index-url|--find-links", re.IGNORECASE)

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def nodes(kind) -> Iterator[tuple[str, ast.AST]]:
    """Every node of a kind in the sources, with where it stands."""
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, kind):
                yield f"{name_of(path)}:{node.lineno}", node


def length(function: Function) -> int:
    """Lines of a function without its docstring."""
    docstring = ast.get_docstring(function, clean=False)
    words = docstring.count("\n") + 1 if docstring else 0
    return function.end_lineno - function.lineno + 1 - words


def catches_all(handler: ast.ExceptHandler) -> bool:
    named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(name is None or ast.unparse(name) in {"Exception", "BaseException"} for name in named)


def lines_by_file() -> dict[str, int]:
    return {name_of(path): path.read_text().count("\n") for path in SOURCES}


def lengths_by_function() -> dict[str, int]:
    return {f"{place} {node.name}": length(node) for place, node in nodes(Function)}


def test_pages_ask_actions_and_never_the_tables():
    asks = re.compile(r"\b(store|database)\.(rows|run|write|execute_sql)\(|\b(SELECT|INSERT|UPDATE|DELETE) ")

    assert [name_of(path) for path in SOURCES if "kiosk_ui" in path.parts and asks.search(path.read_text())] == []


def test_no_source_file_is_longer_than_300_lines():
    lines = lines_by_file()

    assert {name: count for name, count in lines.items() if count > 300} == {}


def test_no_function_is_longer_than_40_lines():
    lengths = lengths_by_function()

    assert {place: count for place, count in lengths.items() if count > 40} == {}


def test_half_of_the_files_and_functions_are_small():
    assert median(lines_by_file().values()) <= 90
    assert median(lengths_by_function().values()) <= 8


def test_no_class_has_more_than_12_methods():
    counts = {
        f"{place} {node.name}": sum(isinstance(part, Function) for part in node.body)
        for place, node in nodes(ast.ClassDef)
    }

    assert {place: count for place, count in counts.items() if count > 12} == {}


def test_a_catch_all_stands_only_at_a_named_edge():
    places = [place for place, node in nodes(ast.ExceptHandler) if catches_all(node)]

    assert [place for place in places if place.rpartition(":")[0] not in EDGES] == []


def test_only_the_clock_module_reads_clocks():
    readers = {name_of(path) for path in SOURCES if CLOCK_READS.search(path.read_text())}

    assert readers == {"agent/clock.py"}


BOUND = re.compile(r"(?:\btimeout=|\.(?:settimeout|wait|join)\()(?<!-timeout=)([1-9][\d_.]*)")


def is_short(bound: str) -> bool:
    """Whether a bound on a wait, in seconds or as a browser's ms, is shorter than the patience of all."""
    number = float(bound.replace("_", "").rstrip("."))
    return number < (PATIENCE if number < 1_000 else 1_000 * PATIENCE)


def test_no_test_waits_less_than_its_patience_for_what_will_come():
    bounds = [(name_of(path), bound) for path in TESTS for bound in BOUND.findall(path.read_text())]

    assert [each for each in bounds if is_short(each[1]) and "/bench/" not in each[0]] == []


def test_no_test_sleeps():
    sleepers = [name_of(path) for path in TESTS if re.search(r"\btime\.sleep\(|\bimport sleep\b", path.read_text())]

    assert sleepers == []


def test_every_package_says_in_one_line_what_it_is_for():
    packages = [path for path in SOURCES if path.name == "__init__.py"]

    assert [name_of(path) for path in packages if not ast.get_docstring(ast.parse(path.read_text()))] == []


def test_the_package_and_the_program_name_the_same_version():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]

    assert project["version"] == VERSION


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_holds_no_address(lock):
    assert ADDRESS.findall((ROOT / lock).read_text()) == []


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_in_a_lock_file_is_pinned_and_hashed(lock):
    entries = (ROOT / lock).read_text().replace("\\\n", "").splitlines()
    packages = [entry for entry in entries if not entry.startswith("#")]

    assert packages
    assert [entry for entry in packages if not re.match(r"[a-z0-9-]+==\S+ .*--hash=sha256:[0-9a-f]{64}", entry)] == []


def test_both_lock_files_agree_on_the_packages_they_share():
    runtime, dev = (
        dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE)) for lock in LOCKS
    )

    assert {name: dev[name] for name in runtime.keys() & dev.keys()} == {
        name: runtime[name] for name in runtime.keys() & dev.keys()
    }
