"""The report on paper: A4, without what only a screen needs."""

from __future__ import annotations

import pytest

from tests.e2e.browser.places import SUPERVISOR, Place, touring

pytestmark = pytest.mark.needs("chromium")
A4 = {"width": 688, "height": 1000}  # CSS pixels between the margins
FOR_SCREENS = ".bar, .tabs, .acts, .closing"


@pytest.fixture(scope="module")
def report(browser, tmp_path_factory):
    with touring(browser, tmp_path_factory.mktemp("report")) as tour:
        page = tour.open(Place("report", SUPERVISOR, "/laporan"))
        page.set_viewport_size(A4)
        page.emulate_media(media="print")
        yield page


def test_what_only_a_screen_needs_is_not_printed(report):
    shown = report.evaluate(
        "s => [...document.querySelectorAll(s)].filter(e => e.checkVisibility()).length", FOR_SCREENS
    )

    assert shown == 0
    assert report.get_by_test_id("report-total").is_visible()


def test_no_table_is_wider_than_the_paper(report):
    assert report.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_it_prints_on_a_few_pages(report):
    pages = report.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")

    assert 1 <= pages <= 3
