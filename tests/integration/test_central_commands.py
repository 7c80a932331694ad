"""`rekam central …` as a person types it."""

from __future__ import annotations

import csv
import io
import os
import stat
import tracemalloc

import pytest

from agent.cli import main
from agent.errors import SettingsError, UsageError
from agent.wire import invitation, jose, keys, pairing, settings
from central.commands.lines import COLUMNS, write_csv
from central.keys import create_central, renew, seal_days_left
from central.published import Published
from central.settings import load_central
from tests.integration.central_desk import NOON, FakeClock, Kiosk

DAY = 86_400_000


@pytest.fixture
def rekam(desk, capsys):
    """Run a subcommand on the desk's central; its exit status, output and errors."""

    def run(*words):
        words = ["central", *words, "--config", str(desk.home / "central.toml")]
        status = main(words)
        told = capsys.readouterr()
        return status, told.out, told.err

    return run


def test_init_makes_what_a_receiver_needs_and_nothing_that_others_may_read(tmp_path):
    create_central(tmp_path / "new", None, FakeClock(), os.urandom)

    modes = {
        path.relative_to(tmp_path / "new").as_posix(): stat.S_IMODE(path.stat().st_mode)
        for path in (tmp_path / "new").rglob("*")
        if path.is_file()
    }
    open_to_all = {name for name, mode in modes.items() if mode & 0o077 and not name.startswith("data/")}
    assert open_to_all == {"central.toml", "keys/keylist.jws"}
    assert len([name for name in modes if name.startswith("root/seal-")]) == 12


def test_init_lists_a_year_of_sealing_keys_and_keeps_their_private_parts_with_the_root(tmp_path):
    made = create_central(tmp_path / "new", None, FakeClock(), os.urandom)

    listed = keys.read((tmp_path / "new/keys/keylist.jws").read_text().strip(), made.root_thumbprint)
    kept = jose.read_key((tmp_path / "new/root/seal-2026-11.jwk").read_text(), curve="X25519")
    assert [key.month for key in listed.keys if key.use == "seal"][::11] == ["2026-11", "2027-10"]
    assert listed.sealing("2026-11").kid == kept.thumbprint()


def test_init_does_not_touch_a_directory_in_use(tmp_path):
    (tmp_path / "mine").write_text("x")

    with pytest.raises(UsageError, match="holds mine"):
        create_central(tmp_path, None, FakeClock(), os.urandom)

    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


def test_init_that_fails_leaves_the_directory_empty(tmp_path):
    with pytest.raises(SettingsError, match="database_url"):
        create_central(tmp_path / "new", "mysql://x/y", FakeClock(), os.urandom)

    assert list((tmp_path / "new").iterdir()) == []


def test_a_person_types_the_code_that_was_read_aloud(desk, rekam):
    kiosk = Kiosk()
    desk.pair(kiosk, "pending")
    typed = pairing.code(kiosk.key.thumbprint()).lower().replace("-", " ")

    status, out, _ = rekam("approve", typed)

    assert (status, "64.02.05 is approved" in out) == (0, True)
    assert desk.post(kiosk.visits(1).batch()).status == 201


@pytest.mark.parametrize(
    ("typed", "code", "exit_status"), [("AAAA-AAAA-AAAA", "unknown-code", 1), ("AAAA", "bad-code", 64)]
)
def test_a_code_that_nobody_has_approves_nobody(rekam, typed, code, exit_status):
    status, out, err = rekam("approve", typed)

    assert (status, out) == (exit_status, "")
    assert err.startswith(f"rekam: {code}: -: code: ")


def test_a_code_that_two_kiosks_have_approves_neither(desk, rekam, monkeypatch):
    for _ in range(2):
        desk.pair(Kiosk(), "pending")
    monkeypatch.setattr(pairing, "code", lambda _: "AAAA-AAAA-AAAA")

    assert "ambiguous-code" in rekam("approve", "AAAAAAAAAAAA")[2]


def test_a_kiosk_is_suspended_and_let_in_again(desk, kiosk, rekam):
    code = pairing.code(kiosk.key.thumbprint())
    seen = []
    for decision in ("suspend", "approve", "revoke"):
        rekam(decision, code)
        seen.append(desk.post(kiosk.heartbeat()).status)

    assert seen == [503, 200, 403]


def test_a_revoked_kiosk_is_not_approved_again(desk, kiosk, rekam):
    desk.decide(kiosk, "revoked")

    assert rekam("approve", pairing.code(kiosk.key.thumbprint()))[0] == 1


def test_kiosks_are_listed_without_the_codes_that_are_still_to_be_read_aloud(desk, kiosk, rekam):
    asking = Kiosk(office="64.02.06")
    desk.pair(asking, "pending")
    desk.post(kiosk.visits(1).batch())

    _, out, _ = rekam("kiosks")

    assert "held 2" in out
    assert pairing.code(kiosk.key.thumbprint()) in out
    assert "64.02.06" in out
    assert pairing.code(asking.key.thumbprint()) not in out


def test_every_line_that_arrived_stands_once_in_the_csv(desk, kiosk, rekam):
    kiosk.visits(2)
    for first, last in ((3, 4), (1, 3), (1, 4)):
        desk.post(kiosk.batch(first, last))

    rows = list(csv.DictReader(io.StringIO(rekam("lines")[1])))

    assert [(row["n"], row["kind"], row["office"]) for row in rows[:2]] == [
        ("1", "ticket.taken", "64.02.05"),
        ("2", "visit.finished", "64.02.05"),
    ]
    assert len(rows) == 4


