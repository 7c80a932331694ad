"""`rekam init` from the whole table to a database that opens."""

from __future__ import annotations

import json
import random
import sqlite3
import stat
from pathlib import Path

import pytest

from agent.actions.officers import officers
from agent.actions.signing_in import HERE, Door, sign_in
from agent.clock import SystemClock
from agent.domain.regions import OfficeRegions, Region, read_regions
from agent.errors import BadData, BadSignature, RekamError, UsageError
from agent.new_office import NewOffice, create_office, settings_text
from agent.office_files import load_regions, load_services
from agent.settings import KioskSettings, load_kiosk
from agent.store.opening import open_store
from agent.toml_file import parse_toml
from agent.wire import invitation, jose, keys, pairing
from agent.wire.invitation import Invitation
from agent.wire.line import ledger_thumbprint
from config import tables

CLOCK = SystemClock()
URL = "https://rekam.example.go.id"
ROOT = "PvCKlfL6Nq0jThU4gbRpDe4u4D7lSs3BqKEzeVVb6tI"
WHOLE = {
    "kiosk.toml", "services.toml", "targets.toml", "elections.toml", "stock.toml", "idle.toml", "regions.csv",
    "api.token",
    "keys", "keys/kiosk.jwk", "run", "data", "data/rekam.db", "data/mark.json", "data/receipts", "data/backups",
    "data/rosters",
}  # fmt: skip


def init(folder: Path, office: str = "64.02.05", *, invited: Path | None = None, url=URL, root=ROOT) -> NewOffice:
    link = (invited, None, None) if invited else (None, url, root)
    return create_office(folder, office, *link, clock=CLOCK, random_bytes=random.Random(7).randbytes)


