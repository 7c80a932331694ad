"""The bar above the staff's pages."""

from __future__ import annotations

import pytest

from agent.actions.officers import ROLES
from kiosk_ui.messages import languages
from kiosk_ui.navigation import BAR, bar, here


@pytest.mark.parametrize("code", languages())
def test_every_page_of_the_bar_has_a_name_in_every_language(code):
    assert [link.key for link in BAR if link.key not in languages()[code].texts] == []


@pytest.mark.parametrize("role", ROLES)
def test_nobody_is_shown_a_page_of_another_role(role):
    assert all(role in link.roles for link in bar(role))
    assert bar(role)


def test_a_page_below_another_marks_the_nearest_in_the_bar():
    assert here("/loket/pilih") == "/loket"
    assert here("/laporan") == "/laporan"


def test_a_page_that_is_not_in_the_bar_marks_none():
    assert here("/masuk") == ""
    assert here("/loketnya") == ""
