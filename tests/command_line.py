"""`rekam WORDS` run in this process, and what it answered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent.cli import main

ERROR = re.compile(r"rekam: [a-z0-9-]+: [^:\n]+: [^:\n]+: [^\n]+\n")


class Answer:
    """What a command answered: exit status, output, errors."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    def says(self, status: int, code: str, file: str = "-", field: str = "-") -> bool:
        """Whether it failed with this status and one line of this form; `file` is the last part of the path."""
        if self.status != status or not ERROR.fullmatch(self.err):
            return False
        found = self.err.removeprefix("rekam: ").split(": ")
        return (found[0], Path(found[1]).name, found[2]) == (code, file, field)


def run(capsys: pytest.CaptureFixture[str], *words: object) -> Answer:
    """Run `rekam WORDS`; a fixture is `partial(run, capsys)`."""
    try:
        status = main([str(word) for word in words])
    except SystemExit as end:
        status = end.code
    told = capsys.readouterr()
    return Answer(status, told.out, told.err)
