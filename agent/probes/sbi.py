"""MOSIP SBI services on this machine, asked who they are and how they stand; no picture is ever asked for."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any, Final, cast

from agent.clock import Clock
from agent.domain import sbi
from agent.domain.health_rules import SBI_STATES
from agent.domain.sbi import Device, Port
from agent.errors import BadData

HOST: Final = "127.0.0.1"
KNOCK_S: Final = 0.5
MOST_BYTES: Final = 256 * 1024
ROUND_S: Final = 20.0  # for all ports together: others may hold a hundred of them open and say nothing
NOT_THAT_VERB: Final = (400, 404, 405, 501)


def read(
    modalities: Iterable[str], clock: Clock, ports: Sequence[int] = sbi.PORTS, limit_s: float = sbi.LIMIT_S
) -> Mapping[str, Mapping[str, float | str]]:
    """Device → NAME_sbi, a place in SBI_STATES, and its evidence."""
    until = clock.boot_ms() + int(ROUND_S * 1000)
    found = [ask(port, clock, limit_s) for port in ports if clock.boot_ms() < until]
    seen = [port for port in found if port is not None]
    told: dict[str, Mapping[str, float | str]] = {}
    for modality in modalities:
        device, _ = sbi.MODALITIES[modality]
        stands = sbi.standing(modality, seen)
        told[device] = {f"{device}_sbi": float(SBI_STATES.index(stands.state)), "said": stands.said}
    return told


def ask(number: int, clock: Clock, limit_s: float) -> Port | None:
    """What a port tells of itself; None where nobody listens."""
    try:
        devices = asked(number, sbi.DISCOVER, "/device", sbi.read_devices, clock, limit_s)
        return Port(number, informed(number, devices, clock, limit_s) if devices else ())
    except ConnectionRefusedError:
        return None
    except TimeoutError:
        return Port(number, fault="slow")
    except OSError:
        return Port(number, fault="died")
    except BadData:
        return Port(number, fault="foreign")


def informed(number: int, devices: tuple[Device, ...], clock: Clock, limit_s: float) -> tuple[Device, ...]:
    """The devices as device information tells them; what answers in a form of its own there is at fault."""
    try:
        return sbi.better_told(devices, asked(number, sbi.INFORM, "/info", sbi.read_info, clock, limit_s))
    except BadData as fault:
        return tuple(Device(each.type, "error", fault.sentence) for each in devices)


def asked(number: int, verbs: Sequence[str], path: str, read: Any, clock: Clock, limit_s: float) -> tuple[Device, ...]:
    """The devices of the first verb that the service knows; raises OSError, TimeoutError or BadData."""
    until = clock.boot_ms() + int(limit_s * 1000)
    for verb in verbs:
        status, body = exchange(number, verb, path, clock, until)
        if status not in NOT_THAT_VERB:
            return cast("tuple[Device, ...]", read(body))
    raise sbi.foreign("it knows neither verb")


def exchange(number: int, verb: str, path: str, clock: Clock, until: int) -> tuple[int, bytes]:
    """One question and its answer, status and body; raises TimeoutError at `until`, ms by the boot clock."""
    head = f"{verb} {path} HTTP/1.1\r\nHost: {HOST}:{number}\r\nEXT: rekam\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(sbi.QUESTION)}\r\nConnection: close\r\n\r\n".encode() + sbi.QUESTION
    with socket.create_connection((HOST, number), KNOCK_S) as line:
        line.settimeout(left(clock, until))
        line.sendall(request)
        raw = b""
        while not is_whole(raw):
            line.settimeout(left(clock, until))
            part = line.recv(65_536)
            if not part:
                break
            raw += part
            if len(raw) > MOST_BYTES:
                raise sbi.foreign("it does not stop talking")
    return answer(raw)


def left(clock: Clock, until: int) -> float:
    """Seconds until then; raises TimeoutError when it is over."""
    rest = (until - clock.boot_ms()) / 1000
    if rest <= 0:
        raise TimeoutError
    return rest


def is_whole(raw: bytes) -> bool:
    """Whether an answer with a length is there; others end when the service hangs up."""
    head, ended, body = raw.partition(b"\r\n\r\n")
    if not ended:
        return False
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return bool(lengths) and lengths[0].strip().isdigit() and len(body) >= int(lengths[0])


def answer(raw: bytes) -> tuple[int, bytes]:
    """Status and body of an HTTP answer; raises ConnectionError where it was cut off, BadData where it is none."""
    from http.client import HTTPException, HTTPResponse, IncompleteRead

    if not raw:
        raise ConnectionAbortedError
    response = HTTPResponse(cast("socket.socket", Replay(raw)))
    try:
        response.begin()
        return response.status, response.read()
    except IncompleteRead as fault:
        raise ConnectionAbortedError from fault
    except HTTPException as fault:
        if raw.startswith(b"HTTP/") and b"\r\n\r\n" not in raw:
            raise ConnectionAbortedError from fault
        raise sbi.foreign("not HTTP") from fault


class Replay:
    """What was received, as http.client wants to read it."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def makefile(self, _mode: str) -> BytesIO:
        """The bytes."""
        return BytesIO(self.raw)
