"""Takes in what a stick or a bucket brings, and puts receipts to the same place.

The files are those of HTTPS and go the same way. Batches of a kiosk that asked and that nobody has
approved yet wait in quarantine, beside the database, and are taken in once somebody has.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from agent.domain.custody import OBJECTS, STICK, Carrier
from agent.errors import BadData, NotAllowed, RekamError
from agent.folder import Box
from agent.wire import batch as wire
from agent.wire import names, pairing
from agent.wire.batch import Claims
from agent.wire.line import ledger_thumbprint
from central import telling
from central.opening import Central
from central.quarantine import Quarantine, quarantine
from central.receive import take_in
from central.store import kiosks

MOST_FILE: Final = 16 * 1024 * 1024
MOST_TOKEN: Final = 8 * 1024
UNWANTED: Final = ("", "revoked")  # "": asked so long ago that the request is forgotten
ENDINGS: Final = {201: "new", 200: "known", 409: "mismatch", 403: "revoked"}


class Tally(msgspec.Struct):
    """How many files of a stick came to what, and how many asked to be paired."""

    new: int = 0
    known: int = 0
    mismatch: int = 0
    revoked: int = 0
    quarantined: int = 0
    no_room: int = 0
    unasked: int = 0
    damaged: int = 0
    pairing: int = 0

    def add(self, what: str) -> None:
        """One more of `what`."""
        setattr(self, what, getattr(self, what) + 1)


def carry(central: Central, box: Box, carrier: Carrier = STICK) -> Tally:
    """Take in everything in a box and answer there; raises Unreachable when the box is gone or full.

    What was taken in by then stays: the same box may simply be carried again. Kiosks tidy their
    sticks; a bucket is tidied here, once the answers lie there.
    """
    tally, answers, done, told = Tally(), dict[str, str](), list[str](), set[str]()
    waiting = quarantine(central.settings)
    take_requests(central, box, tally)
    release(central, waiting)
    for claims, file in in_order(box, tally):
        receipt = taken(central, waiting, file, tally, carrier)
        if receipt:
            answers[names.receipt_name(claims.ledger, claims.stream)] = receipt
            told.add(ledger_thumbprint(claims.ledger))
            done.append(names.batch_name(file))
    for name, token in answers.items():
        box.put(name, token.encode("ascii"))
    put_documents(central, box)
    put_trips(central, box, told)
    for name in done if carrier == OBJECTS else ():
        box.delete(name)
    return tally


def take_requests(central: Central, stick: Box, tally: Tally) -> None:
    """Remember who asks to be paired; a person decides."""
    for name in stick.names(".pair"):
        try:
            wanted, key = pairing.read((stick.read(name, MOST_TOKEN) or b"").decode("ascii", "replace").strip())
        except BadData:
            tally.damaged += 1
            continue
        if names.pair_name(key.thumbprint()) == name and central.regions.is_office(wanted.office):
            with central.store.write() as database:
                state = kiosks.ask(database, key.thumbprint(), wanted.office, central.clock.wall_ms())
            tally.pairing += state == "pending"


def in_order(stick: Box, tally: Tally) -> Iterator[tuple[Claims, bytes]]:
    """The whole batch files on a stick by ledger, stream and number; one file at a time in memory."""
    found: list[tuple[str, str, int, str]] = []
    for name in stick.names(".rekam"):
        head = stick.read(name, wire.MAX_JWS + 1)
        if head is None:
            continue  # gone since it was listed
        try:
            claims, _ = wire.read_token(head.partition(b"\n")[0].decode("ascii", "replace"))
            found.append((claims.ledger, claims.stream, claims.first, name))
        except BadData:
            tally.damaged += 1
    for _, _, _, name in sorted(found):
        file = stick.read(name, MOST_FILE) or b""
        if names.batch_name(file) == name:
            yield wire.read_token(file.partition(b"\n")[0].decode("ascii"))[0], file
        else:
            tally.damaged += 1


def taken(central: Central, waiting: Quarantine, file: bytes, tally: Tally, carrier: Carrier) -> str:
    """The receipt for a file that came by `carrier`; empty where it waits, or is no batch that is let in."""
    try:
        answer = take_in(central, file, carrier)
    except NotAllowed as fault:
        tally.add(kept(central, waiting, file, carrier) if fault.code == "unknown-kiosk" else "revoked")
        return ""
    except BadData:
        tally.damaged += 1
        return ""
    tally.add(ENDINGS[answer.status])
    return answer.receipt


def kept(central: Central, waiting: Quarantine, file: bytes, carrier: Carrier) -> str:
    """What became of a file of a kiosk that is not approved: only one that asked has files kept, as far as room is."""
    thumbprint = wire.read(file).thumbprint
    if state_of(central, thumbprint) != "pending":
        return "unasked"
    return "quarantined" if waiting.keep(thumbprint, file, carrier) else "no_room"


def state_of(central: Central, thumbprint: str) -> str:
    """What was made of a key; empty for one that never asked."""
    with central.store.session() as database:
        kiosk = kiosks.find(database, thumbprint)
    return str(kiosk.state) if kiosk is not None else ""


def release(central: Central, waiting: Quarantine) -> int:
    """Take in what waits of kiosks that are approved now; how many files. What nobody will approve is deleted."""
    count = 0
    for thumbprint in sorted(waiting.sizes):
        state = state_of(central, thumbprint)
        if state == "approved":
            count += sum(release_box(central, box, carrier) for carrier, box in waiting.boxes(thumbprint))
        elif state in UNWANTED:
            waiting.forget(thumbprint)
        else:
            continue
        waiting.tidy(thumbprint)
    return count


def release_box(central: Central, box: Box, carrier: Carrier) -> int:
    """Take in the files of one kiosk and carrier, one in memory, each deleted once it is in custody; how many."""
    count = 0
    for _, file in in_order(box, Tally()):
        try:
            take_in(central, file, carrier)
        except RekamError:
            continue
        box.delete(names.batch_name(file))
        count += 1
    return count


def put_documents(central: Central, stick: Box) -> None:
    """The key list, and the settings where there are any."""
    stick.put(names.KEYS, central.published.keys_token().encode("ascii"))
    if central.published.settings_version() != (0, 0):
        stick.put(names.SETTINGS, central.published.settings_token().encode("ascii"))


def put_trips(central: Central, stick: Box, kiosks_there: set[str]) -> None:
    """What is to be told to each of these kiosks, once everything that came with them is taken in."""
    for thumbprint in sorted(kiosks_there):
        if (told := telling.token(central, thumbprint)) is not None:
            stick.put(names.trips_name(thumbprint), told.encode("ascii"))
