"""The technicians' handbook: a section for each warning, in the words that the screen shows, and no dead link."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from agent.warning_words import filled, warning_table

DOCS = Path(__file__).parents[2] / "docs"
BOOK = (DOCS / "panduan-teknisi.md").read_text()
HEADINGS = re.findall(r"^#+ (.+)$", BOOK, re.MULTILINE)
CODES = sorted(warning_table().warning)
TASKS = (
    "Bila tidak ada yang bekerja",
    "Memasang anjungan baru",
    "Menyambungkan ke pusat",
    "Memasang pencetak karcis",
    "Membawa data dengan stik",
    "Mengganti disk",
    "Memulihkan salinan",
    "Menghentikan anjungan sementara",
)


def section(code: str) -> str:
    """The text under a warning's heading, on one line."""
    found = re.search(rf"^### [^\n]*\(`{code}`\)\n(.*?)(?=^##|\Z)", BOOK, re.MULTILINE | re.DOTALL)
    return " ".join(found[1].split()) if found else ""


def anchor(heading: str) -> str:
    """What a heading is linked by."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


def test_every_warning_has_a_section_and_no_section_is_left_over():
    assert sorted(re.findall(r"^### .*\(`([a-z-]+)`\)$", BOOK, re.MULTILINE)) == CODES


@pytest.mark.parametrize("code", CODES)
def test_a_section_has_the_words_of_the_screen_and_more(code):
    words, text = warning_table().warning[code], section(code)
    steps = [filled(each.id, "alat") for each in (words.officer, words.technician)]

    assert [step for step in steps if step not in text] == []
    assert len(text) > sum(map(len, steps)) + 60


def test_every_task_has_a_section():
    assert [task for task in TASKS if task not in HEADINGS] == []


def test_no_link_leads_nowhere():
    anchors = {anchor(heading) for heading in HEADINGS}
    targets = re.findall(r"\]\(([^)]+)\)", BOOK)

    assert [each for each in targets if each.startswith("#") and each[1:] not in anchors] == []
    assert [each for each in targets if not each.startswith("#") and not (DOCS / each).exists()] == []


def test_the_pages_are_called_as_the_screen_calls_them():
    from kiosk_ui.messages import language

    names = [language("id").say(f"tech.tab.{tab}") for tab in ("link", "tests", "logs", "life")]

    assert [name for name in names if f"| {name} |" not in BOOK] == []
