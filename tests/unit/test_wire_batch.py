from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadData, Unsupported
from agent.wire import base64url, batch, line
from tests.contract.cases import (
    CHAIN,
    KIOSK,
    LEDGER,
    STRANGER,
    anything,
    build,
    claims,
    line_lists,
    lines,
    refusal,
    token,
)

START = line.chain_start(LEDGER, "enrollments")
HEALTH = base64url.encode(line.chain_start(LEDGER, "health"))
SUBJECT = batch.Sealed(2, CHAIN, "c2VhbGVk")
FILE = build(lines(3), sealed=[SUBJECT])
TOKEN, _, FRAMES = FILE.partition(b"\n")
SIZE = batch.read(FILE).claims.lines.size
PAYLOAD = json.loads(base64url.decode(TOKEN.decode().split(".")[1], field="payload"))


def resigned(frames=FRAMES, *, drop="", **changes):
    """The batch again, its claims changed and well signed."""
    body = {name: value for name, value in (PAYLOAD | changes).items() if name != drop}
    return token(body, batch.TYP).encode() + b"\n" + frames


def chains(some_lines, before=START):
    found = []
    for one in some_lines:
        before = line.chain_next(before, one)
        found.append(before)
    return found


@given(line_lists.filter(bool))
def test_any_lines_that_were_built_are_read_with_the_same_chains(some_lines):
    found = batch.read(build(some_lines))

    assert (found.lines, found.chains()) == (some_lines, chains(some_lines))
    assert (found.claims.first, found.claims.last, found.claims.floor) == (1, len(some_lines), 1)
    assert (found.claims.before, found.claims.after) == (base64url.encode(START), base64url.encode(found.chains()[-1]))


@given(st.integers(1, 6), st.integers(1, 5))
def test_a_slice_of_a_stream_chains_on_from_the_line_before_it(first, count):
    some_lines = lines(first + count - 1)
    before = [START, *chains(some_lines)][first - 1]

    found = batch.read(build(some_lines[first - 1 :], first=first, chain_before=before))

    assert (found.claims.last, found.chains()) == (first + count - 1, chains(some_lines)[first - 1 :])


def test_a_subject_travels_in_a_frame_of_its_own():
    found = batch.read(FILE)

    assert (found.sealed, found.lines) == ([SUBJECT], lines(3))
    assert len(TOKEN) + 1 + found.claims.lines.size + found.claims.sealed.size == len(FILE)


def test_a_subject_may_lie_beside_the_first_and_the_last_line():
    rows = [batch.Sealed(n, CHAIN, "c2Vh") for n in (1, 3)]

    assert batch.read(build(lines(3), sealed=rows)).sealed == rows


def test_a_status_says_nothing_that_is_not_known():
    assert batch.Status({}) == batch.Status({}, 0, 0, None, "good", {}, [])


def test_a_batch_of_no_lines_is_a_heartbeat_without_frames():
    file = build([], status=batch.Status({"enrollments": 0}))

    assert file.count(b"\n") == 1
    assert file.endswith(b"\n")
    assert batch.read(file).claims.count == 0
    assert batch.read(file).claims.status.backlog == {"enrollments": 0}


def test_the_same_lines_are_signed_the_same_way():
    assert build(lines(3)) == build(lines(3))


def test_the_key_in_the_header_is_the_kiosk():
    assert batch.read(FILE).thumbprint == KIOSK.thumbprint()


@given(st.integers(0, len(FILE) - 1), st.integers(1, 255))
def test_a_file_with_one_other_byte_is_refused(place, flip):
    with pytest.raises(BadData):
        batch.read(FILE[:place] + bytes([FILE[place] ^ flip]) + FILE[place + 1 :])


@pytest.mark.parametrize("place", range(0, len(FILE), 3))
def test_a_file_that_lacks_one_byte_or_ends_early_is_refused(place):
    for changed in (FILE[:place] + FILE[place + 1 :], FILE[:place]):
        with pytest.raises(BadData):
            batch.read(changed)


@given(st.integers(0, len(FILE)), st.binary(min_size=1, max_size=3))
def test_a_file_with_more_bytes_is_refused(place, more):
    with pytest.raises(BadData):
        batch.read(FILE[:place] + more + FILE[place:])


