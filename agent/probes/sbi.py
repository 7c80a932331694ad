"""MOSIP SBI services on this machine, asked who they are and how they stand; no picture is ever asked for."""

from __future__ import annotations

import re
import socket
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from io import BytesIO
from threading import Thread
from typing import Any, Final, cast

from agent.clock import Clock
from agent.domain import sbi
from agent.domain.health_rules import SBI_STATES
from agent.domain.sbi import Device, Port
from agent.errors import BadData
from agent.guard import guarded

HOST: Final = "127.0.0.1"
KNOCK_S: Final = 0.5
MOST_BYTES: Final = 256 * 1024
ROUND_S: Final = 20.0  # for all ports together: others may hold a hundred of them open and say nothing
AT_ONCE: Final = 8  # ports; a silent one keeps only its own asker
LENGTH: Final = b"content-length:"
LENGTH_SAID: Final = re.compile(rb"[0-9]{1,6}")
NOT_THAT_VERB: Final = (400, 404, 405, 501)


class Services:
    """The services behind the ports of this machine, and how each port did when it was last asked."""

    def __init__(
        self, modalities: Iterable[str], clock: Clock, ports: Sequence[int] = sbi.PORTS, limit_s: float = sbi.LIMIT_S
    ) -> None:
        self.modalities = tuple(modalities)
        self.clock = clock
        self.ports = ports
        self.limit_s = limit_s
        self.last: dict[int, Port | None] = {}

    def read(self) -> Mapping[str, Mapping[str, float | str]]:
        """Device → NAME_sbi, a place in SBI_STATES, and its evidence: port and error code, no word of a service's."""
        waiting = deque(sorted(self.ports, key=self.rank))
        until = self.clock.boot_ms() + int(ROUND_S * 1000)
        found: dict[int, Port | None] = {}
        askers = [Thread(target=self.ask_on, args=(waiting, found, until), daemon=True) for _ in range(AT_ONCE)]
        for asker in askers:
            asker.start()
        for asker in askers:
            asker.join()
        self.last |= found
        return dict(self.told(modality, list(filter(None, found.values()))) for modality in self.modalities)

    def rank(self, number: int) -> int:
        """Ports with devices are asked first, those that kept us waiting last: they can use up a round."""
        port = self.last.get(number)
        return 1 if port is None else 0 if port.devices else 2 if port.fault == "slow" else 1

    def ask_on(self, waiting: deque[int], found: dict[int, Port | None], until: int) -> None:
        """Ask one waiting port after the other, until there is none or the round is over; one can cost only itself."""
        with suppress(IndexError):
            while self.clock.boot_ms() < until:
                self.ask_next(waiting.popleft(), found)

    def ask_next(self, number: int, found: dict[int, Port | None]) -> None:
        """Ask one port."""

        def answer() -> None:
            found[number] = ask(number, self.clock, self.limit_s)

        if guarded(f"SBI port {number}", answer):
            found[number] = Port(number, fault="foreign")

    def told(self, modality: str, seen: Sequence[Port]) -> tuple[str, Mapping[str, float | str]]:
        """A device and its answer."""
        device, _ = sbi.MODALITIES[modality]
        state, evidence = sbi.standing(modality, seen)
        return device, {f"{device}_sbi": float(SBI_STATES.index(state)), "said": evidence}


def ask(number: int, clock: Clock, limit_s: float) -> Port | None:
    """What a port tells of itself within `limit_s` seconds in all; None where nobody listens."""
    until = clock.boot_ms() + int(limit_s * 1000)
    try:
        devices = asked(number, sbi.DISCOVER, "/device", sbi.read_devices, clock, until)
        return Port(number, informed(number, devices, clock, until) if devices else ())
    except ConnectionRefusedError:
        return None
    except TimeoutError:
        return Port(number, fault="slow")
    except OSError:
        return Port(number, fault="died")
    except BadData:
        return Port(number, fault="foreign")


def informed(number: int, devices: tuple[Device, ...], clock: Clock, until: int) -> tuple[Device, ...]:
    """The devices as device information tells them; what answers in a form of its own there is at fault."""
    try:
        return sbi.better_told(devices, asked(number, sbi.INFORM, "/info", sbi.read_info, clock, until))
    except BadData:
        return tuple(Device(each.type, "error") for each in devices)


def asked(number: int, verbs: Sequence[str], path: str, read: Any, clock: Clock, until: int) -> tuple[Device, ...]:
    """The devices of the first verb that the service knows; raises OSError, TimeoutError or BadData."""
    for verb in verbs:
        status, body = exchange(number, verb, path, clock, until)
        if status not in NOT_THAT_VERB:
            return cast("tuple[Device, ...]", read(body))
    raise sbi.foreign("it knows neither verb")


def exchange(number: int, verb: str, path: str, clock: Clock, until: int) -> tuple[int, bytes]:
    """One question and its answer, status and body; raises TimeoutError at `until`, ms by the boot clock."""
    head = f"{verb} {path} HTTP/1.1\r\nHost: {HOST}:{number}\r\nEXT: rekam\r\nContent-Type: application/json\r\n"
    request = f"{head}Content-Length: {len(sbi.QUESTION)}\r\nConnection: close\r\n\r\n".encode() + sbi.QUESTION
    with socket.create_connection((HOST, number), min(KNOCK_S, left(clock, until))) as line:
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
    """Whether an answer with a length is there; others end when the service hangs up. Raises BadData."""
    head, ended, body = raw.partition(b"\r\n\r\n")
    if not ended:
        return False
    lengths = [line.split(b":")[1].strip() for line in head.lower().split(b"\r\n") if line.startswith(LENGTH)]
    if any(not LENGTH_SAID.fullmatch(each) for each in lengths):
        raise sbi.foreign("a length beyond all measure")
    return bool(lengths) and len(body) >= int(lengths[0])


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
    except (HTTPException, ValueError, OverflowError) as fault:  # the latter two by the length of a chunk
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