def entries(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def mode(path: Path) -> str:
    return oct(stat.S_IMODE(path.stat().st_mode))


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> NewOffice:
    return init(tmp_path_factory.mktemp("init") / "office")


@pytest.fixture(scope="module")
def root_key():
    return jose.new_key()


def write_invitation(path: Path, root_key, *, office: str = "64.02.05", with_keys: bool = True) -> Path:
    token = keys.sign(keys.KeyList(1, 1, [keys.listed(jose.new_key(), "receipt")]), root_key) if with_keys else None
    path.write_bytes(invitation.write(Invitation(URL, root_key.thumbprint(), office, token)))
    return path


def test_a_new_office_has_the_whole_working_set_and_nothing_else(made):
    assert entries(made.home) == WHOLE


def test_what_was_made_is_told(made):
    assert (made.code, made.name, made.zone, made.villages) == ("64.02.05", "Muara Badak", "Asia/Makassar", 13)


def test_the_settings_of_a_new_office_load(made):
    settings = load_kiosk(made.home / "kiosk.toml")

    assert settings.office.code == "64.02.05"
    assert settings.office.regency == "Kabupaten Kutai Kartanegara"
    assert (settings.central.url, settings.central.root) == (URL, ROOT)
    assert settings.privacy.controller.endswith("Sipil Kabupaten Kutai Kartanegara")


def test_a_new_office_has_its_villages_and_the_shipped_services(made):
    part = load_regions(made.home / "regions.csv", "64.02.05")

    assert part.village("64.02.05.2005").name == "Tanjung Limau"
    assert (made.home / "services.toml").read_bytes() == tables.shipped("services.toml")
    assert len(load_services(made.home / "services.toml").services) == 11


def test_secrets_can_be_read_by_their_owner_only(made):
    modes = {name: mode(made.home / name) for name in ("", "keys", "keys/kiosk.jwk", "api.token", "data/rekam.db")}

    assert modes == {
        "": "0o750",
        "keys": "0o700",
        "keys/kiosk.jwk": "0o600",
        "api.token": "0o600",
        "data/rekam.db": "0o640",
    }


def test_the_key_is_new_private_and_names_ledger_and_pairing_code(made):
    key = jose.read_key((made.home / "keys/kiosk.jwk").read_text())
    with sqlite3.connect(f"file:{made.home}/data/rekam.db?mode=ro", uri=True) as database:
        ledger = database.execute("SELECT name FROM ledger").fetchone()[0]
    database.close()

    assert key.is_private
    assert ledger_thumbprint(ledger) == key.thumbprint()
    assert made.pairing_code == pairing.code(key.thumbprint())


def test_the_token_is_32_random_bytes_on_one_line(made):
    token = (made.home / "api.token").read_text()

    assert len(token) == 44
    assert token.endswith("\n")


def test_the_one_supervisor_signs_in_once_with_the_pin(made):
    store = open_store(made.home, CLOCK)
    try:
        signed = sign_in(store, made.supervisor, made.pin, door=Door(), source=HERE)
        known = officers(store)
    finally:
        store.close()

    assert (signed.role, signed.pin_once) == ("supervisor", True)
    assert known == [signed]


def test_opening_a_new_office_is_no_fork(made):
    open_store(made.home, CLOCK).close()
    mark = json.loads((made.home / "data/mark.json").read_text())

    with sqlite3.connect(f"file:{made.home}/data/rekam.db?mode=ro", uri=True) as database:
        ledgers = [name for (name,) in database.execute("SELECT name FROM ledger")]
    database.close()

    assert ledgers == [mark["ledger"]]


@pytest.mark.parametrize("office", ["640205", "11.01.01", "31.71.01", "62.02.06", "15.01.22", "82.01.01", "96.71.01"])
def test_any_kecamatan_can_be_an_office(tmp_path, office):
    made = init(tmp_path / "office", office)
    settings = load_kiosk(made.home / "kiosk.toml")

    assert made.code.replace(".", "") == office.replace(".", "")
    assert settings.office.zone == made.zone
    assert made.villages == len(load_regions(made.home / "regions.csv", made.code).villages) > 0


def test_every_name_of_the_table_can_stand_in_a_settings_file():
    above: dict[str, Region] = {}
    count = 0
    for region in read_regions(tables.shipped_lines(tables.REGIONS)):
        above[region.code] = region
        if region.level == "kecamatan":
            part = OfficeRegions(above[region.code[:2]], above[region.code[:5]], region, ())
            text = settings_text(part, Invitation(URL, ROOT, region.code))
            settings = parse_toml(text, KioskSettings, file="kiosk.toml", home=Path("/"))
            count += settings.office.name == region.name

    assert count == 7285


def test_an_invitation_brings_the_address_the_root_and_the_keys(tmp_path, root_key):
    file = write_invitation(tmp_path / "invitation.json", root_key)
    made = init(tmp_path / "office", invited=file)
    settings = load_kiosk(made.home / "kiosk.toml")
    token = (made.home / "keys/keylist.jws").read_text().strip()

    assert (settings.central.url, settings.central.root) == (URL, root_key.thumbprint())
    assert keys.read(token, settings.central.root).number == 1
    assert entries(made.home) == WHOLE | {"keys/keylist.jws"}


def test_an_invitation_without_keys_leaves_no_key_list(tmp_path, root_key):
    file = write_invitation(tmp_path / "invitation.json", root_key, with_keys=False)

    assert entries(init(tmp_path / "office", invited=file).home) == WHOLE


def test_an_invitation_for_another_office_is_refused(tmp_path, root_key):
    file = write_invitation(tmp_path / "invitation.json", root_key, office="64.02.06")

    with pytest.raises(BadData, match=r"other-office.*64\.02\.06"):
        init(tmp_path / "office", invited=file)
    assert not (tmp_path / "office").exists()


def test_a_forged_invitation_makes_no_office(tmp_path, root_key):
    fields = json.loads(write_invitation(tmp_path / "invitation.json", root_key).read_text())
    fields["root"] = ROOT
    (tmp_path / "invitation.json").write_text(json.dumps(fields))

    with pytest.raises(BadSignature):
        init(tmp_path / "office", invited=tmp_path / "invitation.json")
    assert not (tmp_path / "office").exists()


@pytest.mark.parametrize(
    ("invited", "url", "root"),
    [(None, None, None), (None, URL, None), (None, None, ROOT), (Path("i"), URL, ROOT), (Path("i"), None, ROOT)],
)
def test_central_is_named_by_an_invitation_or_by_both_words(tmp_path, invited, url, root):
    with pytest.raises(UsageError, match="either --invitation"):
        create_office(tmp_path / "o", "64.02.05", invited, url, root, clock=CLOCK, random_bytes=bytes)


@pytest.mark.parametrize(("url", "root", "field"), [("rekam", ROOT, "central"), (URL, "abc", "root")])
def test_a_mistyped_central_is_named(tmp_path, url, root, field):
    with pytest.raises(UsageError) as caught:
        init(tmp_path / "office", url=url, root=root)

    assert caught.value.field == field
    assert entries(tmp_path) == set()


def test_a_missing_invitation_is_named(tmp_path):
    with pytest.raises(BadData, match="cannot be read"):
        init(tmp_path / "office", invited=tmp_path / "none.json")


@pytest.mark.parametrize(("office", "kind"), [("64.02.99", BadData), ("Muara Badak", UsageError)])
def test_an_office_that_does_not_exist_leaves_nothing(tmp_path, office, kind):
    with pytest.raises(kind):
        init(tmp_path / "office", office)

    assert entries(tmp_path) == set()


def test_a_directory_in_use_is_left_alone(tmp_path):
    (tmp_path / "letter.txt").write_text("mine")

    with pytest.raises(UsageError, match=r"letter\.txt"):
        init(tmp_path)
    assert entries(tmp_path) == {"letter.txt"}


def test_an_office_is_never_made_twice_in_one_place(tmp_path):
    first = init(tmp_path / "office")
    key = (first.home / "keys/kiosk.jwk").read_bytes()

    with pytest.raises(UsageError):
        init(tmp_path / "office")
    assert (first.home / "keys/kiosk.jwk").read_bytes() == key


def test_a_file_in_the_way_is_named(tmp_path):
    (tmp_path / "office").write_text("")

    with pytest.raises(UsageError, match="is a file"):
        init(tmp_path / "office")


def test_an_empty_directory_keeps_its_mode_and_the_shell_in_it(tmp_path, monkeypatch):
    folder = tmp_path / "office"
    folder.mkdir(mode=0o755)
    folder.chmod(0o755)
    inode = folder.stat().st_ino
    monkeypatch.chdir(folder)

    init(Path())

    assert (folder.stat().st_ino, mode(folder)) == (inode, "0o755")
    assert entries(Path()) == WHOLE


def test_the_directories_above_a_new_office_are_made(tmp_path):
    assert init(tmp_path / "a/b/office").home == tmp_path / "a/b/office"


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(RekamError, match=r"not-empty.*is a file"):
        init(tmp_path / "file/office")


@pytest.mark.parametrize("exists", [False, True])
def test_what_goes_wrong_half_way_leaves_nothing(tmp_path, exists):
    folder = tmp_path / "office"
    if exists:
        folder.mkdir()

    with pytest.raises(BadData):
        create_office(folder, "64.02.05", None, URL, ROOT, clock=CLOCK, random_bytes=no_randomness_for_a_pin)
    assert entries(tmp_path) == ({"office"} if exists else set())


def no_randomness_for_a_pin(size: int) -> bytes:
    if size == 8:
        raise BadData("test", "the last step fails")
    return bytes(size)
