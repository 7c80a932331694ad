"""What can be said of the look without a browser: colours, sizes, weights of files."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[2] / "kiosk_ui/static"
USUAL, TRAINING, HIGH_CONTRAST = (
    dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", part))
    for part in re.split(r":root\[data-training\]|:root\.contrast", (STATIC / "tokens.css").read_text())
)
PALETTES = {"usual": USUAL, "training": {**USUAL, **TRAINING}, "contrast": {**USUAL, **HIGH_CONTRAST}}
CITIZEN, STAFF = (STATIC / "citizen.css").read_text(), (STATIC / "staff.css").read_text()
LITERAL_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\([^)]*\)|\bhsla?\(")
SHADE = "rgb(20 35 43 / .72)"  # behind a dialog: the ink, half transparent


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG 2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str, palette: str = "usual") -> float:
    colours = PALETTES[palette]
    light, dark = sorted((luminance(colours[one]), luminance(colours[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_computed_as_wcag_does():
    assert luminance("#ffffff") == pytest.approx(1.0)
    assert luminance("#000000") == 0.0


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize(("text", "ground"), [*product(("ink", "soft", "accent", "fault"), ("paper", "card"))])
def test_text_on_paper_and_card_is_aaa(text, ground, palette):
    assert contrast(text, ground, palette) >= 7


@pytest.mark.parametrize("palette", PALETTES)
@pytest.mark.parametrize(
    ("text", "ground"),
    [("on-accent", "accent"), ("on-accent", "accent-deep"), ("accent-deep", "accent-tint"), ("ink", "accent-tint"),
     ("fault", "fault-tint"), ("ink", "fault-tint"), ("on-accent", "fault")],
)  # fmt: skip
def test_text_on_a_colour_is_aaa(text, ground, palette):
    assert contrast(text, ground, palette) >= 7


def test_the_staffs_warning_is_aa():
    assert contrast("warn", "paper") >= 4.5
    assert contrast("ink", "warn-tint") >= 4.5


@pytest.mark.parametrize("sheet", [CITIZEN.replace(SHADE, ""), STAFF], ids=["citizen", "staff"])
def test_only_the_tokens_name_colours(sheet):
    assert LITERAL_COLOUR.findall(sheet) == []


def sizes(token: str) -> list[int]:
    """Every size in px that a token has on some screen."""
    return [int(size) for size in re.findall(rf"--{token}:\s*(\d+)px", (STATIC / "tokens.css").read_text())]


@pytest.mark.parametrize("token", ["text", "tile", "large", "title", "digits"])
def test_no_citizens_text_is_below_28_px(token):
    assert min(sizes(token)) >= 28


def test_the_citizens_sheet_names_no_text_size_of_its_own():
    assert re.findall(r"font-size:\s*[^v;]*\d", CITIZEN) == []


def test_touch_targets_are_64_px_for_citizens_and_48_for_staff():
    assert min(sizes("target")) >= 64
    assert min(sizes("staff-target")) >= 48


def test_what_matters_is_40_px_and_more():
    assert min(sizes("digits")) >= 40
    assert min(sizes("ticket")) >= 72


@pytest.mark.parametrize(
    "page",
    [("tokens.css", "citizen.css", "aloud.js", "steady.js", "citizen.js"), ("tokens.css", "staff.css", "staff.js")],
)
def test_all_files_of_a_page_weigh_little(page):
    fonts = sum(file.stat().st_size for file in (STATIC / "fonts").glob("*.woff2"))

    assert fonts + sum((STATIC / name).stat().st_size for name in page) <= 60_000


def test_the_fonts_licence_lies_beside_it():
    assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts/OFL.txt").read_text()


@pytest.mark.parametrize(
    "sheet", sorted(STATIC.glob("*.css")) + sorted(STATIC.glob("*.js")), ids=lambda path: path.name
)
def test_nothing_comes_from_elsewhere(sheet):
    assert re.findall(r"https?://|//[a-z]+\.", sheet.read_text()) == []


@pytest.mark.parametrize("template", sorted((STATIC.parent / "templates").glob("*.html")), ids=lambda path: path.name)
def test_no_template_has_a_script_or_a_style_of_its_own(template):
    html = template.read_text()

    assert re.findall(r"<script(?![^>]*\bsrc=)|<style|\bstyle=|\bon[a-z]+=|javascript:", html) == []
