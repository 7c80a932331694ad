"""The coverage page with the articles' own figures: what fits is kept, what cannot be true is told."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal

import msgspec
import pytest

from agent.actions.coverage import enter, entries, newest, put, standings
from agent.actions.officers import add_officer
from agent.domain.coverage import Figure
from agent.errors import BadData
from agent.jobs import prune
from tests.builders import PIN
from tests.integration.kiosk.steps import form_to, sign_in, visit

PAGE = "/laporan/cakupan"
KOTIM = {
    "measure": "recorded", "base": "wajib", "count": "300.110", "of": "308.309", "percent": "97,34", "left": "8.199",
    "left_percent": "2,66", "snapshot": "2023-03-20", "said_on": "20-03-2023", "source": "ANTARA, 20 Maret 2023",
}  # fmt: skip
KUKAR = Figure(
    measure="recorded",
    count=557_385,
    base="wajib",
    of=559_031,
    percent=Decimal("99.71"),
    snapshot=date(2024, 11, 20),
    said_on=date(2024, 11, 20),
    source="Tribun Kaltim",
)


def send(client, **changed):
    page = visit(client, PAGE)
    form = form_to(page, "/cakupan")
    return page.send(form, {**form.fields, **KOTIM, **changed})


def kept(kiosk) -> list[tuple[int, list[str]]]:
    return [(each.figure.count, [fault.why for fault in each.faults]) for each in entries(kiosk.store, kiosk.office)]


def test_a_figure_as_it_is_typed_here_is_kept(kiosk, supervisor):
    text = send(supervisor).text

    assert kept(kiosk) == [(300_110, [])]
    assert "300.110 308.309 97,34 %" in text


def test_where_those_left_are_said_and_no_base_both_together_are_the_base(kiosk, supervisor):
    assert "308.309 97,34 %" in send(supervisor, of="", percent="", left_percent="").text
    assert "hasilkan 97,34 %" in send(supervisor, of="", percent="50,00", left_percent="").text


def test_how_far_the_target_of_its_year_is_stands_beside_it(kiosk, supervisor):
    enter(kiosk.store, kiosk.office, KUKAR, by=2)

    assert "Target 2024: 99,40 % = 555.677. Lebih 1.708." in visit(supervisor, PAGE).text


def test_what_closes_the_gap_by_the_end_of_the_year_is_told_in_working_days(kiosk, supervisor):
    enter(kiosk.store, kiosk.office, msgspec.structs.replace(KUKAR, count=547_478, percent=None), by=2)

    text = visit(supervisor, PAGE).text

    assert "Kurang 8.199." in text
    assert "Sampai 31 Desember ada 28 hari kerja: 293 orang sehari." in text
    assert "Dengan 100 sehari perlu 82 hari kerja, dengan 200 sehari 41." in text


def test_a_figure_that_contradicts_itself_is_refused_with_what_is_wrong(kiosk, supervisor):
    page = send(supervisor, left_percent="3,66")

    assert "Sisa tertulis 3,66 %, tetapi hitungannya 2,66 %." in page.text
    assert page.answer.status_code == 422
    assert kept(kiosk) == []


def test_as_published_it_is_kept_flagged_and_outside_all_totals(kiosk, supervisor):
    text = send(supervisor, left_percent="3,66", as_published="1").text

    assert kept(kiosk) == [(300_110, ["left-percent", "shares"])]
    assert newest(kiosk.office, entries(kiosk.store, kiosk.office)) == {}
    assert "Tidak ikut dihitung" in text


def test_a_target_taken_for_the_base_is_told(kiosk, supervisor):
    send(supervisor)

    page = send(supervisor, measure="ikd", count="1.113", of="77.000", percent="", left="", left_percent="")

    assert "77.000 adalah jumlah yang ditargetkan, bukan dasarnya. Dasar yang diketahui 308.309." in page.text


def test_a_figure_that_was_accepted_is_flagged_when_its_base_comes(kiosk, supervisor):
    send(supervisor, measure="ikd", count="1.113", of="77.000", percent="", left="", left_percent="")
    assert kept(kiosk) == [(1_113, [])]

    text = send(supervisor).text

    assert kept(kiosk) == [(300_110, []), (1_113, ["target-as-base"])]
    assert list(newest(kiosk.office, entries(kiosk.store, kiosk.office))) == ["recorded"]
    assert "Dinilai ulang setelah angka atau target lain dicatat: 77.000 adalah jumlah yang ditargetkan" in text


def test_recorded_and_printed_are_two_measures_that_nobody_adds(kiosk):
    printed = msgspec.structs.replace(KUKAR, measure="printed", count=549_000, percent=None)
    for figure in (KUKAR, printed):
        enter(kiosk.store, kiosk.office, figure, by=2)

    standing = standings(kiosk.office, entries(kiosk.store, kiosk.office))
    assert [(each.measure, each.figure.count) for each in standing] == [("recorded", 557_385), ("printed", 549_000)]


@pytest.mark.parametrize("turn", range(3))
def test_the_order_in_which_figures_are_entered_does_not_matter(kiosk, turn):
    wrong = msgspec.structs.replace(KUKAR, percent=Decimal("99.17"))
    ikd = msgspec.structs.replace(KUKAR, measure="ikd", count=1, of=167_709, percent=None)
    figures = [KUKAR, wrong, ikd]
    for figure in figures[turn:] + figures[:turn]:
        enter(kiosk.store, kiosk.office, figure, by=2, as_published=True)

    now = {each.figure: len(each.faults) for each in entries(kiosk.store, kiosk.office)}
    assert now == {KUKAR: 0, wrong: 1, ikd: 1}


def test_central_is_told_once_of_a_figure_that_is_judged_otherwise(kiosk, supervisor):
    send(supervisor, measure="ikd", count="1.113", of="77.000", percent="", left="", left_percent="")
    send(supervisor)
    send(supervisor, measure="printed", count="250.000", percent="", left="", left_percent="")
    said = [msgspec.json.decode(line) for line in kiosk.lines()]

    assert [line["d"] for line in said if line["k"] == "coverage.judged"] == [
        {"measure": "ikd", "count": 1_113, "base": "wajib", "snapshot": "2023-03-20", "of": 77_000,
         "faults": ["target-as-base"]},
    ]  # fmt: skip


def test_a_new_target_is_told_by_the_next_round_of_tidying(kiosk):
    with kiosk.store.write():
        put(kiosk.store, KUKAR, (), by=2)
        put(kiosk.store, msgspec.structs.replace(KUKAR, measure="ikd", count=1, of=167_709, percent=None), (), by=2)
    for _ in range(2):
        prune.run(kiosk.store, kiosk.office)

    told = [msgspec.json.decode(line)["d"] for line in kiosk.lines() if b"coverage.judged" in line]
    assert [(line["of"], line["faults"]) for line in told] == [(167_709, ["target-as-base"])]


def test_39348_children_as_30_35_per_cent_are_flagged_by_the_residents_and_those_who_must_hold_a_ktp(supervisor):
    kia = {"measure": "kia", "base": "children_0_16", "count": "39.348", "of": "", "left": "", "left_percent": ""}
    assert "Tidak ikut dihitung" not in send(supervisor, **kia, percent="30,35").text
    send(supervisor)
    text = send(supervisor, base="residents", of="429.703", percent="", left="", left_percent="").text

    assert "Angka itu berarti dasarnya 129.647, padahal yang diketahui 121.394" in text
    assert "97,34 %" in text.partition("Catat angka")[0]  # the share of the residents is not what the target asks for


def test_the_same_figure_twice_is_kept_once(kiosk, supervisor):
    send(supervisor)
    send(supervisor)

    assert kept(kiosk) == [(300_110, [])]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"count": "banyak"}, "Jumlah: tulis dengan angka"),
        ({"count": ""}, "Jumlah: tulis dengan angka"),
        ({"percent": "99,7,1"}, "Persen tertulis: tulis persen"),
        ({"snapshot": "31-02-2023"}, "Keadaan tanggal: tulis tanggal"),
        ({"of": "0"}, "dasarnya tidak boleh 0"),
        ({"source": " "}, "Sumber: tulis di mana"),
    ],
)
def test_what_cannot_be_read_is_named_and_what_was_typed_stays(kiosk, supervisor, changed, told):
    page = send(supervisor, **changed)

    assert told in page.text
    assert form_to(page, "/cakupan").fields["left"] == "8.199"
    assert kept(kiosk) == []


def test_the_line_says_nothing_but_numbers(kiosk):
    enter(kiosk.store, kiosk.office, KUKAR, by=2)

    line = msgspec.json.decode(kiosk.lines()[-1])

    assert line["d"] == {
        "measure": "recorded", "count": 557_385, "base": "wajib", "snapshot": "2024-11-20", "of": 559_031, "by": 2,
    }  # fmt: skip


def test_only_a_supervisor_enters_figures(kiosk, staff):
    add_officer(kiosk.store, "Siti", "officer", random_bytes=os.urandom, pin=PIN)
    page = sign_in(staff, "Siti", PIN)

    answer = staff.post(PAGE, data={**KOTIM, "csrf_token": page.reader.forms[0].fields["csrf_token"]})

    assert answer.status_code == 403
    assert "Catat angka" not in visit(staff, PAGE).text


def test_a_number_of_people_that_nobody_can_have_counted_is_refused(kiosk):
    with pytest.raises(BadData, match="figure-number"):
        enter(kiosk.store, kiosk.office, msgspec.structs.replace(KUKAR, count=10**12), by=2)
