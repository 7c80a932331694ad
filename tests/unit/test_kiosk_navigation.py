"""The bar above the staff's pages."""

from __future__ import annotations

import pytest

from agent.actions.officers import ROLES
from kiosk_ui.messages import languages
from kiosk_ui.navigation import BAR, bar, here


@pytest.mark.parametrize("code", languages())
def test_every_page_and_group_of_the_bar_has_a_name_in_every_language(code):
    keys = {link.key for link in BAR} | {f"nav.{link.group}" for link in BAR}

    assert keys - languages()[code].texts.keys() == set()


@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_shown_a_page_of_another_role(role):
    shown = [link for links in bar(role).values() for link in links]

    assert shown == [link for link in BAR if role in link.roles]


def test_a_group_without_a_page_for_somebody_is_not_there():
    assert list(bar("camat")) == ["board", "office", "report"]


def test_a_page_below_another_marks_the_nearest_in_the_bar():
    assert here("/loket/pilih").path == "/loket"
    assert here("/laporan/cakupan").path == "/laporan/cakupan"


def test_a_page_that_is_not_in_the_bar_marks_none():
    assert here("/masuk") is None
    assert here("/loketnya") is None
