"""docs/wire.md says what the code does: tables against structs, limits against constants, the example against bytes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import msgspec
import pytest

from agent.wire import batch, frames, jose, keys, kinds, line, pairing, proof, receipt, settings, trips
from tests.contract.golden.make import HERE as GOLDEN

DOC = (Path(__file__).parents[2] / "docs" / "wire.md").read_text()
TYPES = {
    msgspec.inspect.IntType: "number",
    msgspec.inspect.StrType: "text",
    msgspec.inspect.BoolType: "truth",
    msgspec.inspect.DictType: "object",
    msgspec.inspect.TupleType: "list",
    msgspec.inspect.VarTupleType: "list",
}


def section(number):
    return re.search(rf"^## {number} .*?(?=^## |\Z)", DOC, re.MULTILINE | re.DOTALL)[0]


def tables(text):
    """Each table as a list of rows, each row its cells without the ticks; the two head rows are left out."""
    found = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    return [
        [[cell.strip() for cell in row.strip("|").split(" | ")] for row in table.splitlines()[2:]] for table in found
    ]


def words(cell):
    return re.findall(r"`([^`]+)`", cell)


def members(number, place=0):
    """The members that a table of a section names, with their `?`."""
    return [word for row in tables(section(number))[place] for word in words(row[0])]


def fields(struct):
    return [f.name + ("" if f.required else "?") for f in msgspec.structs.fields(struct)]


def kinds_in_the_doc():
    kind, found = "", {}
    for row in tables(section(5))[0]:
        cells = [cell.strip("| ") for cell in row]
        kind = (words(cells[0]) or [kind])[0]
        found.setdefault(kind, []).append((words(cells[1])[0], cells[2].split()[0]))
    return found


def kinds_in_the_code():
    def type_of(described):
        if isinstance(described, msgspec.inspect.UnionType):
            described = next(each for each in described.types if not isinstance(each, msgspec.inspect.NoneType))
        return TYPES[type(described)]

    return {
        name: [(f.name + ("" if f.required else "?"), type_of(f.type)) for f in msgspec.inspect.type_info(kind).fields]
        for name, kind in kinds.KINDS.items()
    }


def test_kinds_and_their_members_are_the_ones_of_the_code():
    assert kinds_in_the_doc() == kinds_in_the_code()


def defaults_in_the_doc():
    kind, found = "", {}
    for row in tables(section(5))[0]:
        cells = [cell.strip("| ") for cell in row]
        kind = (words(cells[0]) or [kind])[0]
        found[kind, words(cells[1])[0].rstrip("?")] = re.split(r"[,;]", cells[3].replace("`", ""))[0]
    return found


def test_defaults_of_kinds_are_the_ones_of_the_code():
    told = {int: str, bool: lambda value: str(value).lower()}
    expected = {
        (name, field.name): told[type(field.default)](field.default)
        for name, kind in kinds.KINDS.items()
        for field in msgspec.structs.fields(kind)
        if type(field.default) in told
    }
    said = defaults_in_the_doc()

    assert {place: said[place] for place in expected} == expected


def test_the_envelope_has_the_members_of_the_code():
    assert members(4) == fields(line.Envelope)


def test_claims_are_the_ones_of_the_code():
    assert sorted(members(7)) == sorted(fields(batch.Claims))


def test_the_status_has_the_members_of_the_code():
    assert members(8) == fields(batch.Status)


def test_a_sealed_row_has_the_members_of_the_code():
    assert members(9) == fields(batch.Sealed)


def test_a_receipt_has_the_members_of_the_code():
    assert members(10) == fields(receipt.Receipt)


def test_refusals_are_the_ones_of_the_code():
    assert members(10, 1) == list(receipt.REFUSALS)


def test_a_header_has_the_members_of_the_code():
    assert members(2) == [field for field in fields(jose.Header) if field not in {"crit?", "b64?"}]


def test_every_typ_is_named():
    known = {module.TYP for module in (batch, receipt, keys, settings, pairing, proof)}
    assert set(members(2, 1)) == known | {trips.TOLD, trips.FILE}


def test_settings_have_the_members_of_the_code():
    assert members(15) == fields(settings.SentSettings)


def test_the_key_list_has_the_members_of_the_code():
    assert members(3) == fields(keys.KeyList)
    assert members(3, 1) == fields(keys.ListedKey)


def test_limits_are_the_ones_of_the_code():
    said = {row[0]: row[1].removesuffix("|").strip() for row in tables(section(18))[0]}

    assert said == {
        "any number": "2^53 - 1" if line.MAX_INT == 2**53 - 1 else "",
        "a line": f"{line.MAX_LINE // 1024} kB",
        "a line of kind `carried`": f"{line.MAX_CARRIED_LINE // 1024} kB",
        "a JWS header": f"{jose.MAX_HEADER} bytes",
        "the JWS of a batch file": f"{batch.MAX_JWS // 1024} kB",
        "a Bearer": f"{batch.MAX_BEARER // 1024} kB",
        "the unpacked lines of a batch": f"{frames.MAX_RAW // 2**20} MB",
        "the unpacked subjects of a batch": f"{frames.MAX_RAW // 2**20} MB",
        "the window of a zstd frame": f"{2**frames.MAX_WINDOW_LOG // 2**20} MB",
        "`also` in a receipt": f"{receipt.MAX_ALSO} ranges",
        "`refused` in a receipt": f"{receipt.MAX_REFUSED} lines",
        "a batch file that every receiver must take": "64 kB",
        "any other JWS": f"{jose.MAX_TOKEN // 1024} kB",
    }


def test_the_table_of_golden_files_names_each():
    here = {path.name for kind in ("*.rekam", "*.jws") for path in GOLDEN.glob(kind)}

    assert set(members(21)) == here


@pytest.mark.parametrize("name", ["three-lines", "receipt"])
def test_the_example_shows_the_golden_payload(name):
    payload = json.dumps(json.loads((GOLDEN / f"{name}.json").read_text())["payload"], indent=2)

    assert payload.replace("\n", "\n    ") in section(20)


def test_the_example_shows_the_golden_bytes():
    token, _, rest = (GOLDEN / "three-lines.rekam").read_bytes().partition(b"\n")
    shown = re.search(r"100 characters.*?\n\n(.*?)\n\n", section(20), re.DOTALL)[1]

    assert re.sub(r"\s", "", shown) == token.decode()
    assert f"{len(rest)} bytes of zstd" in section(20)
    assert rest.startswith(bytes.fromhex("28b52ffd"))


def test_the_example_shows_the_golden_facts():
    facts = json.loads((GOLDEN / "facts.json").read_text())
    chains = [row[1].strip("`| ") for row in tables(section(20))[0]]

    assert chains == facts["chains"]
    assert [facts[name] in section(20) for name in ("ledger", "kiosk", "pairing_code")] == [True] * 3
    assert [text in section(20) for text in facts["lines"][:3]] == [True] * 3


def test_the_contents_lead_to_every_section():
    headings = re.findall(r"^## (\d+ .*)$", DOC, re.MULTILINE)
    linked = re.findall(r"\[(\d+ [^\]]+)\]\(#([^)]+)\)", DOC)

    assert linked == [(heading, heading.lower().replace(" ", "-")) for heading in headings]


def test_trips_of_sibling_devices_are_the_ones_of_the_code():
    text = re.search(r"^## 15a .*?(?=^## )", DOC, re.MULTILINE | re.DOTALL)[0]

    named = [[word for row in table for word in words(row[0])] for table in tables(text)]
    assert named == [fields(trips.Told), fields(trips.Trip)]
    assert f"at most {trips.MOST_TRIPS}, to" in text
    assert f"at most {trips.MOST_PEOPLE:,}" in text