def test_the_csv_tells_refusals_and_the_number_a_carried_line_counts_by(desk, kiosk, rekam):
    kiosk.write_raw(b"=1+1")
    desk.post(kiosk.next_ledger().continue_from(Kiosk(key=kiosk.key, tail="zzzzzzzz").visits(1)).batch())
    desk.post(kiosk.batch())

    rows = list(csv.DictReader(io.StringIO(rekam("lines")[1])))

    told = {(row["kind"], row["refused"], row["counts_as"][-22:]) for row in rows}
    assert ("", "not-json", "") in told
    assert ("carried", "", "zzzzzzzz/enrollments/1") in told
    assert next(row["d"] for row in rows if row["refused"]) == "'=1+1"


def test_the_csv_of_many_lines_needs_little_memory(desk, kiosk):
    for start in range(20):
        kiosk.visits(50)
        desk.post(kiosk.batch(start * 100 + 1))
    out = io.StringIO()
    tracemalloc.start()
    write_csv(desk.central.store, out)
    used = tracemalloc.get_traced_memory()[1] - len(out.getvalue().encode()) * 2
    tracemalloc.stop()

    assert out.getvalue().count("\n") == 2001
    assert used < 2_000_000, COLUMNS


def test_rebuild_says_how_many_lines_it_filed(desk, kiosk, rekam):
    desk.post(kiosk.visits(3).batch())

    assert rekam("rebuild")[:2] == (0, "filed 6 lines again\n")


def test_an_invitation_is_what_an_office_can_be_set_up_with(desk, rekam):
    status, out, _ = rekam("invite", "--office", "640205")

    made = invitation.read(out.encode())
    assert (status, made.office, made.root, made.url) == (0, "64.02.05", desk.root, desk.central.settings.url)
    assert keys.read(made.keys, made.root).number == 1


def test_an_office_that_does_not_exist_is_not_invited(rekam):
    assert rekam("invite", "--office", "99.99.99")[0] == 65


def test_renewing_the_keys_adds_months_and_keeps_the_others(desk, tmp_path):
    root = tmp_path / "safe" / "root.jwk"
    (desk.home / "root").rename(root.parent)
    before = {key.kid for key in desk.central.published.keys().keys}
    later = FakeClock(NOON + 300 * DAY)

    renewed = renew(load_central(desk.home / "central.toml"), root, later)

    assert renewed.number == 2
    assert before < {key.kid for key in renewed.keys}
    assert seal_days_left(renewed, later.now) > 300
    assert (root.parent / "seal-2028-08.jwk").exists()
    assert desk.central.published.keys_number() == 2


def test_another_root_key_renews_nothing(desk, tmp_path, rekam):
    (tmp_path / "other.jwk").write_text(jose.private_text(jose.new_key()))

    status, _, err = rekam("keys", "renew", "--root", str(tmp_path / "other.jwk"))

    assert (status, "other-root" in err) == (65, True)
    assert desk.central.published.keys_number() == 1


def test_each_publication_has_the_next_version(desk, tmp_path, rekam):
    file = tmp_path / "holidays.toml"
    file.write_text('[[holidays]]\ndate = 2026-12-25\nname = "Natal"\n')
    versions = [rekam("settings", "publish", str(file))[1] for _ in range(2)]

    sent = settings.read((desk.home / "settings.jws").read_text().strip(), desk.central.published.keys())
    assert versions == ["settings 1.1 are published\n", "settings 1.2 are published\n"]
    assert sent.settings == {"holidays": [{"date": "2026-12-25", "name": "Natal"}]}


@pytest.mark.parametrize("text", ["= broken", f'[[notices]]\ntext = "{"y" * 70_000}"', "libur = 1"])
def test_settings_that_cannot_be_sent_are_not_published(desk, tmp_path, rekam, text):
    (tmp_path / "bad.toml").write_text(text)

    status, _, err = rekam("settings", "publish", str(tmp_path / "bad.toml"))

    assert status in (65, 78)
    assert "bad.toml" in err
    assert not (desk.home / "settings.jws").exists()


def test_a_key_list_that_was_replaced_is_read_again(desk):
    published = Published(desk.home / "keys/keylist.jws", desk.home / "settings.jws")
    before = published.keys_number()
    root = jose.read_key((desk.home / "root/root.jwk").read_text())
    listed = keys.KeyList(1, 9, published.keys().keys)

    (desk.home / "keys/keylist.jws").write_text(keys.sign(listed, root))

    assert (before, published.keys_number()) == (1, 9)


def test_a_kiosk_of_a_renumbered_office_is_moved_and_its_lines_are_taken_in(desk, kiosk, rekam):
    kiosk.take(office="64.02.06")
    refused = desk.post(kiosk.batch()).refused
    moved = rekam("move", pairing.code(kiosk.key.thumbprint()), "--office", "640206")
    judged = rekam("rejudge")

    assert refused == {1: "unknown-office"}
    assert (moved[0], "speaks for 64.02.06" in moved[1]) == (0, True)
    assert judged[:2] == (0, "1 refused lines were taken in after all, 0 stay refused\n")
    assert desk.post(kiosk.heartbeat()).refused == {}


def test_a_kiosk_is_moved_to_no_office_that_does_not_exist(kiosk, rekam):
    status, _, err = rekam("move", pairing.code(kiosk.key.thumbprint()), "--office", "99.99.99")

    assert (status, err.startswith("rekam: unknown-office: -: office: ")) == (65, True)
