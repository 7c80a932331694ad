"""docs/articles.md: every need has an answer, and every test that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/articles.md").read_text()
ROWS = {"Jurnal Mahakam": 9, "Tribun Kaltim": 14, "Kerinci": 9, "Kapuas": 11, "ANTARA": 17}


def names_there() -> set[str]:
    files = (ROOT / "tests").rglob("test_*.py")
    return {name for path in files for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)}


def answers(section: str) -> dict[int, str]:
    return {int(n): answer for n, answer in re.findall(r"^\| (\d+) \| [^|]+ \| (.+) \|$", section, re.MULTILINE)}


def test_every_test_that_the_page_names_is_there():
    assert set(re.findall(r"`(test_\w+)`", PAGE)) - names_there() == set()


def test_every_row_of_every_article_has_an_answer():
    sections = PAGE.split("\n## ")[1:]

    assert [list(answers(section)) for section in sections] == [list(range(1, n + 1)) for n in ROWS.values()]
    assert all(name in section for name, section in zip(ROWS, sections, strict=True))
