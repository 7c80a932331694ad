"""Notices are set by one tap or by the agent's own probe, and stand before the next number is given."""

from __future__ import annotations

import socket

import msgspec
import pytest

from agent.actions import notices
from agent.actions.tickets import TicketRequest, take_ticket
from agent.errors import BadData, Conflict, NotFound
from agent.jobs import sample_health
from agent.settings import SiakSettings
from agent.settings_values import Address
from tests.builders import drawn
from tests.fakes import MINUTE, MORNING, FakeClock
from tests.ledger_lines import said
from tests.rounds import of_office
from tests.small_office import VILLAGE, small_office, small_store, take


class Here:
    """An office whose SIAK is a socket on loopback."""

    def __init__(self, home) -> None:
        self.clock = FakeClock()
        self.store = small_store(home, self.clock)
        self.listener = socket.create_server(("127.0.0.1", 0))
        address = Address("127.0.0.1", self.listener.getsockname()[1])
        self.office = small_office(home, siak=SiakSettings(address=address))

    def rounds(self, count: int) -> None:
        for _ in range(count):
            sample_health.run(self.store, self.office, of_office(self.store, self.office))
            self.clock.forward(MINUTE)

    def state(self, service: str = "ktp_first") -> str:
        return notices.availability(self.store, self.office)[service].state

    def lines(self, kind: str) -> list[dict]:
        return said(self.store, kind)


@pytest.fixture
def here(tmp_path):
    made = Here(tmp_path)
    yield made
    made.listener.close()
    made.store.close()


def test_one_tap_tells_of_every_service_that_needs_what_fails(here):
    notices.set_notice(here.store, here.office, "siak", by=7)

    assert (here.state(), here.state("ask")) == ("disturbed", "open")
    assert ("ktp_first", MORNING) in notices.disturbed(here.store)


def test_a_notice_and_its_end_are_lines(here):
    number = notices.set_notice(here.store, here.office, "set", by=7).number
    notices.clear_notice(here.store, number, by=7)

    assert here.lines("notice.set") == [
        {"notice": number, "what": "set", "services": ["ktp_first", "ktp_early"], "by": 7}
    ]
    assert here.lines("notice.cleared") == [{"notice": number, "by": 7}]


def test_a_notice_that_stands_is_not_set_twice(here):
    for _ in range(2):
        notices.set_notice(here.store, here.office, "siak", by=7)

    assert len(notices.open_notices(here.store)) == len(here.lines("notice.set")) == 1


def test_a_notice_is_cleared_once(here):
    number = notices.set_notice(here.store, here.office, "siak", by=7).number
    for _ in range(2):
        notices.clear_notice(here.store, number, by=7)

    assert here.state() == "open"
    assert len(here.lines("notice.cleared")) == 1


def test_one_service_can_be_closed_by_name(here):
    notices.set_notice(here.store, here.office, "closed", by=7, services=("kia",))

    assert (here.state("kia"), here.state("kk")) == ("closed", "open")


@pytest.mark.parametrize(
    ("what", "services", "code"),
    [("rain", (), "unknown-notice"), ("closed", (), "nothing-stopped"), ("closed", ("pasar",), "unknown-service")],
)
def test_a_notice_that_says_nothing_is_refused(here, what, services, code):
    with pytest.raises(BadData, match=code):
        notices.set_notice(here.store, here.office, what, by=7, services=services)


def test_an_unknown_notice_cannot_be_cleared(here):
    with pytest.raises(NotFound, match="unknown-notice"):
        notices.clear_notice(here.store, 5, by=7)


def test_five_minutes_after_siak_fails_recording_is_not_offered_without_a_notice(here):
    here.rounds(2)
    here.listener.close()
    here.rounds(5)

    assert here.state() == "disturbed"
    assert here.lines("notice.set")[0]["proposed"]


def test_the_agent_withdraws_its_own_notice_when_siak_answers_again(here):
    port = here.listener.getsockname()[1]
    here.listener.close()
    here.rounds(3)
    with socket.create_server(("127.0.0.1", port)):
        here.rounds(2)

    assert (here.state(), len(here.lines("notice.cleared"))) == ("open", 1)


def test_an_officers_word_stands_until_an_officer_ends_it(here):
    port = here.listener.getsockname()[1]
    here.listener.close()
    here.rounds(3)
    notices.set_notice(here.store, here.office, "siak", by=7)
    with socket.create_server(("127.0.0.1", port)):
        here.rounds(3)

    assert (here.state(), notices.seems_over(here.store, "siak")) == ("disturbed", True)


def test_a_dismissed_proposal_comes_back_only_after_siak_answered(here):
    port = here.listener.getsockname()[1]
    here.listener.close()
    here.rounds(3)
    notices.clear_notice(here.store, notices.open_notices(here.store)[0].number, by=7)
    here.rounds(4)
    assert here.state() == "open"

    with socket.create_server(("127.0.0.1", port)):
        here.rounds(1)
    here.rounds(3)
    assert here.state() == "disturbed"


def test_without_an_address_siak_is_not_looked_at(here, tmp_path):
    taken = sample_health.take_round(of_office(here.store, small_office(tmp_path)))

    assert "siak_reachable" not in taken.readings


def with_quota(office, quota):
    services = {**office.services, "kia": msgspec.structs.replace(office.services["kia"], quota=quota)}
    office.offer = msgspec.structs.replace(office.offer, services=services)
    return office


def test_the_quota_of_a_day_is_kept(here):
    office = with_quota(here.office, 2)
    for name in "ab":
        take(here.store, office, name, service="kia")

    assert here.state("kia") == "quota-used"
    with pytest.raises(Conflict, match="quota-used"):
        take(here.store, office, "c", service="kia")


def test_a_number_within_the_quota_is_given_again_to_the_same_request(here):
    office = with_quota(here.office, 1)
    first = take(here.store, office, "a", service="kia")

    assert take(here.store, office, "a", service="kia").ticket == first.ticket


def test_an_officer_may_give_more_than_the_quota(here):
    office = with_quota(here.office, 1)
    take(here.store, office, "a", service="kia")
    asked = TicketRequest(service="kia", village=VILLAGE, request_id="b", by=7)

    assert take_ticket(here.store, office, asked, drawn()).ticket == "C-002"


def test_another_day_has_its_quota_anew(here):
    office = with_quota(here.office, 1)
    take(here.store, office, "a", service="kia")
    here.clock.forward(24 * 60 * MINUTE)

    assert take(here.store, office, "b", service="kia").queue_day == 2
