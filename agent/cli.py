"""The command `rekam`: one small function per subcommand; heavy parts are imported where they run."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from agent.errors import RekamError
from agent.version import VERSION

if TYPE_CHECKING:
    from agent.office import Office
    from agent.store.database import Store

Command = Callable[[argparse.Namespace], int]
USAGE: Final = 64


class Parser(argparse.ArgumentParser):
    """argparse with our exit status for a wrong command line."""

    def error(self, message: str) -> Any:
        """Say what is wrong and how to ask for help; exit 64."""
        self.exit(USAGE, f"rekam: usage: -: -: {message}; try `{self.prog} --help`\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; 0 ok, 1 failed, 64 usage, 65 bad data, 69 unreachable, 78 settings."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    chosen = build_parser(words).parse_args(words)
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")  # journald adds the time
    try:
        return int(chosen.command(chosen))
    except RekamError as fault:
        print(f"rekam: {fault}", file=sys.stderr)
        return fault.exit_status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1


def build_parser(words: Sequence[str]) -> Parser:
    """All subcommands; central's own only where `words` speak of it."""
    parser = Parser(prog="rekam", description="Queue, ledger and device health of a kecamatan office.")
    parser.add_argument("--version", action="version", version=f"rekam {VERSION}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    add_office_commands(commands)
    add_running_commands(commands)
    add_batch_commands(commands)
    add_central_commands(commands, words)
    return parser


def add(commands: Any, name: str, help_text: str, command: Command, *, config: bool = False) -> Parser:
    """One subcommand that ends in `command(arguments)`."""
    parser: Parser = commands.add_parser(name, help=help_text, description=help_text)
    parser.set_defaults(command=command)
    if config:
        parser.add_argument("--config", type=Path, required=True, metavar="F", help="the office's kiosk.toml")
    return parser


def add_office_commands(commands: Any) -> None:
    """Setting up an office."""
    init = add(commands, "init", "write a working set of files for one office", init_office)
    init.add_argument("dir", type=Path, help="a new or empty directory")
    init.add_argument("--office", required=True, metavar="CODE", help="kecamatan, 64.02.05 or 640205")
    init.add_argument("--invitation", type=Path, metavar="FILE", help="what `rekam central invite` wrote")
    init.add_argument("--central", metavar="URL", help="central's address, with --root")
    init.add_argument("--root", metavar="THUMBPRINT", help="thumbprint of central's root key")
    officer = commands.add_parser("officer", help="add, reset or list officers").add_subparsers(
        metavar="ACTION", required=True, parser_class=Parser
    )
    new = add(officer, "add", "add an officer; prints a one-time PIN", add_officer, config=True)
    new.add_argument("name")
    new.add_argument("--role", required=True, choices=("officer", "supervisor", "technician"))
    reset = add(officer, "reset", "give an officer a new one-time PIN", reset_officer, config=True)
    reset.add_argument("name")
    add(officer, "list", "list the officers", list_officers, config=True)
    help_text = "put a backup in the database's place; a new ledger begins"
    restore = add(commands, "restore", help_text, restore_backup, config=True)
    restore.add_argument("file", type=Path)
    add(commands, "machine-mark", "write this machine's mark; as root, before the agent", mark_machine, config=True)


def add_running_commands(commands: Any) -> None:
    """The processes, and questions to them."""
    add(commands, "agent", "run the background process", run_agent, config=True)
    add(commands, "kiosk", "run the pages", run_kiosk, config=True)
    status = add(commands, "status", "how this office stands", show_status, config=True)
    status.add_argument("--json", action="store_true", help="for programs")
    send = add(commands, "send", "have everything sent now; 0 when central holds all", send_now, config=True)
    send.add_argument("--timeout", type=float, default=60.0, metavar="S")
    carry = add(
        commands, "carry", "by USB stick: `out` takes lines along, `in` brings receipts", carry_by_stick, config=True
    )
    carry.add_argument("direction", choices=("out", "in"))
    carry.add_argument("dir", type=Path, help="the mounted stick, or a folder on it")
    add(commands, "pair", "show the code to read to central", show_pairing, config=True)
    demo = add(commands, "demo", "central, agent and kiosk of one office, on this machine", run_demo)
    demo.add_argument("--dir", type=Path, default=Path("rekam-demo"))
    demo.add_argument("--kiosk-port", type=int, default=8080)
    demo.add_argument("--staff-port", type=int, default=8081)
    demo.add_argument("--central-port", type=int, default=8090)
    demo.add_argument("--busy", type=int, nargs="?", const=100, metavar="N", help="play an office day of N applicants")
    demo.add_argument("--speed", type=float, default=60.0, metavar="X", help="how much faster than the clock (60)")


def add_batch_commands(commands: Any) -> None:
    """Looking into batch files."""
    batch = commands.add_parser("batch", help="show or verify a batch file").add_subparsers(
        metavar="ACTION", required=True, parser_class=Parser
    )
    show = add(batch, "show", "print claims and lines as JSON", show_batch)
    show.add_argument("file", type=Path)
    verify = add(batch, "verify", "check signature, sizes, hashes and chain; 0 or 65", verify_batch)
    verify.add_argument("file", type=Path)
    verify.add_argument("--keys", type=Path, metavar="JWKS", help="accept only these keys")


def add_central_commands(commands: Any, words: Sequence[str]) -> None:
    """`rekam central …`, if that word was said: its parser is not loaded for the kiosk."""
    central = commands.add_parser("central", help="the receiver at central IT", add_help="central" in words)
    if "central" in words:
        from central.cli import register

        register(central.add_subparsers(metavar="ACTION", required=True, parser_class=Parser))


def opened(arguments: argparse.Namespace) -> tuple[Office, Store]:
    """The office and its database."""
    from agent.clock import SystemClock
    from agent.office import load_office
    from agent.store.opening import open_store

    office = load_office(arguments.config)
    return office, open_store(office.settings.home, SystemClock())


def init_office(arguments: argparse.Namespace) -> int:
    """`rekam init`."""
    from agent.clock import SystemClock
    from agent.new_office import create_office

    made = create_office(
        arguments.dir,
        arguments.office,
        arguments.invitation,
        arguments.central,
        arguments.root,
        clock=SystemClock(),
        random_bytes=os.urandom,
    )
    print(f"{made.name} ({made.code}), {made.villages} villages, {made.zone}: {made.home}")
    print(f"supervisor {made.supervisor}, one-time PIN {made.pin}")
    print(f"pairing code {made.pairing_code}: read it to central")
    return 0


def add_officer(arguments: argparse.Namespace) -> int:
    """`rekam officer add`."""
    from agent.actions import officers

    _, store = opened(arguments)
    pin = officers.add_officer(store, arguments.name, arguments.role, random_bytes=os.urandom)
    print(f"{arguments.name}: one-time PIN {pin}")
    return 0


def reset_officer(arguments: argparse.Namespace) -> int:
    """`rekam officer reset`."""
    from agent.actions import officers

    _, store = opened(arguments)
    print(f"{arguments.name}: one-time PIN {officers.reset_pin(store, arguments.name, random_bytes=os.urandom)}")
    return 0


def list_officers(arguments: argparse.Namespace) -> int:
    """`rekam officer list`."""
    from agent.actions import officers

    _, store = opened(arguments)
    for officer in officers.officers(store):
        print(f"{officer.number}\t{officer.role}\t{officer.name}")
    return 0


def restore_backup(arguments: argparse.Namespace) -> int:
    """`rekam restore`."""
    from agent.identity import load_key
    from agent.settings import load_kiosk
    from agent.store import backup

    home = load_kiosk(arguments.config).home
    backup.restore(home, arguments.file, load_key(home).thumbprint())
    print("restored; the next start opens a new ledger. The old database was set aside beside it.")
    return 0


def mark_machine(arguments: argparse.Namespace) -> int:
    """`rekam machine-mark`."""
    from agent import machine
    from agent.settings import load_kiosk

    mark = machine.write_mark(load_kiosk(arguments.config).home, Path("/sys"))
    print(mark or "this machine has nothing to tell it apart by")
    return 0


def run_agent(arguments: argparse.Namespace) -> int:
    """`rekam agent`."""
    from agent import daemon

    return daemon.run(arguments.config)


def run_kiosk(arguments: argparse.Namespace) -> int:
    """`rekam kiosk`."""
    from kiosk_ui.serve import serve

    return serve(arguments.config)


def show_status(arguments: argparse.Namespace) -> int:
    """`rekam status`."""
    from agent.status import as_text, status

    office, store = opened(arguments)
    found = status(store, office)
    print(json.dumps(found, indent=2) if arguments.json else as_text(found))
    return 0


def send_now(arguments: argparse.Namespace) -> int:
    """`rekam send`."""
    from agent.sending import send_and_wait

    _, store = opened(arguments)
    send_and_wait(store, arguments.timeout)
    return 0


def carry_by_stick(arguments: argparse.Namespace) -> int:
    """`rekam carry`."""
    from agent.carrying import carry_and_wait

    print(carry_and_wait(opened(arguments)[1], arguments.direction, arguments.dir, print))
    return 0


def show_pairing(arguments: argparse.Namespace) -> int:
    """`rekam pair`."""
    from agent.status import status

    office, store = opened(arguments)
    pairing = status(store, office)["pairing"]
    print(f"CODE {pairing['code']}")
    print(f"state {pairing['state']}")
    return 0


def run_demo(arguments: argparse.Namespace) -> int:
    """`rekam demo`."""
    from agent.demo import demo

    return demo(arguments)


def show_batch(arguments: argparse.Namespace) -> int:
    """`rekam batch show`."""
    from agent.batch_files import shown

    print(json.dumps(shown(arguments.file), indent=2, ensure_ascii=False))
    return 0


def verify_batch(arguments: argparse.Namespace) -> int:
    """`rekam batch verify`."""
    from agent.batch_files import verified

    print(verified(arguments.file, arguments.keys))
    return 0


if __name__ == "__main__":
    sys.exit(main())
