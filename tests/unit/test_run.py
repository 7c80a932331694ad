"""`./run` with a python3 that only pretends: what it checks, when it installs, what it leaves alone."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

ROOT = Path(__file__).parents[2]
FILES = ("run", "requirements.lock", "requirements-dev.lock", "pyproject.toml")

# Makes a .venv whose pip only writes down its arguments, and fails when a file named `broken` is there.
GOOD_PYTHON = """#!/bin/sh
case "$*" in
*version_info*) echo 3.11 ;;
"-m venv "*)
    mkdir -p "$3/bin"
    printf '#!/bin/sh\\necho "$*" >>"%s/log"\\n[ ! -e "%s/broken" ]\\n' "$HOME" "$HOME" >"$3/bin/python"
    printf '#!/bin/sh\\nprintf "<%%s>" "$@"\\n' >"$3/bin/rekam"
    chmod +x "$3/bin/python" "$3/bin/rekam"
    ;;
esac
"""
OLD_PYTHON = "#!/bin/sh\necho 3.9\nexit 1\n"
PYTHON_WITHOUT_VENV = '#!/bin/sh\ncase "$*" in *ensurepip*) exit 1 ;; *) echo 3.11 ;; esac\n'


class Tree:
    """A copy of what `./run` reads, in a folder with a space in its name, with its own PATH."""

    def __init__(self, home: Path):
        self.home = home
        self.root = home / "a tree"

    def lay(self):
        (self.home / "bin").mkdir()
        self.root.mkdir()
        for name in FILES:
            shutil.copy(ROOT / name, self.root)
        for name in ("cat", "chmod", "cksum", "dirname", "flock", "mkdir", "mktemp", "rm", "sed", "sh"):
            (self.home / "bin" / name).symlink_to(shutil.which(name))

    def python3(self, script):
        path = self.home / "bin" / "python3"
        path.write_text(script)
        path.chmod(0o755)

    def run(self, *arguments, cwd="/", user=None):
        environment = {"PATH": str(self.home / "bin"), "HOME": str(self.home)}
        command = ["/bin/sh", str(self.root / "run"), *arguments]
        return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False, user=user)

    def installs(self):
        log = self.home / "log"
        return log.read_text().splitlines() if log.exists() else []


@pytest.fixture
def tree(tmp_path):
    tree = Tree(tmp_path)
    tree.lay()
    tree.python3(GOOD_PYTHON)
    return tree


@pytest.mark.parametrize("arguments", [(), ("--help",), ("-h",)])
def test_without_a_command_it_prints_its_usage(tree, arguments):
    done = tree.run(*arguments)

    assert (done.returncode, done.stdout.split(maxsplit=1)[0]) == (0, "usage:")


def test_an_unknown_command_is_a_usage_error(tree):
    done = tree.run("dance")

    assert (done.returncode, done.stdout, done.stderr.split(maxsplit=1)[0]) == (64, "", "usage:")


def test_without_python3_it_says_what_to_install(tree):
    (tree.home / "bin" / "python3").unlink()

    done = tree.run("demo")

    assert (done.returncode, "apt install python3 python3-venv" in done.stderr) == (1, True)


def test_with_an_old_python3_it_says_what_to_install(tree):
    tree.python3(OLD_PYTHON)

    done = tree.run("demo")

    assert (done.returncode, "older than 3.11" in done.stderr) == (1, True)


def test_without_the_venv_module_it_says_what_to_install(tree):
    tree.python3(PYTHON_WITHOUT_VENV)

    done = tree.run("demo")

    assert (done.returncode, "apt install python3-venv" in done.stderr) == (1, True)


def test_demo_hands_its_arguments_on_as_they_are(tree):
    assert tree.run("demo", "--dir", "my office", "").stdout == "<demo><--dir><my office><>"


def test_demo_runs_where_it_was_called(tree, tmp_path):
    tree.run("demo")
    (tree.root / ".venv" / "bin" / "rekam").write_text("#!/bin/sh\npwd\n")

    assert tree.run("demo", cwd=tmp_path).stdout.strip() == os.path.realpath(tmp_path)


def test_demo_installs_the_lock_by_hash_and_the_package_without_its_dependencies(tree):
    tree.run("demo")

    lock, package = tree.installs()
    assert "--require-hashes" in lock
    assert package.endswith(f"--no-deps --no-build-isolation -e {tree.root}")


def test_a_second_call_installs_nothing(tree):
    tree.run("demo")
    before = tree.installs()

    done = tree.run("demo")

    assert (done.stderr, tree.installs()) == ("", before)


@pytest.mark.parametrize("name", FILES[1:])
def test_a_changed_lock_or_project_table_makes_the_environment_anew(tree, name):
    tree.run("demo")
    before = tree.installs()
    file = tree.root / name
    file.write_text("# changed\n" + file.read_text())

    tree.run("demo")

    assert tree.installs() == before * 2


def test_a_changed_rule_of_a_tool_installs_nothing(tree):
    tree.run("demo")
    before = tree.installs()
    with (tree.root / "pyproject.toml").open("a") as file:
        file.write("# changed\n")

    tree.run("demo")

    assert tree.installs() == before


def test_a_moved_tree_makes_its_environment_anew(tree):
    tree.run("demo")
    tree.root = tree.root.rename(tree.home / "elsewhere")

    tree.run("demo")

    assert len(tree.installs()) == 4


def test_a_set_up_that_broke_off_is_started_again_from_nothing(tree):
    (tree.home / "broken").touch()
    first = tree.run("demo")
    (tree.root / ".venv" / "half-written").touch()
    (tree.home / "broken").unlink()

    second = tree.run("demo")

    assert (first.returncode, "pip could not install" in first.stderr, "the same command" in first.stderr) == (
        1,
        True,
        True,
    )
    assert (second.returncode, (tree.root / ".venv" / "half-written").exists()) == (0, False)


def test_in_somebody_elses_tree_it_says_so_and_promises_nothing():
    with TemporaryDirectory() as folder:  # pytest's own may be entered by its user only
        tree = Tree(Path(folder))
        tree.lay()
        tree.python3(GOOD_PYTHON)
        tree.home.chmod(0o755)
        tree.root.chmod(0o555)
        done = tree.run("demo", user=65534 if os.geteuid() == 0 else None)

    assert done.returncode == 1
    assert "is not yours to write" in done.stderr
    assert "the same command" not in done.stderr


def test_tools_for_tests_come_on_top_of_what_demo_installed(tree):
    tree.run("demo")

    tree.run("bench")

    assert [line.split("/")[-1] for line in tree.installs()] == ["requirements.lock", "a tree", "requirements-dev.lock"]


def test_tools_for_tests_that_broke_off_make_everything_anew(tree):
    tree.run("demo")
    (tree.home / "broken").touch()
    tree.run("bench")
    (tree.home / "broken").unlink()

    tree.run("demo")

    assert [line.split("/")[-1] for line in tree.installs()][-2:] == ["requirements.lock", "a tree"]


@pytest.mark.parametrize(("broken", "status"), [("none", 0), ("tests/unit", 1), ("tests/integration", 1)])
def test_everything_is_tested_in_two_halves_and_either_can_fail_all(tree, broken, status):
    tree.run("bench")
    (tree.root / "tests").mkdir()
    (tree.root / "tests/install-debian").touch()
    for tool in ("pytest", "ruff", "mypy", "lint-imports"):
        script = tree.root / ".venv/bin" / tool
        script.write_text(f'#!/bin/sh\necho "{tool} $*"\ncase "$*" in *{broken}*) exit 1 ;; esac\n')
        script.chmod(0o755)

    done = tree.run("test")

    assert done.returncode == status
    halves = [line for line in done.stdout.splitlines() if line.startswith("pytest")]
    assert len(halves) == 2
    assert all(any(name in half for half in halves) for name in ("unit", "contract", "integration", "e2e/browser"))


def test_ci_runs_the_test_command_and_says_that_it_is_ci(tmp_path):
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci/run", tmp_path / ".ci")
    (tmp_path / "run").write_text('echo "$CI $*"\nexit 7\n')

    environment = {name: value for name, value in os.environ.items() if name != "CI"}
    done = subprocess.run([tmp_path / ".ci/run"], cwd="/", env=environment, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout) == (7, "true test\n")
