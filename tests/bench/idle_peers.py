"""Other programs that watch a machine or carry its data, each started by its manual, to be measured beside us."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.ports import free_port


class Peer(NamedTuple):
    """A program that runs, the address that is asked once a minute, or why it does not run here."""

    name: str
    process: subprocess.Popen | None
    address: str = ""
    reason: str = ""


def started(folder: Path) -> list[Peer]:
    """Every peer that can be had here."""
    return [node_exporter(), glances(folder), thingsboard_gateway(folder)]


def run(name: str, words: list[str], address: str = "") -> Peer:
    quiet = subprocess.DEVNULL
    return Peer(name, subprocess.Popen(words, stdin=quiet, stdout=quiet, stderr=quiet), address)


def node_exporter() -> Peer:
    found = shutil.which("prometheus-node-exporter")
    if found is None:
        return Peer("node_exporter", None, reason="apt install prometheus-node-exporter")
    listen = f"127.0.0.1:{free_port()}"
    return run("node_exporter", [found, f"--web.listen-address={listen}"], f"http://{listen}/metrics")


def glances(folder: Path) -> Peer:
    python, reason = own_python(folder / "glances", "glances[web]")
    if reason:
        return Peer("glances -w", None, reason=reason)
    port = free_port()
    words = [str(python), "-m", "glances", "-w", "--bind", "127.0.0.1", "--port", str(port), "--disable-check-update"]
    return run("glances -w", words, f"http://127.0.0.1:{port}/api/4/cpu")


def thingsboard_gateway(folder: Path) -> Peer:
    """With the connectors of its shipped configuration taken out: it then waits for its server, as ours may have to."""
    python, reason = own_python(folder / "gateway", "thingsboard-gateway")
    if reason:
        return Peer("thingsboard-gateway", None, reason=reason)
    config = folder / "gateway/tb_gateway.json"
    storage = {
        "type": "sqlite", "data_file_path": f"{folder.resolve() / 'gateway/data'}/", "messages_ttl_check_in_hours": 1,
        "messages_ttl_in_days": 7, "max_read_records_count": 100,
    }  # fmt: skip
    central = {"host": "127.0.0.1", "port": 1, "security": {"type": "accessToken", "accessToken": "x"}}
    config.write_text(json.dumps({"thingsboard": central, "storage": storage, "connectors": []}))
    shutil.copy(config, config.with_name("logs.json"))
    program = f"from thingsboard_gateway.gateway.tb_gateway_service import TBGatewayService as G; G({str(config)!r})"
    return run("thingsboard-gateway", [str(python), "-c", program])


def own_python(folder: Path, package: str) -> tuple[Path, str]:
    """A Python of its own with that package, and why there is none."""
    python = folder / "bin/python"
    for words in ([sys.executable, "-m", "venv", str(folder)], [str(python), "-m", "pip", "install", "-q", package]):
        done = subprocess.run(words, capture_output=True, text=True, timeout=600, check=False)
        if done.returncode:
            return python, (done.stderr.strip().splitlines() or ["no reason given"])[-1][:100]
    return python, ""
