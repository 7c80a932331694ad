from __future__ import annotations

import json

import pytest

from agent.errors import BadData, BadSignature, Unsupported
from agent.wire import invitation, jose, keys
from agent.wire.invitation import Invitation

ROOT = jose.new_key()
KEYS = keys.sign(keys.KeyList(1, 1, [keys.listed(jose.new_key(), "receipt")]), ROOT)
GOOD = Invitation("https://rekam.example.go.id", ROOT.thumbprint(), "64.02.05", KEYS)


def changed(**fields: object) -> bytes:
    return json.dumps({**json.loads(invitation.write(GOOD)), **fields}).encode()


def test_an_invitation_reads_back():
    assert invitation.read(invitation.write(GOOD)) == GOOD


def test_an_invitation_without_a_key_list_reads_back():
    bare = Invitation(GOOD.url, GOOD.root, GOOD.office)

    assert invitation.read(invitation.write(bare)) == bare


def test_the_file_can_be_read_by_a_person():
    text = invitation.write(GOOD).decode()

    assert '\n  "office": "64.02.05",\n' in text
    assert text.endswith("}\n")


def test_fields_of_a_later_time_are_ignored():
    assert invitation.read(changed(greeting="Selamat")) == GOOD


def test_an_unknown_version_is_told():
    with pytest.raises(Unsupported) as caught:
        invitation.read(changed(v=2), file="i.json")

    assert (caught.value.file, caught.value.field) == ("i.json", "v")


@pytest.mark.parametrize("raw", [b"", b"{}", b"[]", b"\xff", b'{"v": 1}', b'{"v": "1"}', b"v = 1"])
def test_what_is_no_invitation_is_refused(raw):
    with pytest.raises(BadData, match="rekam central invite"):
        invitation.read(raw)


@pytest.mark.parametrize(
    ("field", "value"), [("url", "rekam.example.go.id"), ("root", "short"), ("root", "x" * 43), ("office", "640205")]
)
def test_a_field_that_cannot_be_used_is_named(field, value):
    with pytest.raises(BadData) as caught:
        invitation.read(changed(**{field: value}), file="i.json")

    assert (caught.value.file, caught.value.field) == ("i.json", field)


def test_a_key_list_of_another_root_is_refused():
    foreign = keys.sign(keys.KeyList(1, 1, []), jose.new_key())

    with pytest.raises(BadSignature, match="foreign-root"):
        invitation.read(changed(keys=foreign))


def test_an_invitation_that_nobody_could_read_is_not_written():
    with pytest.raises(BadData) as caught:
        invitation.write(Invitation("https://rekam.example.go.id", "typo", "64.02.05"))

    assert caught.value.field == "root"
