"""What MOSIP SBI services answer about themselves, and what that says of each device.

By the Secure Biometric Interface, 0.9.5 and 1.0, and as its mocks take it: member names in either
case, ids as text or number, a digital id as text or object, the verbs of both generations.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterable, Sequence
from typing import Any, Final, Literal

import msgspec
from msgspec.structs import replace

from agent.errors import BadData

PORTS: Final = range(4501, 4601)
LIMIT_S: Final = 5.0
DISCOVER: Final = ("MOSIPDISC", "SBIDISC")
INFORM: Final = ("MOSIPDINFO", "SBIDINFO")
QUESTION: Final = b'{"type":"Biometric Device"}'
# Modality of the settings → the device that the office knows, and how its type may be written.
MODALITIES: Final = {
    "face": ("camera", ("face",)),
    "finger": ("fingerprint", ("finger", "fingerprint", "fir")),
    "iris": ("iris", ("iris", "iir")),
}

State = Literal[
    "ready", "busy", "not-ready", "not-registered", "unplugged", "absent", "foreign", "error", "slow", "died"
]
STATUSES: Final[dict[str, State]] = {
    "ready": "ready", "busy": "busy", "notready": "not-ready", "notregistered": "not-registered",
}  # fmt: skip
ERRORS: Final[dict[str, State]] = {
    "100": "not-registered", "106": "unplugged", "110": "not-ready", "111": "busy", "202": "unplugged",
}  # fmt: skip
FINE: Final = ("", "0", "none", "null")
CODE: Final = re.compile("[0-9]{1,5}")  # as the interface lists them; a longer one may be a person's number
LARGEST_NUMBER: Final = 10**9
AT_WORK: Final = ("ready", "busy")
BEST_FIRST: Final[tuple[State, ...]] = ("ready", "busy", "not-ready", "not-registered", "unplugged", "error")
BAD_PORTS: Final[tuple[State, ...]] = ("died", "slow", "error", "foreign")


class Device(msgspec.Struct, frozen=True):
    """A device that a service told of: its type in small letters, how it stands, and the code of its error.

    Nothing else of an answer is kept: a maker may write anything into its words, and evidence travels unsealed.
    """

    type: str
    state: State
    code: str = ""


class Port(msgspec.Struct, frozen=True):
    """What one port came to: its devices, or why it told of none."""

    number: int
    devices: tuple[Device, ...] = ()
    fault: State | None = None


def read_devices(body: bytes) -> tuple[Device, ...]:
    """The devices of an answer to discovery; raises BadData `foreign` where it is none."""
    return tuple(device(entry) for entry in entries(body))


def read_info(body: bytes) -> tuple[Device, ...]:
    """The devices of an answer to device information; raises BadData `foreign` where it is none."""
    return tuple(
        device({**told(member(entry, "deviceInfo")), "error": member(entry, "error")}) for entry in entries(body)
    )


def better_told(discovered: Sequence[Device], informed: Sequence[Device]) -> tuple[Device, ...]:
    """Device information is the newer word; what it does not name is as it was discovered.

    A device that is not ready may be told by its error alone: then it is the one in that place. Where the
    places do not fit, the error may be anybody's.
    """
    if len(informed) == len(discovered) and all(
        new.type in ("", old.type) for old, new in zip(discovered, informed, strict=True)
    ):
        return blamed([replace(new, type=old.type) for old, new in zip(discovered, informed, strict=True)])
    named = {each.type for each in informed}
    return blamed((*informed, *(each for each in discovered if each.type not in named)))


def blamed(devices: Sequence[Device]) -> tuple[Device, ...]:
    """The devices of a port; an error that names none of them is held against each."""
    error = next((each for each in devices if not each.type and each.state not in AT_WORK), None)
    if error is None:
        return tuple(devices)
    return tuple(replace(each, state="error", code=error.code) if each.type else each for each in devices)


def entries(body: bytes) -> list[dict[str, Any]]:
    """The objects of an answer; one that is no list stands for itself, as some mocks send it."""
    try:
        found = msgspec.json.decode(body)
    except (ValueError, msgspec.DecodeError, RecursionError) as fault:
        raise foreign("not JSON") from fault
    listed = found if isinstance(found, list) else [found]
    known = [entry for entry in listed if isinstance(entry, dict) and is_ours(entry)]
    if not known and listed:
        raise foreign("JSON of something else")
    return known


def is_ours(entry: dict[str, Any]) -> bool:
    """Whether an object is of this interface: each has one of these by its schema."""
    names = {name.lower() for name in entry}
    return bool(names & {"devicestatus", "deviceinfo"}) or isinstance(member(entry, "error"), dict)


def device(entry: dict[str, Any]) -> Device:
    """What an object says of a device; an error outweighs the status beside it."""
    code = word(member(member(entry, "error"), "errorCode")).strip().lower()
    if code not in FINE:
        return Device(type_of(entry), ERRORS.get(code, "error"), code if CODE.fullmatch(code) else "")
    status = word(member(entry, "deviceStatus")).lower().replace(" ", "").replace("_", "")
    return Device(type_of(entry), STATUSES.get(status, "error"))


def word(value: Any) -> str:
    """A text, or a number as one; empty for anything else, whose text could be without end."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int) and abs(value) < LARGEST_NUMBER else ""


def type_of(entry: dict[str, Any]) -> str:
    """The modality by the device's digital id, in small letters; empty where it tells none."""
    return word(member(told(member(entry, "digitalId")), "type")).lower()


def told(value: Any) -> dict[str, Any]:
    """The members of an object, a JWT, or base64 of an object, whichever it came as; none of anything else."""
    if isinstance(value, dict):
        return value
    text = value if isinstance(value, str) else ""
    try:
        found = msgspec.json.decode(text if text.startswith("{") else unpacked(text))
    except (ValueError, msgspec.DecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def unpacked(text: str) -> bytes:
    """The middle of a JWT, or the whole of an unsigned one, padded or not; raises ValueError where it is no base64."""
    parts = text.split(".")
    raw = parts[min(1, len(parts) - 1)].rstrip("=").replace("+", "-").replace("/", "_")
    return urlsafe_b64decode(raw + "=" * (-len(raw) % 4))


def member(entry: Any, name: str) -> Any:
    """A member by its name, in whatever case it is written."""
    if not isinstance(entry, dict):
        return None
    return next((value for key, value in entry.items() if key.lower() == name.lower()), None)


def foreign(why: str) -> BadData:
    """What answers is no SBI service."""
    return BadData("foreign", f"what answers is no SBI service: {why}", field="sbi")


def standing(modality: str, ports: Sequence[Port]) -> tuple[State, str]:
    """How the device of a modality stands, and its evidence: the best of those there are, else why there is none."""
    _, types = MODALITIES[modality]
    told_of = [(device, port.number) for port in ports for device in port.devices]
    found = [each for each in told_of if each[0].type in types] or [each for each in told_of if not each[0].type][:1]
    if found:
        device, number = min(found, key=lambda each: BEST_FIRST.index(each[0].state))
        return device.state, where([number]) + (f", code {device.code}" if device.code else "")
    if empty := [port.number for port in ports if not port.devices and port.fault is None]:
        return "unplugged", where(empty)
    fault: State = next((state for state in BAD_PORTS if any(port.fault == state for port in ports)), "absent")
    return fault, where(port.number for port in ports if port.fault == fault)


def where(numbers: Iterable[int]) -> str:
    """The ports as a technician reads them."""
    found = ", ".join(map(str, sorted(numbers)))
    return f"port {found}" if found else ""
