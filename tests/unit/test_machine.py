"""Which machine this disk sits in: the mark, its comparison, and reading it from a made-up /sys."""

from __future__ import annotations

import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import RekamError
from agent.machine import (
    board_number,
    is_another_machine,
    joined,
    mark,
    read_board,
    read_macs,
    read_mark,
    write_mark,
)

UUID = "4c4c4544-0042-3510-8052-b4c04f4d3732"
PCI = "devices/pci0000:00/0000:00:1f.6/net/enp0s31f6"
USB = "devices/pci0000:00/0000:00:14.0/usb1/1-2/1-2:1.0/net/enx00e04c680001"
BRIDGE = "devices/virtual/net/docker0"
SOC = "devices/platform/soc/fe300000.ethernet/net/end0"

boards = st.uuids().map(str)
macs = st.sets(st.from_regex(r"[0-9a-f]{2}(:[0-9a-f]{2}){5}", fullmatch=True), min_size=1, max_size=4)


@pytest.fixture
def sysfs(tmp_path):
    (tmp_path / "class/net").mkdir(parents=True)
    return tmp_path


def add_card(sysfs, device, mac="00:1b:21:00:00:01", assigned="0", kind="1"):
    """A network card as the kernel shows it: files under its device, a link under class/net."""
    folder = sysfs / device
    folder.mkdir(parents=True)
    for name, text in {"address": mac, "addr_assign_type": assigned, "type": kind}.items():
        (folder / name).write_text(f"{text}\n")
    (sysfs / "class/net" / folder.name).symlink_to(folder)
    return folder


def add_board(sysfs, uuid=UUID):
    folder = sysfs / "class/dmi/id"
    folder.mkdir(parents=True)
    (folder / "product_uuid").write_text(f"{uuid}\n")


@pytest.fixture
def home(tmp_path_factory):
    folder = tmp_path_factory.mktemp("office")
    (folder / "run").mkdir()
    return folder


def test_a_machine_with_neither_number_nor_address_has_no_mark():
    assert mark(None, []) is None


def test_a_mark_shows_neither_the_number_nor_the_address():
    shown = mark(UUID, ["00:1b:21:00:00:01"])

    assert UUID not in shown
    assert "00:1b:21" not in shown


@given(boards, st.permutations(["00:1b:21:00:00:01", "00:1b:21:00:00:02", "00:1b:21:00:00:03"]))
def test_the_order_in_which_cards_are_found_does_not_matter(board, cards):
    assert mark(board, cards) == mark(board, sorted(cards))


@given(st.none() | boards, macs)
def test_a_machine_is_not_another_than_itself(board, cards):
    assert not is_another_machine(mark(board, cards), mark(board, cards))


@given(boards, boards, st.sets(st.sampled_from("abc")))
def test_another_board_is_another_machine_even_with_the_same_cards(one, other, cards):
    assert is_another_machine(mark(one, cards), mark(other, cards)) == (one != other)


@given(st.none() | boards, macs, macs)
def test_a_card_that_failed_or_was_added_is_no_other_machine(board, kept, more):
    assert not is_another_machine(mark(board, kept | more), mark(board, kept))
    assert not is_another_machine(mark(board, kept), mark(board, kept | more))


@given(boards, macs)
def test_a_board_whose_cards_are_not_there_yet_is_the_same_machine(board, cards):
    assert not is_another_machine(mark(board, cards), mark(board, []))
    assert not is_another_machine(mark(board, []), mark(board, cards))


@given(boards, macs, macs)
def test_a_sibling_with_the_same_number_is_told_by_its_cards(board, cards, others):
    assert is_another_machine(mark(board, cards), mark(board, others)) == cards.isdisjoint(others)


@given(boards, macs, macs)
def test_a_card_that_came_late_still_tells_a_sibling_apart(board, cards, others):
    remembered = joined(mark(board, []), mark(board, cards))

    assert is_another_machine(remembered, mark(board, others)) == cards.isdisjoint(others)


@given(boards, macs, macs)
def test_what_is_remembered_of_a_machine_is_that_machine(board, cards, more):
    remembered = joined(mark(board, cards), mark(board, more))

    assert not is_another_machine(remembered, mark(board, cards))
    assert joined(remembered, mark(board, more)) == remembered


@given(boards, macs)
def test_a_number_cannot_be_compared_with_an_address(board, cards):
    assert not is_another_machine(mark(board, []), mark(None, cards))