@given(st.binary())
def test_any_bytes_are_refused_as_a_batch(file):
    with pytest.raises(BadData):
        batch.read(file)


@given(st.binary(max_size=60))
def test_any_frames_behind_a_good_token_are_refused(frames):
    with pytest.raises(BadData):
        batch.read(TOKEN + b"\n" + frames)


@given(st.binary())
def test_any_bytes_are_refused_as_claims(payload):
    with pytest.raises(BadData):
        batch.read_claims(payload)


@given(st.sampled_from([*claims(), "status", "sealed", "later"]), anything)
def test_any_value_in_any_claim_is_read_or_refused(name, value):
    assert refusal(lambda: batch.read(token(claims(**{name: value}), batch.TYP).encode() + b"\n")) in {
        "",
        "malformed",
        "unsupported",
    }


@pytest.mark.parametrize("inside", [b"[" * 99_999 + b"]" * 99_999, b"9" * 5000, b'"\\ud800"', b'"\xff"', b"NaN"])
def test_what_makes_parsers_stumble_is_refused_in_claims(inside):
    text = json.dumps(claims()).encode()

    with pytest.raises(BadData, match="malformed: -: claims"):
        batch.read_claims(text[:-1] + b', "later": ' + inside + b"}")


def test_a_claim_that_stands_twice_is_refused():
    text = json.dumps(claims())[:-1] + ', "first": 1}'

    with pytest.raises(BadData, match="stands twice"):
        batch.read(token(text.encode(), batch.TYP).encode() + b"\n")


@pytest.mark.parametrize("name", [name for name in PAYLOAD if name not in {"sealed", "v", "frame"}])
def test_a_batch_without_one_of_its_claims_is_refused(name):
    with pytest.raises(BadData, match="malformed: -: claims"):
        batch.read(resigned(drop=name))


def test_claims_that_nobody_knows_yet_are_ignored():
    assert batch.read(resigned(later={"x": 1})).lines == lines(3)


@pytest.mark.parametrize(
    ("name", "value"), [("v", 2), ("v", "1"), ("v", None), ("frame", "ndjson+gzip"), ("frame", None)]
)
def test_another_version_or_frame_is_unsupported(name, value):
    with pytest.raises(Unsupported, match=f"unsupported: -: {name}"):
        batch.read(resigned(**{name: value}))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ledger": f"{STRANGER.thumbprint()}.abcdefgh"}, "before"),
        ({"ledger": LEDGER[:-1]}, "ledger"),
        ({"stream": "visits"}, "stream"),
        ({"stream": "health"}, "before"),
        ({"before": CHAIN}, "before"),
        ({"before": "AA"}, "before"),
        ({"after": CHAIN}, "after"),
        ({"after": PAYLOAD["after"] + "="}, "after"),
        ({"first": 0, "last": 2}, "claims"),
        ({"first": 2}, "raw"),
        ({"last": 4}, "raw"),
        ({"last": 2}, "raw"),
        ({"first": 5}, "last"),
        ({"last": 2**53}, "claims"),
        ({"floor": 0}, "claims"),
        ({"floor": 2}, "floor"),
        ({"s": -1}, "claims"),
        ({"s": 2**53}, "claims"),
        ({"seen": {"epoch": -1, "seq": 0}}, "claims"),
        ({"seen": {"epoch": 0, "seq": 2**63}}, "claims"),
        ({"raw": PAYLOAD["raw"] + 1}, "raw"),
        ({"lines": PAYLOAD["lines"] | {"size": SIZE - 1}}, "size"),
        ({"lines": PAYLOAD["lines"] | {"size": -1}}, "claims"),
        ({"lines": PAYLOAD["lines"] | {"sha256": CHAIN}}, "sha256"),
        ({"sealed": PAYLOAD["sealed"] | {"sha256": CHAIN}}, "sha256"),
        ({"sealed": PAYLOAD["lines"]}, "size"),
        ({"sealed": None}, "size"),
    ],
    ids=str,
)
def test_a_claim_that_cannot_be_true_is_refused_by_name(changes, field):
    with pytest.raises(BadData) as caught:
        batch.read(resigned(**changes))

    assert (caught.value.code, caught.value.field) == ("malformed", field)


