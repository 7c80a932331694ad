"""A device is looked at when somebody asks: what the machine can tell stands beside the word of an officer."""

from __future__ import annotations

import socket
import threading

import pytest

from agent import requests
from agent.clock import SystemClock
from agent.jobs.try_device import DeviceDesk
from agent.probes.device_trial import look
from agent.settings_health import DeviceSettings
from tests.patience import wait_until
from tests.sbi_stub import SbiStub
from tests.small_office import small_office, small_store

CAMERA = "04a9:3270"


@pytest.fixture
def machine(tmp_path):
    """A camera in the kernel's list, with a driver's file that is there."""
    device = tmp_path / "sys/1-2"
    (device / "1-2:1.0/video4linux/video0").mkdir(parents=True)
    (device / "idVendor").write_text("04a9\n")
    (device / "idProduct").write_text("3270\n")
    (tmp_path / "dev").mkdir()
    (tmp_path / "dev/video0").touch()
    return tmp_path


def seen(machine, device: str = "camera", **settings: str) -> list[tuple[str, bool]]:
    wanted = DeviceSettings(**(settings or {"camera": CAMERA}))
    found = look(device, wanted, SystemClock(), machine / "sys", machine / "dev")
    return [(each.words.replace(f"{machine}", ""), each.ok) for each in found]


def test_a_camera_that_is_plugged_in_and_opens_is_well(machine):
    assert seen(machine) == [(f"USB {CAMERA} is plugged in", True), ("/dev/video0 opens", True)]


def test_a_device_that_is_not_plugged_in_is_told(machine):
    assert seen(machine, "iris", iris="1fae:0021") == [("USB 1fae:0021 is not plugged in", False)]


def test_a_driver_that_does_not_open_is_told(machine, monkeypatch):
    (machine / "dev/video0").unlink()
    with socket.socket(socket.AF_UNIX) as broken:
        monkeypatch.chdir(machine / "dev")  # the name of such a socket must be short
        broken.bind("video0")  # opening it is refused as a camera without its hardware is

        assert seen(machine)[1] == ("/dev/video0: No such device or address", False)


def test_a_file_that_the_sandbox_hides_tells_nothing(machine):
    (machine / "dev/video0").unlink()

    assert seen(machine)[1] == ("/dev/video0 is hidden from rekam-agent", True)


def test_a_camera_without_a_driver_is_told_and_a_scanner_needs_none(machine):
    (machine / "sys/1-2/1-2:1.0/video4linux/video0").rmdir()

    assert seen(machine)[1] == ("no driver has taken it", False)
    assert seen(machine, "fingerprint", fingerprint=CAMERA) == [(f"USB {CAMERA} is plugged in", True)]


def test_a_signature_pad_is_a_hidraw_by_the_name_that_the_kernel_gives(machine):
    node = machine / "sys/1-2/1-2:1.0/0003:056A.0001/hidraw/hidraw3"
    node.mkdir(parents=True)
    (node / "uevent").write_text("MAJOR=240\nDEVNAME=pads/hidraw3\n")

    assert ("/dev/pads/hidraw3 is hidden from rekam-agent", True) in seen(machine, "signature", signature=CAMERA)


@pytest.mark.parametrize(
    ("state", "ok", "code"), [("ready", True, ""), ("busy", True, ", code 111"), ("not-ready", False, ", code 110")]
)
def test_the_sbi_service_is_asked_again(machine, state, ok, code):
    with SbiStub("Face", state) as stub:
        found = look("camera", DeviceSettings(sbi=("face",)), SystemClock(), ports=[stub.port])

    assert [(each.words, each.ok) for each in found] == [(f"SBI: {state} port {stub.port}{code}", ok)]


def test_a_device_that_nobody_set_cannot_be_looked_at(machine):
    assert seen(machine, "iris", camera=CAMERA) == []


@pytest.fixture
def store(tmp_path):
    store = small_store(tmp_path, SystemClock())
    yield store
    store.close()


def wished(store, desk, device: str = "camera", *, hangs: bool = False) -> requests.Progress:
    """Somebody asks; what the wish's row says once its look is over, which one that hangs never is."""
    number = requests.ask(store, f"{requests.TRY_DEVICE} {device}")
    requests.fulfil(store, {}, {requests.TRY_DEVICE: desk.begin})
    wait_until(lambda: hangs or requests.progress_of(store, number).state != requests.WORKING, "it was looked at")
    return requests.progress_of(store, number)


def test_what_was_seen_is_told_in_the_wish(store, tmp_path):
    office = small_office(tmp_path, devices=DeviceSettings(camera="ffff:ffff"))
    told = wished(store, DeviceDesk(store, office))

    assert (told.state, told.code, told.sentence) == ("failed", "device", "USB ffff:ffff is not plugged in")


@pytest.mark.parametrize("device", ["iris", "toaster"])
def test_a_device_that_is_not_there_to_be_looked_at_is_told(store, tmp_path, device):
    assert wished(store, DeviceDesk(store, small_office(tmp_path)), device).code == "no-device"


def test_a_look_that_hangs_is_not_begun_twice_and_holds_up_nothing(store, tmp_path):
    ended = threading.Event()
    desk = DeviceDesk(store, small_office(tmp_path), lambda *_: ended.wait() and ())
    first, second = wished(store, desk, hangs=True), wished(store, desk)
    other = wished(store, DeviceDesk(store, desk.office), "iris")
    ended.set()

    assert (first.state, second.code, other.code) == ("working", "device-hangs", "no-device")


def test_a_look_that_fails_is_told(store, tmp_path):
    told = wished(store, DeviceDesk(store, small_office(tmp_path), lambda *_: 1 / 0))

    assert (told.state, told.code) == ("failed", "internal")
