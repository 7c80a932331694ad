"""docs/panduan-petugas.md speaks in the words of the screens, and what it points to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kiosk_ui.messages import languages
from kiosk_ui.navigation import bar

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "panduan-petugas.md").read_text()
WORDS = [text.lower() for text in languages()["id"].texts.values()]
NO_BUTTON = {"Petugas Latihan"}  # a name


def anchor(heading: str) -> str:
    """A heading's name in links, as forges make it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def is_said(words: str) -> bool:
    """Whether a screen says these words; where the handbook has … something is filled in."""
    parts = [part.strip(" .").lower() for part in words.split("…")]
    return any(all(part in text for part in parts) for text in WORDS)


def test_every_bold_word_is_on_a_screen():
    bold = {" ".join(each.split()) for each in re.findall(r"\*\*([^*]+)\*\*", TEXT)}

    assert {each for each in bold if not is_said(each)} == NO_BUTTON


def test_every_picture_is_there():
    assert [name for name in re.findall(r"\((screens/[^)]+)\)", TEXT) if not (DOCS / name).exists()] == []


def test_every_picture_is_made_by_a_script():
    scripts = "".join(path.read_text() for path in (DOCS.parent / "tests").glob("screens*.py"))

    assert [name for name in re.findall(r"\(screens/([^)]+)\.png\)", TEXT) if f'"{name}"' not in scripts] == []


@pytest.mark.parametrize("role", ["officer", "supervisor", "camat"])
def test_every_page_that_they_may_open_has_its_words_in_it(role):
    pages = [link for links in bar(role).values() for link in links if link.group != "technician"]
    said = TEXT.lower()

    assert [page.path for page in pages if languages()["id"].texts[page.key].lower() not in said] == []


def test_every_link_leads_to_a_heading():
    headings = {anchor(each) for each in re.findall(r"^###? (.+)$", TEXT, re.MULTILINE)}

    assert [each for each in re.findall(r"\(#([^)]+)\)", TEXT) if each not in headings] == []
