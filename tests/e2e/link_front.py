"""What stands before central in the tests of the link: DNS, TLS, and everything that can stand in the way.

    python tests/e2e/link_front.py FOLDER CENTRAL_PORT     on 10.211.0.2 (central) and 10.211.0.3 (a portal)

FOLDER has known.pem and foreign.pem (certificates with keys) and `mode`, read anew at each connection:
pass, down, refuse, busy, page, cut, foreign, take (every request is
answered by the file `answer`); and `dns`: right, portal, silent.
"""

from __future__ import annotations

import socket
import ssl
import struct
import sys
import threading
from contextlib import suppress
from functools import cache
from pathlib import Path

CENTRAL, PORTAL = "10.211.0.2", "10.211.0.3"
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\nConnection: close\r\n\r\nSelamat datang!"
LOGIN = b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
REFUSAL = (
    b"HTTP/1.1 403 Forbidden\r\nContent-Type: application/problem+json\r\nContent-Length: 22\r\n"
    b'Connection: close\r\n\r\n{"code":"not-allowed"}'
)
BUSY = b"HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
SAYS = {"page": PAGE, "refuse": REFUSAL, "busy": BUSY}


def word(folder: Path, name: str) -> str:
    return (folder / name).read_text().strip()


@cache
def context(file: Path) -> ssl.SSLContext:
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(file)
    return made


def request(line) -> bytes:
    """One whole request, empty at the end."""
    got = b""
    while b"\r\n\r\n" not in got:
        piece = line.recv(65536)
        if not piece:
            return b""
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    size = next(
        (int(row.split(b":")[1]) for row in head.split(b"\r\n") if row.lower().startswith(b"content-length")), 0
    )
    while len(body) < size:
        piece = line.recv(65536)
        if not piece:
            return b""
        body += piece
    return head + b"\r\n\r\n" + body


def answer(port: int, asked: bytes) -> bytes:
    """What central answers."""
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.sendall(asked)
        return request(line)


def taken(folder: Path) -> bytes:
    """What a receiver answers that looks at nothing."""
    body = (folder / "answer").read_bytes()
    return b"HTTP/1.1 201 Created\r\nContent-Type: application/jose\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body)


def serve_tls(folder: Path, port: int, raw: socket.socket) -> None:
    mode = word(folder, "mode")
    portal = raw.getsockname()[0] == PORTAL
    if mode == "down":
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        raw.close()
        return
    file = "foreign.pem" if portal or mode == "foreign" else "known.pem"
    with suppress(OSError), raw, context(folder / file).wrap_socket(raw, server_side=True) as line:
        while asked := request(line):
            said = PAGE if portal else SAYS.get(mode) or (taken(folder) if mode == "take" else answer(port, asked))
            line.sendall(said[:-40] if mode == "cut" else said)
            if mode not in ("pass", "take"):
                return


def serve_plain(raw: socket.socket) -> None:
    with suppress(OSError), raw:
        if raw.getsockname()[0] == PORTAL and request(raw):
            raw.sendall(LOGIN)


def serve_dns(folder: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as box:
        box.bind((CENTRAL, 53))
        while True:
            query, who = box.recvfrom(512)
            mode = word(folder, "dns")
            if mode != "silent":
                box.sendto(resolved(query, PORTAL if mode == "portal" else CENTRAL), who)


def resolved(query: bytes, address: str) -> bytes:
    """An answer to a question for an address: ours for A, none for the rest."""
    end = query.index(b"\0", 12) + 5
    question = query[12:end]
    is_a = question[-4:-2] == b"\0\1"
    head = query[:2] + b"\x84\x00\0\1" + (b"\0\1" if is_a else b"\0\0") + b"\0\0\0\0"
    record = b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + socket.inet_aton(address)
    return head + question + (record if is_a else b"")


def listen(port: int, serve) -> None:
    listening = socket.create_server(("", port), backlog=50)
    while True:
        raw, _ = listening.accept()
        threading.Thread(target=serve, args=(raw,), daemon=True).start()


if __name__ == "__main__":
    where, central_port = Path(sys.argv[1]), int(sys.argv[2])
    threading.Thread(target=listen, args=(443, lambda raw: serve_tls(where, central_port, raw)), daemon=True).start()
    threading.Thread(target=listen, args=(80, serve_plain), daemon=True).start()
    serve_dns(where)
