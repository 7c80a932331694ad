"""A ticket printer on loopback: it keeps what it was sent, and answers or is silent as it was told."""

from __future__ import annotations

import socket
import threading

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
