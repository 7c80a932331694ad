"""A ticket printer on loopback: it keeps what it was sent, and answers or is silent as it was told."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress

from agent.settings import PrinterSettings
from agent.settings_values import Address

QUESTIONS = re.compile(rb"\x10\x04([\x01-\x04])|(\x1dr\x01)", re.DOTALL)
PAPER_THERE = 0x12
PAPER = {True: b"\x12", False: b"\x72"}


class VirtualPrinter:
    """`answers` None: never says anything. True and False: has, or has no, paper. `jams`: falls silent at the end."""

    def __init__(self, *, answers: bool | None = None, jams: bool = False) -> None:
        self.answers, self.jams = answers, jams
        self.papers: list[bytes] = []
        self.done = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                self.papers.append(self.take(connection))
            self.done.set()

    def take(self, connection: socket.socket) -> bytes:
        """All bytes of a connection, without the questions, which are answered."""
        kept = b""
        while part := connection.recv(65_536):
            kept += part
            for question, silent in ((b"\x10\x04\x04", False), (b"\x1dr\x01", self.jams)):
                if question in kept:
                    kept = kept.replace(question, b"")
                    if self.answers is not None and not silent:
                        connection.sendall(PAPER[self.answers])
        return kept

    def __enter__(self):
        return self

    def __exit__(self, *_) -> None:
        self.listener.close()


class AskedPrinter:
    """A network printer that answers DLE EOT as it is told, also between tickets; without `answers` it is silent."""

    def __init__(self, answers: dict[int, int] | None = None) -> None:
        self.answers = answers or {}
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.settings = PrinterSettings(kind="network", address=Address("127.0.0.1", self.listener.getsockname()[1]))
        self.plug(self.listener)

    def plug(self, listener: socket.socket | None = None) -> None:
        """Listen again, at the same address."""
        self.listener = listener or socket.create_server(("127.0.0.1", self.settings.address.port))
        threading.Thread(target=self.serve, args=(self.listener,), daemon=True).start()

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            with line, suppress(OSError):
                while (said := line.recv(65_536)) != b"":
                    for number, _ in QUESTIONS.findall(said):
                        if answer := self.answers.get(number[0]) if number else bool(self.answers) and PAPER_THERE:
                            line.sendall(bytes([answer]))

    def unplug(self) -> None:
        with suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def __enter__(self) -> AskedPrinter:
        return self

    def __exit__(self, *_: object) -> None:
        self.unplug()
