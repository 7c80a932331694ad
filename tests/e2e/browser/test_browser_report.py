"""The report on paper: A4 upright, printed by Chromium, read back as text and as a picture."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest

from agent.clock import SystemClock
from agent.store.opening import open_store
from tests.builders import PIN
from tests.kiosk_process import running
from tests.report_log import play
from tests.screens_office import signed_in
from tests.small_office import shipped_regions

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.needs("pdftoppm")]
A4_MM = (210, 297)
MARGIN_MM, FOOT_MM = 13, 17
DPI = 50
PAGES = {"2024-11": 3, "2024-11-05": 2}
VOTE = "2025-04-19.64.02"
CAMAT = "camat"
FOR_SCREENS = ".bar, .tabs, .acts, .closing, .aside, .button"


class Picture(NamedTuple):
    """A page of paper in grey: 0 black, 255 white."""

    width: int
    height: int
    grey: bytes

    def darkest(self, left: float, top: float, right: float, bottom: float) -> int:
        """The darkest point of a part, in shares of width and height."""
        columns = slice(int(left * self.width), int(right * self.width))
        rows = range(int(top * self.height), int(bottom * self.height))
        return min(min(self.grey[row * self.width : (row + 1) * self.width][columns]) for row in rows)

    def share(self, least: int, most: int) -> float:
        """How much of the page is so bright."""
        return sum(least <= point <= most for point in self.grey) / len(self.grey)


class Paper(NamedTuple):
    """A printed report: the text of each page, its picture, and the tables that should be on it."""

    period: str
    file: Path
    texts: list[str]
    tables: list[list[str]]
    shown: int

    def pictures(self) -> list[Picture]:
        return [picture(self.file, page + 1) for page in range(len(self.texts))]


def picture(file: Path, page: int) -> Picture:
    told = subprocess.run(
        ["pdftoppm", "-gray", "-r", str(DPI), "-f", str(page), "-l", str(page), file], capture_output=True, check=True
    ).stdout
    head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", told)
    return Picture(int(head[1]), int(head[2]), told[head.end() :])


def text(file: Path) -> list[str]:
    """The words of each page, as they stand in lines."""
    told = subprocess.run(["pdftotext", "-layout", file, "-"], capture_output=True, check=True, text=True).stdout
    return [re.sub(r"[ \n]+", " ", page) for page in told.split("\f") if page.strip()]


def before_the_start(home: Path) -> None:
    store = open_store(home, SystemClock())
    play(store)
    store.close()


@pytest.fixture(scope="module")
def printed(browser, tmp_path_factory):
    folder = tmp_path_factory.mktemp("report")
    with running(folder, prepare=before_the_start) as kiosk:
        page = signed_in(browser, kiosk.staff, "Budi Santoso", PIN)
        papers = {
            period: print_out(page, f"{kiosk.staff}/laporan?period={period}", folder / f"{period}.pdf", period)
            for period in PAGES
        }
        papers[VOTE] = print_out(page, f"{kiosk.staff}/pemilu/{VOTE}", folder / "vote.pdf", VOTE)
        papers[CAMAT] = print_out(page, f"{kiosk.staff}/laporan/camat", folder / "camat.pdf", CAMAT)
        page.close()
        yield papers


def print_out(page, address: str, file: Path, period: str) -> Paper:
    page.goto(address)
    page.emulate_media(media="print")
    shown = page.evaluate("s => [...document.querySelectorAll(s)].filter(e => e.checkVisibility()).length", FOR_SCREENS)
    tables = page.evaluate(
        "[...document.querySelectorAll('.part')].map(e => [e.querySelector('h2').firstChild.textContent.trim(),"
        " ...[...e.querySelectorAll('tr')].map(row => row.textContent.trim().split('\\n')[0])])"
    )
    page.pdf(path=file, prefer_css_page_size=True)
    page.emulate_media(media="screen")
    return Paper(period, file, text(file), tables, shown)


@pytest.fixture(params=PAGES)
def paper(request, printed) -> Paper:
    return printed[request.param]


def test_it_prints_on_as_many_pages_as_it_needs(paper):
    assert len(paper.texts) == PAGES[paper.period]


def test_what_only_a_screen_needs_is_not_printed(paper):
    assert paper.shown == 0
    assert "CSV" not in " ".join(paper.texts)


def test_each_page_is_a4_upright_and_says_whose_it_is_of_when_and_which_page(paper):
    when = {"2024-11": "November 2024", "2024-11-05": "Selasa, 5 November 2024"}[paper.period]
    for number, said in enumerate(paper.texts, 1):
        assert f"Kecamatan Muara Badak · 64.02.05 · Laporan {when} Halaman {number} dari {len(paper.texts)}" in said
    for each in paper.pictures():
        assert (each.width, each.height) == tuple(pytest.approx(mm / 25.4 * DPI, abs=1.5) for mm in A4_MM)


def test_no_table_goes_on_over_the_end_of_a_page(paper):
    for title, *rows in paper.tables:
        [page] = [said for said in paper.texts if title in said]
        at = page.index(title)
        assert page.index(last_word(rows[-1]), at) > at, title


def last_word(row: str) -> str:
    """What a table's last row begins with."""
    return re.split(r"[\d–-]", row)[0].strip() or row


def test_nothing_stands_in_the_margins(paper):
    keeps_its_margins(paper)


def test_the_page_of_a_vote_prints_with_margins_and_without_its_buttons(printed):
    paper = printed[VOTE]

    assert ["Kecamatan Muara Badak · 64.02.05" in said and "Jumlah" in said for said in paper.texts] == [True]
    assert paper.shown == 0
    keeps_its_margins(paper)


def test_the_camats_page_prints_every_village_that_nobody_reached_not_only_the_first(printed):
    unserved = "\n".join(printed[CAMAT].texts).partition("Desa tanpa kunjungan")[2]

    assert [each.name for each in shipped_regions().villages if each.name not in unserved] == []


def keeps_its_margins(paper) -> None:
    side, foot = MARGIN_MM / A4_MM[0], 1 - FOOT_MM / A4_MM[1]
    for each in paper.pictures():
        edges = [(0, 0, side, foot), (1 - side, 0, 1, foot), (0, 0, 1, MARGIN_MM / A4_MM[1])]
        assert min(each.darkest(*edge) for edge in edges) == 255


def test_it_is_black_on_white(paper):
    for each in paper.pictures():
        assert each.share(250, 255) > 0.7
        assert each.darkest(0, 0, 1, 1) < 40


def test_the_plot_is_printed_in_full(paper):
    first = paper.pictures()[0]
    bars = first.share(55, 85)  # the accent in grey is 69

    assert bars > 0.04
