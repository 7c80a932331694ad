"""A bad link between two network namespaces, for kernels without sch_netem: real TCP, real IP packets.

    python tests/e2e/bad_link.py NAMESPACE_A NAMESPACE_B       (root; reads commands from stdin, a JSON object a line)

Each namespace has a TUN device `wan0`; this process carries packets between them. Each way has a line of `rate` bit/s
behind a queue of `queue` bytes that drops what does not fit, then `delay` seconds, then random loss. Commands:

    {"rate": 64000, "delay": 0.4, "loss": 0.1}      any of the settings, from now on
    {"up": false}                                   nothing passes
    {"forget": 35}                                  about every 35 s all TCP connections so far are forgotten: their
                                                    packets vanish, as behind a modem that got a new address
    {"ask": true}                                   answers with a line of JSON: what passed so far
"""

from __future__ import annotations

import ctypes
import fcntl
import heapq
import json
import os
import random
import select
import struct
import sys
import time

TUNSETIFF, IFF_TUN_NO_PI = 0x400454CA, 0x1001
CLONE_NEWNET = 0x40000000
TCP = 6
HTTPS = (443).to_bytes(2, "big")
UP, DOWN = 0, 1
LIBC = ctypes.CDLL(None, use_errno=True)


def enter(namespace: str) -> None:
    """This thread's network becomes that of a namespace."""
    handle = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        if LIBC.setns(handle, CLONE_NEWNET):
            raise OSError(ctypes.get_errno(), f"setns {namespace}")
    finally:
        os.close(handle)


def open_tun(namespace: str) -> int:
    """The device `wan0` in a namespace."""
    enter(namespace)
    handle = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(handle, TUNSETIFF, struct.pack("16sH14x", b"wan0", IFF_TUN_NO_PI))
    return handle


class Link:
    """Decides for each packet when it arrives, if ever. Times are seconds of the caller's clock."""

    def __init__(self, seed: int = 1) -> None:
        self.rate, self.delay, self.loss, self.queue = 10_000_000.0, 0.0, 0.0, 30_000
        self.up, self.forget = True, 0.0
        self.luck = random.Random(seed)
        self.busy_until = [0.0, 0.0]
        self.bytes, self.packets, self.lost, self.dropped = [0, 0], [0, 0], [0, 0], [0, 0]
        self.known: set[bytes] = set()
        self.forgotten: set[bytes] = set()
        self.forget_at = float("inf")
        self.attempts: list[float] = []
        self.opened: set[bytes] = set()

    def set(self, now: float, **settings: float) -> None:
        """Change the link from now on."""
        for name, value in settings.items():
            setattr(self, name, value)
        if "forget" in settings:
            self.forget_at = now + self.luck.expovariate(1 / self.forget) if self.forget else float("inf")

    def arrival(self, now: float, way: int, packet: bytes) -> float | None:
        """When a packet comes out at the other end; None when it does not."""
        self.bytes[way] += len(packet)
        self.packets[way] += 1
        if way == UP:
            self.attempts.append(now)
            self.opened |= {source for source, target in opening(packet) if target == HTTPS}
        if not self.up or self.is_forgotten(now, way, packet):
            self.lost[way] += 1
            return None
        if (self.busy_until[way] - now) * self.rate / 8 > self.queue:
            self.dropped[way] += 1
            return None
        self.busy_until[way] = max(now, self.busy_until[way]) + len(packet) * 8 / self.rate
        if self.luck.random() < self.loss:
            self.lost[way] += 1
            return None
        return self.busy_until[way] + self.delay

    def is_forgotten(self, now: float, way: int, packet: bytes) -> bool:
        """Whether the packet belongs to a connection that the network no longer knows."""
        if now >= self.forget_at:
            self.forgotten |= self.known
            self.known = set()
            self.forget_at = now + self.luck.expovariate(1 / self.forget)
        if packet[0] >> 4 != 4 or packet[9] != TCP:
            return False
        start = (packet[0] & 15) * 4 + (0 if way == UP else 2)
        port = packet[start : start + 2]
        if port in self.forgotten and not is_first(packet):
            return True
        self.forgotten.discard(port)
        self.known.add(port)
        return False

    def longest_idle(self) -> float:
        """The longest time without a packet upwards, s."""
        return max((b - a for a, b in zip(self.attempts, self.attempts[1:], strict=False)), default=0.0)

    def passed(self) -> dict[str, object]:
        """What went through so far, [up, down]; then the count starts again."""
        said = {
            "bytes": self.bytes, "packets": self.packets, "lost": self.lost, "dropped": self.dropped,
            "idle": self.longest_idle(), "tries": len(self.opened),
        }  # fmt: skip
        self.bytes, self.packets, self.lost, self.dropped = [0, 0], [0, 0], [0, 0], [0, 0]
        self.attempts = []
        self.opened = set()
        return said


def opening(packet: bytes) -> list[tuple[bytes, bytes]]:
    """Source and target port of a TCP packet that opens a connection; nothing for any other."""
    if packet[0] >> 4 != 4 or packet[9] != TCP or not is_first(packet):
        return []
    start = (packet[0] & 15) * 4
    return [(packet[start : start + 2], packet[start + 2 : start + 4])]


def is_first(packet: bytes) -> bool:
    """Whether a TCP packet opens a connection."""
    return packet[(packet[0] & 15) * 4 + 13] & 0x12 == 0x02


class Relay:
    """Carries packets between two ends and obeys commands until stdin ends."""

    def __init__(self, link: Link, ends: tuple[int, int]) -> None:
        self.link, self.ends = link, ends
        self.waiting: list[tuple[float, int, int, bytes]] = []
        self.count, self.said = 0, b""

    def run(self) -> None:
        while True:
            now = time.monotonic()
            while self.waiting and self.waiting[0][0] <= now:
                _, _, target, packet = heapq.heappop(self.waiting)
                write(target, packet)
            patience = max(0.0, self.waiting[0][0] - now) if self.waiting else 1.0
            ready, _, _ = select.select([*self.ends, 0], [], [], patience)
            for way in (UP, DOWN):
                if self.ends[way] in ready:
                    self.take(way)
            if 0 in ready and not self.listen():
                return

    def take(self, way: int) -> None:
        """Take what waits at one end; some of it comes out at the other."""
        for packet in packets(self.ends[way]):
            due = self.link.arrival(time.monotonic(), way, packet)
            if due is not None:
                self.count += 1
                heapq.heappush(self.waiting, (due, self.count, self.ends[1 - way], packet))

    def listen(self) -> bool:
        """Obey what stdin says; whether it goes on."""
        said = os.read(0, 65536)
        *lines, self.said = (self.said + said).split(b"\n")
        for line in lines:
            obey(self.link, json.loads(line))
        return bool(said)


def packets(end: int):
    """The packets that wait at one end."""
    while True:
        try:
            yield os.read(end, 65536)
        except OSError:
            return


def write(end: int, packet: bytes) -> None:
    """Hand a packet over; a device that is down loses it, like any other."""
    try:
        os.write(end, packet)
    except OSError:
        return


def obey(link: Link, command: dict) -> None:
    if command.pop("ask", False):
        print(json.dumps(link.passed()), flush=True)
    link.set(time.monotonic(), **command)


if __name__ == "__main__":
    both = (open_tun(sys.argv[1]), open_tun(sys.argv[2]))
    print("ready", flush=True)
    Relay(Link(int(sys.argv[3]) if len(sys.argv) > 3 else 1), both).run()
