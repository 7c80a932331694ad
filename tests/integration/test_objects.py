"""Files in object storage: what a bucket does on a bad day, and that the signatures are real."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from agent import objects
from agent.clock import SystemClock
from agent.domain.sigv4 import Credentials
from agent.errors import SettingsError, Unreachable
from agent.objects import Bucket, Given, Place
from agent.settings_objects import ObjectStorage
from agent.uplink.https import Central
from agent.uplink.object_wire import ObjectWire
from tests.fake_s3 import ACCESS, SECRET, serving
from tests.fakes import DAY, FakeClock

KEY = Credentials(ACCESS, SECRET)
FILES = [f"{digit * 64}.rekam" for digit in "123456789"]


@pytest.fixture
def server():
    with serving() as (url, bucket):
        yield url, bucket


@pytest.fixture
def way_to():
    """Opens ways that are closed at the end."""
    opened: list[Central] = []

    def exchange(url: str):
        opened.append(Central(url, patience=(2, 2, 2)))
        return ObjectWire(opened[-1], lambda _: None).exchange

    yield exchange
    for central in opened:
        central.close()


@pytest.fixture
def box_of(way_to):
    def made(url: str, key: Credentials = KEY, clock=None) -> Bucket:
        return Bucket(Place(url, "bucket", "kukar/"), key, way_to(url), clock or SystemClock())

    return made


@pytest.fixture
def box(server, box_of) -> Bucket:
    return box_of(server[0])


def test_a_file_is_there_with_all_its_bytes(box):
    box.put(FILES[0], b"batch")

    assert (box.read(FILES[0], 100), box.read(FILES[0], 3), box.read(FILES[1], 9)) == (b"batch", b"bat", None)


def test_an_empty_file_is_read_as_empty(box):
    box.put(FILES[0], b"")

    assert box.read(FILES[0], 100) == b""


def test_a_listing_of_many_pages_has_every_name_once(box):
    for name in FILES:
        box.put(name, b"x")

    assert box.names(".rekam") == FILES


def test_names_of_others_are_not_seen(server, box):
    server[1].files |= {f"other/{FILES[0]}": b"", "kukar/notes.txt": b"", "kukar/keys.jws": b""}

    assert box.names("") == ["keys.jws"]


def test_what_is_deleted_is_gone_and_may_be_deleted_again(box):
    box.put(FILES[0], b"x")
    for _ in range(2):
        box.delete(FILES[0])

    assert box.names("") == []


@pytest.mark.parametrize("fault", [500, 503, 429, "drop", "cut"])
def test_a_server_that_fails_twice_is_asked_a_third_time(server, box, fault):
    box.put(FILES[0], b"batch")
    server[1].faults = [fault, fault]

    assert box.read(FILES[0], 100) == b"batch"


def test_a_put_whose_answer_is_lost_is_repeated_and_is_one_file(server, box):
    server[1].faults = ["deaf", "deaf"]
    box.put(FILES[0], b"batch")

    assert box.names("") == [FILES[0]]


def test_a_server_that_fails_for_good_is_said_to_be_down(server, box):
    server[1].faults = [500] * 3
    with pytest.raises(Unreachable) as caught:
        box.put(FILES[0], b"x")

    assert caught.value.code == "objects-down"


def test_a_wrong_key_is_refused_with_the_servers_own_word(server, box_of):
    with pytest.raises(Unreachable) as caught:
        box_of(server[0], Credentials(ACCESS, "another secret")).put(FILES[0], b"x")

    assert caught.value.code == "objects-refused"
    assert "SignatureDoesNotMatch" in caught.value.sentence


@pytest.mark.parametrize("off", [-400 * DAY, 20 * 365 * DAY])
def test_a_clock_that_is_wrong_is_put_right_by_the_servers(server, box_of, off):
    server[1].now = 1_795_000_000.0
    box = box_of(server[0], clock=FakeClock(1_795_000_000_000 + off))
    box.put(FILES[0], b"batch")

    assert server[1].files == {f"kukar/{FILES[0]}": b"batch"}


def test_nobody_there_is_said_in_words(box_of):
    with pytest.raises(Unreachable) as caught:
        box_of("http://127.0.0.1:9").names("")

    assert "cannot be reached" in caught.value.sentence


def test_urls_that_somebody_signed_need_no_key(server, way_to):
    url, bucket = server
    bucket.open = True
    given = Given(f"{url}/bucket/in/{{name}}?sig=a%2Fb", f"{url}/bucket/in/{{name}}?sig=c", way_to(url))
    given.put(FILES[0], b"batch")

    assert given.read(FILES[0], 100) == b"batch"
    assert (given.read(FILES[1], 100), given.names("")) == (None, [])


def test_the_stand_in_takes_the_signatures_of_another_client(server):
    """minio's client has its own SigV4: what the stand-in accepts is not merely what we make."""
    import minio

    url, bucket = server
    client = minio.Minio(urlsplit(url).netloc, access_key=ACCESS, secret_key=SECRET, secure=False, region="us-east-1")
    bucket.files["kukar/a b+c.txt"] = b"text"

    with client.get_object("bucket", "kukar/a b+c.txt") as answer:
        assert answer.data == b"text"


def test_a_key_lies_in_a_file_of_its_own(tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys/objects.key").write_text("AKIA\nsecret\n")
    settings = ObjectStorage(endpoint="https://s3.example.go.id", bucket="rekam")
    made = objects.opened(settings, tmp_path, lambda *_: objects.Answered(200), SystemClock())

    assert made.credentials == Credentials("AKIA", "secret")


@pytest.mark.parametrize("text", ["", "only-one", "one two three four", None])
def test_a_key_file_that_is_none_is_refused_with_its_name(tmp_path, text):
    file = tmp_path / "objects.key"
    if text is not None:
        file.write_text(text)
    with pytest.raises(SettingsError) as caught:
        objects.read_credentials(file)

    assert caught.value.file == str(file)
