"""The processes, and questions to them."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from agent.commands.parser import above_zero, add, opened, opened_real, opened_to_look, people, port


def register(commands: Any) -> None:
    """The processes, and questions to them."""
    add(commands, "agent", "run the background process", run_agent, config=True)
    add(commands, "kiosk", "run the pages", run_kiosk, config=True)
    status = add(commands, "status", "how this office stands", show_status, config=True)
    status.add_argument("--json", action="store_true", help="for programs")
    send = add(commands, "send", "have everything sent now; 0 when central holds all", send_now, config=True)
    send.add_argument("--timeout", type=above_zero, default=60.0, metavar="S")
    carry = add(
        commands, "carry", "by USB stick: `out` takes lines along, `in` brings receipts", carry_by_stick, config=True
    )
    carry.add_argument("direction", choices=("out", "in"))
    carry.add_argument("dir", type=Path, help="the mounted stick, or a folder on it")
    bundle = add(
        commands, "bundle", "one file of this machine for central, with nothing personal", write_bundle, config=True
    )
    bundle.add_argument("dir", type=Path, help="the folder to put it into, such as a mounted stick")
    add(commands, "pair", "show the code to read to central", show_pairing, config=True)
    training = add(commands, "training", "an office of invented people beside the real one", run_training, config=True)
    training.add_argument("--dir", type=Path, help="where it lies; the real office's folder `latihan` if left out")
    training.add_argument("--citizen-port", type=port, default=8180)
    training.add_argument("--staff-port", type=port, default=8181)
    training.add_argument("--fresh", action="store_true", help="begin anew; what was practised is forgotten")
    demo = add(commands, "demo", "central, agent and kiosk of one office, on this machine", run_demo)
    demo.add_argument("--dir", type=Path, default=Path("rekam-demo"))
    demo.add_argument("--kiosk-port", type=port, default=8080)
    demo.add_argument("--staff-port", type=port, default=8081)
    demo.add_argument("--central-port", type=port, default=8090)
    demo.add_argument(
        "--busy", type=people, nargs="?", const=100, metavar="N", help="play an office day of N applicants"
    )
    demo.add_argument("--speed", type=above_zero, default=60.0, metavar="X", help="how much faster than the clock (60)")


def run_agent(arguments: argparse.Namespace) -> int:
    """`rekam agent`."""
    from agent.store import lean

    lean.do_without_unused_drivers()
    from agent import daemon

    return daemon.run(arguments.config)


def run_kiosk(arguments: argparse.Namespace) -> int:
    """`rekam kiosk`."""
    from agent.store import lean
    from kiosk_ui import lean as lean_pages

    lean.do_without_unused_drivers()
    lean_pages.do_without_a_desk()
    from kiosk_ui.serve import serve

    return serve(arguments.config)


def show_status(arguments: argparse.Namespace) -> int:
    """`rekam status`."""
    from agent.status import as_text, status

    office, store = opened_to_look(arguments)
    found = status(store, office)
    print(json.dumps(found, indent=2) if arguments.json else as_text(found))
    return 0


def send_now(arguments: argparse.Namespace) -> int:
    """`rekam send`."""
    from agent.sending import send_and_wait

    _, store = opened_real(arguments)
    send_and_wait(store, arguments.timeout)
    return 0


def write_bundle(arguments: argparse.Namespace) -> int:
    """`rekam bundle`."""
    from agent.carrying import bundle_and_wait

    print(bundle_and_wait(opened(arguments)[1], arguments.dir))
    return 0


def carry_by_stick(arguments: argparse.Namespace) -> int:
    """`rekam carry`."""
    from agent.carrying import carry_and_wait

    print(carry_and_wait(opened_real(arguments)[1], arguments.direction, arguments.dir, print))
    return 0


def show_pairing(arguments: argparse.Namespace) -> int:
    """`rekam pair`."""
    from agent.status import status

    office, store = opened_real(arguments)
    pairing = status(store, office)["pairing"]
    print(f"CODE {pairing['code']}")
    print(f"state {pairing['state']}")
    return 0


def run_training(arguments: argparse.Namespace) -> int:
    """`rekam training`."""
    from agent.training import OFFICERS, Ports, ready
    from kiosk_ui.serve import serve

    ports = Ports(arguments.citizen_port, arguments.staff_port)
    config = ready(arguments.config, arguments.dir, ports, fresh=arguments.fresh)
    for name, role, pin in OFFICERS:
        print(f"{role:11} name {name}, PIN {pin}")
    print(f"people      http://127.0.0.1:{ports.staff}/latihan", flush=True)
    return serve(config)


def run_demo(arguments: argparse.Namespace) -> int:
    """`rekam demo`."""
    from agent.demo import demo

    return demo(arguments)
