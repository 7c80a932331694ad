"""Hearing an HTTP answer from somebody who may mean harm: neither its bytes nor its beginnings are without end."""

from __future__ import annotations

import http.client
import io
from typing import TYPE_CHECKING, Final

from agent.uplink.answers import MOST_HEAD, MOST_HEARD

if TYPE_CHECKING:
    from agent.uplink.tcp import Patient

MOST_BEGINNINGS: Final = 4  # a status line, and some `100 Continue` that nobody asked for before it


class Endless(http.client.HTTPException):
    """The other side says more than an answer has."""


class Incoming(io.RawIOBase):
    """The reading side of a Patient socket, for one answer; raises Endless past `most` bytes."""

    def __init__(self, patient: Patient) -> None:
        self._patient = patient
        self._heard = 0
        self.most = MOST_HEAD

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Some bytes; 0 at the end."""
        if self._heard >= self.most:
            raise Endless(f"no end after {self._heard} bytes")
        got = self._patient.receive_into(buffer)
        self._heard += got
        return got


class Reader(io.BufferedReader):
    """Lines of an answer, as http.client wants them; raises Endless when it begins again and again."""

    def __init__(self, incoming: Incoming) -> None:
        super().__init__(incoming)
        self._beginnings = 0

    def readline(self, size: int | None = -1, /) -> bytes:
        """A line with its end."""
        line = super().readline(size)
        self._beginnings += line.startswith(b"HTTP/")
        if self._beginnings > MOST_BEGINNINGS:
            raise Endless(f"{self._beginnings} beginnings and no answer")
        return line


class Ear:
    """What http.client takes for a socket: it only asks for a file to read one answer from."""

    def __init__(self, patient: Patient) -> None:
        self.incoming = Incoming(patient)

    def makefile(self, _mode: str) -> Reader:
        """A reader of the answer."""
        return Reader(self.incoming)


def hear(line: Patient, method: str) -> http.client.HTTPResponse:
    """The head of the answer to a request, its body still to be read; raises OSError or HTTPException."""
    ear = Ear(line)
    response = http.client.HTTPResponse(ear, method=method)  # type: ignore[arg-type]  # see Ear
    response.begin()
    ear.incoming.most = MOST_HEARD
    return response