@pytest.mark.parametrize(
    ("known", "seen"), [("one", "two"), (f"{mark(UUID, [])}", "two"), ("one", f"{mark(UUID, [])}")]
)
def test_a_text_that_is_no_mark_is_another_machine_unless_it_is_equal(known, seen):
    assert is_another_machine(known, seen)
    assert not is_another_machine(seen, seen)


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "Not Settable",
        "00000000-0000-0000-0000-000000000000",
        "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
        "03000200-0400-0500-0006-000700080009",
    ],
)
def test_a_number_that_many_boards_share_counts_as_none(text):
    assert board_number(text) is None


def test_a_board_number_is_the_same_in_capitals():
    assert board_number(f"{UUID.upper()}\n") == UUID


def test_the_board_number_is_read_from_dmi(sysfs):
    add_board(sysfs)

    assert read_board(sysfs) == UUID


def test_an_arm_board_has_its_serial_number_in_the_device_tree(sysfs):
    folder = sysfs / "firmware/devicetree/base"
    folder.mkdir(parents=True)
    (folder / "serial-number").write_bytes(b"10000000a1b2c3d4\0")

    assert read_board(sysfs) == "10000000a1b2c3d4"


def test_a_machine_without_dmi_and_device_tree_has_no_board_number(sysfs):
    assert read_board(sysfs) is None


@pytest.mark.parametrize("device", [PCI, SOC])
def test_a_card_on_the_board_counts(sysfs, device):
    add_card(sysfs, device)

    assert read_macs(sysfs) == ["00:1b:21:00:00:01"]


@pytest.mark.parametrize("device", [USB, BRIDGE])
def test_a_usb_stick_and_a_bridge_do_not_count(sysfs, device):
    add_card(sysfs, device)

    assert read_macs(sysfs) == []


@pytest.mark.parametrize(
    "fault",
    [{"assigned": "1"}, {"assigned": "3"}, {"kind": "772"}, {"mac": "00:00:00:00:00:00"}, {"mac": ""}],
    ids=["random", "set by software", "not ethernet", "zeros", "empty"],
)
def test_an_address_that_is_not_burnt_in_does_not_count(sysfs, fault):
    add_card(sysfs, PCI, **fault)

    assert read_macs(sysfs) == []


def test_wifi_counts_by_its_radio_because_its_own_address_is_often_random(sysfs):
    card = add_card(sysfs, "devices/pci0000:00/0000:02:00.0/net/wlp2s0", mac="be:ef:00:11:22:33", assigned="3")
    (card / "phy80211").mkdir()
    (card / "phy80211/macaddress").write_text("AC:12:03:00:00:09\n")

    assert read_macs(sysfs) == ["ac:12:03:00:00:09"]


def test_two_names_of_one_address_count_once(sysfs):
    add_card(sysfs, PCI)
    add_card(sysfs, SOC)

    assert read_macs(sysfs) == ["00:1b:21:00:00:01"]


def test_what_was_written_is_what_the_agent_reads(home, sysfs):
    add_board(sysfs)
    add_card(sysfs, PCI)

    assert write_mark(home, sysfs) == read_mark(home) == mark(UUID, ["00:1b:21:00:00:01"])


def test_everybody_may_read_the_mark_and_nobody_else_write_it(home, sysfs):
    add_board(sysfs)
    write_mark(home, sysfs)

    assert stat.S_IMODE((home / "run/machine").stat().st_mode) == 0o644
    assert [file.name for file in (home / "run").iterdir()] == ["machine"]


def test_a_link_that_stands_in_the_way_is_replaced_and_not_followed(home, sysfs):
    add_board(sysfs)
    (home / "victim").write_text("mine")
    (home / "run/machine").symlink_to(home / "victim")

    write_mark(home, sysfs)

    assert (home / "victim").read_text() == "mine"


def test_a_machine_without_a_mark_removes_that_of_the_machine_before(home, sysfs):
    (home / "run/machine").write_text("board:0123456789abcdef\n")

    assert write_mark(home, sysfs) is None
    assert read_mark(home) is None


def test_an_office_whose_mark_was_never_written_compares_nothing(home):
    assert read_mark(home) is None


def test_a_missing_directory_is_told_with_what_to_do(tmp_path, sysfs):
    add_board(sysfs)

    with pytest.raises(RekamError, match="rekam init") as told:
        write_mark(tmp_path / "nowhere", sysfs)
    assert told.value.code == "not-written"


def test_a_number_that_only_root_may_read_is_not_left_out_silently(home, sysfs, monkeypatch):
    def refuse(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.read_text", refuse)

    with pytest.raises(RekamError) as told:
        write_mark(home, sysfs)
    assert told.value.code == "needs-root"