def test_only_the_key_of_the_ledger_may_sign_it():
    stolen = token(PAYLOAD, batch.TYP, key=STRANGER).encode() + b"\n" + FRAMES

    with pytest.raises(BadData, match="malformed: -: ledger: only the ledger's own key"):
        batch.read(stolen)


@pytest.mark.parametrize(
    "changes",
    [
        {"stream": "health", "before": HEALTH, "after": HEALTH},
        {"before": "AA", "after": "AA", "first": 2, "last": 1},
        {"after": CHAIN},
        {"raw": 1},
        {"lines": {"size": 0, "sha256": CHAIN}},
        {"sealed": claims()["lines"]},
    ],
    ids=str,
)
def test_a_heartbeat_that_says_anything_of_lines_is_refused(changes):
    with pytest.raises(BadData, match=r"malformed: -: (lines|before|after)"):
        batch.read_claims(json.dumps(claims(**changes)).encode())


@pytest.mark.parametrize(
    "rows",
    [
        [batch.Sealed(2, CHAIN, "c2Vh"), batch.Sealed(2, CHAIN, "c2Vi")],
        [batch.Sealed(4, CHAIN, "c2Vh")],
        [{"n": 2}],
        [{"n": 0, "kid": CHAIN, "sealed": "c2Vh"}],
        [[]],
        [{"n": 10**30, "kid": CHAIN, "sealed": "c2Vh"}],
    ],
    ids=str,
)
def test_a_subject_that_stands_beside_no_line_is_refused(rows):
    with pytest.raises(BadData, match="malformed: -: sealed"):
        batch.read(build(lines(3), sealed=rows))


def heartbeat_of(size):
    """A heartbeat whose JWS has exactly `size` bytes."""
    for more in ("", "x", "xx"):
        for room in range(size * 3 // 4):
            head = token(json.dumps(claims()).encode() + b" " * room, batch.TYP, header={"later": more})
            if len(head) >= size:
                break
        if len(head) == size:
            return head.encode() + b"\n"
    raise AssertionError(size)


def test_a_jws_of_8_kb_is_the_longest_in_a_file():
    assert len(batch.read(heartbeat_of(8 * 1024)).token) == 8192
    with pytest.raises(BadData, match="malformed: -: jws"):
        batch.read(heartbeat_of(8 * 1024 + 1))


def test_the_longest_jws_and_the_most_lines_that_can_be_read_are_built():
    room = next(n for n in range(8192) if len(build([], software="x" * n)) > 8190)
    longest = build([], software="x" * room)
    most = build([b"x" * (8 * 1024 * 1024 - 1)])

    assert 8190 < len(longest) <= 8193
    assert batch.read(longest).claims.software == "x" * room
    assert batch.read(most).claims.raw == 8 * 1024 * 1024


def test_what_could_never_be_read_is_not_built():
    with pytest.raises(BadData, match="too-large"):
        build([], status=batch.Status({}, warnings=["x" * 9000]))
    with pytest.raises(BadData, match="too-large"):
        build([b"x" * 1024] * 8192)


def test_a_bearer_is_a_heartbeat_of_at_most_4_kb():
    short = build([]).decode().strip()
    longest, longer = (heartbeat_of(size).decode().strip() for size in (4096, 4097))

    assert batch.read_bearer(short)[1] == batch.read_bearer(longest)[1] == KIOSK.thumbprint()
    with pytest.raises(BadData, match="at most 4096"):
        batch.read_bearer(longer)


def test_a_batch_from_a_stick_is_no_bearer():
    with pytest.raises(BadData, match="only a heartbeat"):
        batch.read_bearer(TOKEN.decode())


def test_a_higher_pair_of_epoch_and_sequence_is_newer():
    assert batch.Seen(2, 0) > batch.Seen(1, 99) > batch.Seen(1, 98)


def test_line_numbers_inside_are_left_for_central_to_refuse():
    wrong = lines(1, first=9)

    assert msgspec.json.decode(batch.read(build(wrong)).lines[0])["n"] == 9
