"""What a demo must have for itself before it touches anything: its directory and its three ports."""

from __future__ import annotations

import fcntl
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from agent.errors import Conflict, UsageError


class Ports(msgspec.Struct, frozen=True):
    """Where the three programs listen on the loopback."""

    citizen: int
    staff: int
    central: int

    def urls(self) -> dict[str, str]:
        """The pages by name, as demo.json has them."""
        staff = f"http://127.0.0.1:{self.staff}"
        return {
            "citizen": f"http://127.0.0.1:{self.citizen}/",
            "counter": f"{staff}/loket",
            "board": f"{staff}/papan",
            "technician": f"{staff}/teknisi",
            "central": f"http://127.0.0.1:{self.central}/",
        }

    def check_free(self) -> None:
        """Raises UsageError `port-taken` where two are one, or another program listens there, naming the option."""
        options = {"--kiosk-port": self.citizen, "--staff-port": self.staff, "--central-port": self.central}
        with ExitStack() as held:
            for option, port in options.items():
                listener = held.enter_context(socket.socket())
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # one that was just left is free
                try:
                    listener.bind(("127.0.0.1", port))
                    listener.listen()
                except OSError as fault:
                    reason = f"port {port} cannot be had ({fault.strerror}); name another one by {option}"
                    raise UsageError("port-taken", reason, field=option) from fault


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold the directory; raises Conflict `runs-already` where another demo does."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "demo.lock").open("ab") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as fault:
            reason = "a demo runs in this directory already; stop it first, or name another one by --dir"
            raise Conflict("runs-already", reason, file=str(home), field="--dir") from fault
        yield
