"""A MOSIP SBI service on loopback that stands as it is told, and the published rules that its answers keep.

The rules are those of the compliance toolkit's schemas for discovery and device information.
"""

from __future__ import annotations

import base64
import json
import socket
import threading
from collections.abc import Callable
from contextlib import suppress

STATUS = {"ready": "Ready", "busy": "Busy", "not-ready": "Not Ready", "not-registered": "Not Registered"}
ERROR = {
    "ready": ("0", "Success"), "busy": ("111", "Device is busy"), "not-ready": ("110", "Device is not ready"),
    "not-registered": ("100", "Device not registered"), "error": ("103", "Device tamper detected"),
}  # fmt: skip
SUBTYPES = {"Finger": ("Slap", "Single", "Touchless"), "Iris": ("Single", "Double"), "Face": ("Full face",)}
DIGITAL_ID = {"serialNo", "make", "model", "type", "deviceSubType", "deviceProvider", "deviceProviderId", "dateTime"}
DISCOVERED = {
    "deviceId", "deviceStatus", "certification", "callbackId", "digitalId", "deviceCode", "specVersion", "purpose",
    "error",
}  # fmt: skip
INFORMED = DISCOVERED - {"error"} | {"env", "serviceVersion", "firmware", "deviceSubId"}


def packed(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def unpacked(text: str) -> dict:
    part = text.split(".")[min(1, text.count("."))]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def digital_id(kind: str) -> dict:
    return {
        "serialNo": "123456", "make": "Contoh", "model": "C1", "type": kind, "deviceSubType": SUBTYPES[kind][0],
        "deviceProvider": "Contoh", "deviceProviderId": "CTH", "dateTime": "2026-11-23T00:00:00Z",
    }  # fmt: skip


def described(kind: str, state: str, port: int) -> dict:
    """What discovery and device information have in common."""
    return {
        "deviceId": "1", "deviceStatus": STATUS.get(state, "Not Ready"), "certification": "L1",
        "deviceSubId": ["1", "2"], "callbackId": f"http://127.0.0.1:{port}/", "digitalId": packed(digital_id(kind)),
        "deviceCode": "123456", "specVersion": ["0.9.5"], "purpose": "Registration", "serviceVersion": "0.9.5",
    }  # fmt: skip


def discovery(kind: str, state: str, port: int) -> list[dict]:
    code, info = ERROR["error" if state == "error" else "ready"]
    return [{**described(kind, state, port), "error": {"errorCode": code, "errorInfo": info}}]


def information(kind: str, state: str, port: int) -> list[dict]:
    body = {**described(kind, state, port), "env": "Staging", "firmware": "1.2"}
    if state == "not-registered":
        body["purpose"] = ""
    code, words = ERROR[state]
    token = packed(body) if state == "not-registered" else f"{packed({'alg': 'RS256'})}.{packed(body)}.c2ln"
    return [{"deviceInfo": token, "error": {"errorCode": code, "errorInfo": words}}]


def faults_of_discovery(answer: list[dict]) -> list[str]:
    """What the schema of an answer to discovery has against this one."""
    found = [] if isinstance(answer, list) and answer else ["no list"]
    for entry in answer:
        found += [f"{name} is missing" for name in DISCOVERED - entry.keys()]
        found += faults_of_device(entry) + faults_of_digital_id(unpacked(entry["digitalId"]))
        fine = entry["error"] == {"errorCode": "0", "errorInfo": "Success"}
        if not fine and not (len(entry["error"]["errorCode"]) == 3 and entry["error"]["errorInfo"]):
            found.append("error")
    return found


def faults_of_information(answer: list[dict], state: str) -> list[str]:
    """What the schema of device information in that state has against this answer."""
    found = []
    for entry in answer:
        body = unpacked(entry["deviceInfo"])
        found += [f"{name} is missing" for name in INFORMED - body.keys()]
        found += faults_of_device(body) + faults_of_digital_id(unpacked(body["digitalId"]))
        found += [] if body["deviceStatus"] == STATUS[state] else ["deviceStatus"]
        found += [] if entry["error"]["errorCode"] == ERROR[state][0] else ["errorCode"]
        found += [] if (body["purpose"] in ("Auth", "Registration")) == (state != "not-registered") else ["purpose"]
        found += [] if (entry["deviceInfo"].count(".") == 2) == (state != "not-registered") else ["signature"]
    return found


def faults_of_device(entry: dict) -> list[str]:
    rules: dict[str, Callable[[object], bool]] = {
        "deviceStatus": lambda value: value in STATUS.values(),
        "certification": lambda value: value in ("L0", "L1"),
        "deviceSubId": lambda value: bool(value) and all(each in ("0", "1", "2", "3") for each in value),
        "specVersion": lambda value: bool(value) and all(each in ("0.9.5", "1.0.0") for each in value),
        "deviceId": bool, "callbackId": bool, "digitalId": bool, "deviceCode": bool,
    }  # fmt: skip
    return [name for name, holds in rules.items() if name in entry and not holds(entry[name])]


def faults_of_digital_id(found: dict) -> list[str]:
    missing = [name for name in DIGITAL_ID if not found.get(name)]
    return missing + ([] if found["deviceSubType"] in SUBTYPES.get(found["type"], ()) else ["deviceSubType"])


class SbiStub:
    """One service on a port of the range; `state` may change while it runs.

    Beside the states of a device: `silent` never answers, `dribbles` answers a byte at a time, `dies` hangs up
    half-way, `foreign` is a web server of somebody else. `raw` is sent in the place of any answer.
    """

    def __init__(
        self, kind: str = "Face", state: str = "ready", *, verbs=("MOSIPDISC", "MOSIPDINFO"), spelt=None, raw=b"",
        delay_s=0.0,
    ):  # fmt: skip
        self.kind, self.state, self.verbs, self.raw, self.delay_s = kind, state, verbs, raw, delay_s
        self.spelt = spelt or (lambda answer: answer)
        self.port, self.listener = 0, None

    def plug(self, port: int | None = None) -> SbiStub:
        """Listen, on the first free port of the range."""
        for number in [port] if port else range(4501, 4601):
            try:
                self.listener = socket.create_server(("127.0.0.1", number))
            except OSError:
                continue
            self.port = number
            threading.Thread(target=self.serve, args=(self.listener,), daemon=True).start()
            return self
        raise OSError("no port of the range is free")

    def unplug(self) -> None:
        """Gone, as when the cable is pulled and its service ends."""
        if self.listener:
            self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.close()
        self.listener = None

    def __enter__(self) -> SbiStub:
        return self.plug()

    def __exit__(self, *_: object) -> None:
        self.unplug()

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                line, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.answer, args=(line,), daemon=True).start()

    def answer(self, line: socket.socket) -> None:
        with line, suppress(OSError):
            asked = line.recv(4096).decode()
            if self.state == "silent":
                line.recv(1)
                return
            whole = self.raw or self.reply(asked.split(" ")[0])
            threading.Event().wait(self.delay_s)
            if self.state == "dribbles":
                for byte in whole:
                    line.sendall(bytes([byte]))
                    threading.Event().wait(0.02)
            line.sendall(whole[: len(whole) // 2] if self.state == "dies" else whole)

    def reply(self, verb: str) -> bytes:
        if self.state == "foreign":
            return http(200, b"<html>Selamat datang</html>")
        if verb not in self.verbs:
            return http(405, b"")
        make = discovery if verb == self.verbs[0] else information
        state = self.state if self.state in ERROR else "ready"
        return http(200, json.dumps(self.spelt(make(self.kind, state, self.port))).encode())


def http(status: int, body: bytes) -> bytes:
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return f"{head}Connection: close\r\n\r\n".encode() + body
