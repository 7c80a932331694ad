"""Small decisions of central: receipts, sign-in, region codes, months, systemd."""

from __future__ import annotations

import pytest

from agent.errors import AffectedSqlite, StoreError
from agent.wire.batch import Seen
from agent.wire.receipt import MAX_ALSO, Problem, Refused, check
from central.files import read_text, write_whole
from central.http.access import cookie, is_cookie, is_token
from central.judge import Stream
from central.keys import months_from
from central.labels import label
from central.opening import secret
from central.overview import ago
from central.publish import plain
from central.regions import codes_of, shipped_codes
from central.saying import Spoken, next_pair, said
from central.settings import CentralSettings
from central.spans import Run
from central.store.database import check_sqlite, open_store
from central.store.rows import chunks
from tests.contract.cases import LEDGER
from tests.integration.central_desk import NOON, FakeClock

HOUR = 3_600_000


def runs(count):
    return tuple(Run(10 * n, 10 * n + 1, bytes(32), bytes(32)) for n in range(1, count + 1))


def test_a_receipt_tells_the_lowest_32_ranges_and_passes_the_kiosks_own_check():
    text = said(Stream(3, bytes(32), runs(40)), [Refused(2, "not-json")], 1)
    receipt = Spoken(LEDGER, "health", text, Seen(1, 2), 5, 9, Problem("revoked")).receipt(
        at=1, settings=(0, 0), keys=1
    )

    check(receipt)
    assert len(receipt.also) == MAX_ALSO
    assert (receipt.held.n, receipt.refused_total, receipt.s, receipt.s_max) == (3, 1, 5, 9)


@pytest.mark.parametrize(
    ("pair", "before", "after", "found"),
    [
        (Seen(1, 4), b"a", b"a", Seen(1, 4)),
        (Seen(1, 4), b"a", b"b", Seen(1, 5)),
        (Seen(7, 0), b"a", b"a", Seen(7, 1)),
        (Seen(1, 0), b"", b"a", Seen(1, 1)),
    ],
)
def test_seq_grows_with_what_is_said(pair, before, after, found):
    assert next_pair(pair, before, after) == found


def test_a_cookie_is_good_for_twelve_hours_and_for_one_admin_token():
    made = cookie("secret", NOON)

    assert [is_cookie(made, "secret", NOON + hours * HOUR) for hours in (0, 11, 12, -1)] == [True, True, False, False]
    assert not is_cookie(made, "other", NOON)


@pytest.mark.parametrize(
    ("offered", "is_it"), [("secret", True), (" secret\n", True), ("secre", False), ("", False), ("é", False)]
)
def test_only_the_admin_token_is_the_admin_token(offered, is_it):
    assert is_token(offered, "secret") is is_it


def test_codes_are_known_and_names_of_offices():
    codes = codes_of(["64.02,Kutai,regency", "64.02.05,Muara Badak,kecamatan", '64.02.05.2001,"Saliki, Baru",desa'])

    assert (codes.is_office("64.02.05"), codes.is_office("64.02")) == (True, False)
    assert codes.name("64.02.05") == "Muara Badak"
    assert codes.is_village("64.02.05.2001")


@pytest.mark.parametrize("code", ["64.02.05.2002", "6402052001", "64.02.05.20x1", "64.02.05", ""])
def test_what_the_table_lacks_is_no_village(code):
    assert not codes_of(["64.02.05.2001,Saliki,desa"]).is_village(code)


def test_the_whole_country_is_known():
    codes = shipped_codes()

    assert codes.is_office("11.01.01")
    assert codes.is_village("64.02.05.2001")
    assert not codes.is_office("99.99.99")


def test_a_year_of_months_goes_over_new_year():
    assert months_from(FakeClock(NOON), 4) == ["2026-11", "2026-12", "2027-01", "2027-02"]


@pytest.mark.parametrize(
    ("ms", "words"), [(0, "just now"), (59_999, "just now"), (90_000, "1 min ago"), (49 * HOUR, "2 d ago")]
)
def test_ages_are_told_in_their_largest_unit(ms, words):
    assert ago(ms) == words


def test_rows_are_written_in_parts():
    assert [len(part) for part in chunks(range(1001), 500)] == [500, 500, 1]


def test_labels_lose_what_no_database_takes():
    assert label("a\0" + "b" * 300) == "a\ufffd" + "b" * 198


def test_dates_of_settings_become_text():
    import tomllib

    assert plain(tomllib.loads("a = [2026-12-31, {b = 08:00:00}]")) == {"a": ["2026-12-31", {"b": "08:00:00"}]}


def test_a_secret_of_systemd_comes_before_the_file_of_the_settings(tmp_path):
    settings = CentralSettings(home=tmp_path)
    (tmp_path / "given").mkdir()
    (tmp_path / "given" / "admin.token").write_text("x")

    assert secret(settings, "admin.token", str(tmp_path / "given")) == tmp_path / "given" / "admin.token"
    assert secret(settings, "keys/receipt.jwk", str(tmp_path / "given")) == tmp_path / "keys/receipt.jwk"
    assert secret(settings, "admin.token", None) == tmp_path / "admin.token"


def test_a_file_is_replaced_whole_and_with_its_rights(tmp_path):
    write_whole(tmp_path / "key", "one", 0o600)
    write_whole(tmp_path / "key", "two", 0o600)

    assert (read_text(tmp_path / "key"), (tmp_path / "key").stat().st_mode & 0o777) == ("two", 0o600)
    assert [path.name for path in tmp_path.iterdir()] == ["key"]


@pytest.mark.parametrize("version", ["3.51.2", "3.40.1", "3.9.0"])
def test_an_affected_sqlite_is_refused(version):
    with pytest.raises(AffectedSqlite, match=r"3\.51\.3"):
        check_sqlite(version)


def test_a_database_that_cannot_be_reached_is_an_error_that_says_so():
    with pytest.raises(StoreError, match="the database did not do it"):
        open_store("postgresql://nobody@127.0.0.1:1/none?connect_timeout=1")


def test_opening_a_database_twice_changes_nothing(tmp_path):
    url = f"sqlite:///{tmp_path}/central.db"
    for _ in range(2):
        store = open_store(url)
        with store.session() as database:
            steps = list(database.execute_sql("SELECT name FROM schema_migration"))
        store.close()

    assert steps == [("0001_first_tables",), ("0002_carrier",), ("0009_visit_days",), ("0017_trips",)]


def test_what_fails_in_a_write_is_undone(tmp_path):
    store = open_store(f"sqlite:///{tmp_path}/central.db")

    def half_done():
        with store.write() as database:
            database.execute_sql("INSERT INTO run VALUES ('l', 's', 1, 2, x'00', x'00')")
            database.execute_sql("INSERT INTO nowhere VALUES (1)")

    with pytest.raises(StoreError):
        half_done()

    with store.session() as database:
        assert list(database.execute_sql("SELECT count(*) FROM run")) == [(0,)]
    store.close()
