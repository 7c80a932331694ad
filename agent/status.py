"""How this office stands, for `rekam status`, the local API and the technician's page."""

from __future__ import annotations

from typing import Any

import msgspec

from agent.actions import kiosk_life
from agent.actions.day import newest_day
from agent.clock import local, utc
from agent.domain import allowance
from agent.domain.kiosk_life import ACTIVE
from agent.domain.link import OFFICER, officer_words
from agent.job_log import job_states
from agent.office import Office
from agent.store import ledger, link_log, spending
from agent.store.database import Store
from agent.store.ledger import StreamState
from agent.wire import base64url, pairing
from agent.wire.line import ledger_thumbprint
from agent.wire.receipt import Receipt


def status(store: Store, office: Office) -> dict[str, Any]:
    """The object of `rekam status --json`; its shape is in docs/architecture.md. Times are ISO 8601 UTC."""
    states = ledger.states(store)
    thumbprint = ledger_thumbprint(states[0].ledger)
    day = newest_day(store)
    return {
        "ledger": states[0].ledger,
        "kiosk": thumbprint,
        "office": office.code,
        "queue_day": {"number": day.number, "date": day.date.isoformat(), "open": day.is_open} if day else None,
        "streams": {state.name: of_stream(store, state) for state in states},
        "life": life(store),
        "link": link_now(store),
        "budget": budget(store, office),
        "settings": list(office.sent().version),
        "pairing": {
            "state": ledger.facts(store, "pairing").get("pairing", "unpaired"),
            "code": pairing.code(thumbprint),
        },
        "jobs": [
            {"name": job.name, "last": iso(job.last), "next": iso(job.next), "error": job.error}
            for job in job_states(store.home)
        ],
        "receipt": newest_receipt(store),
    }


def of_stream(store: Store, state: StreamState) -> dict[str, Any]:
    """One stream: numbers, ranges above a gap, refused lines, age of the oldest unsent line in s."""
    since = state.oldest_unsent_t
    return {
        "last": state.last,
        "held": state.held,
        "also": [{"first": above.first, "last": above.last} for above in state.also],
        "refused": state.refused,
        "oldest_unsent_s": 0 if since is None else max(0, (store.clock.wall_ms() - since) // 1000),
    }


def budget(store: Store, office: Office) -> dict[str, int] | None:
    """The day's bytes, those that are spent, and how many lines wait for tomorrow's; None where nobody counts."""
    daily = office.settings.upload.daily_bytes
    if not daily:
        return None
    today = local(store.clock.wall_ms(), office.zone).date()
    left = allowance.left(spending.spent_on(store), today, daily)
    return {"daily_bytes": daily, "spent": daily - left, "held_back": spending.held_back(store, today)}


def life(store: Store) -> dict[str, Any]:
    """Whether this kiosk is at work, suspended or retired, since when and why; None for one that was never moved."""
    change = kiosk_life.last_change(store)
    if change is None:
        return {"state": ACTIVE, "since": None, "reason": None}
    return {"state": change.state, "since": iso(change.t), "reason": change.reason}


def link_now(store: Store) -> dict[str, Any]:
    """The link's last state, since when, and what told it."""
    found = link_log.current(store)
    if found is None:
        return {"state": "unknown", "since": None, "evidence": ""}
    return {"state": found.state, "since": iso(found.t), "evidence": found.evidence}


def newest_receipt(store: Store) -> dict[str, Any] | None:
    """The receipt that came last, by central's own clock; None before the first."""
    kept = ledger.facts(store, "receipt@enrollments", "receipt@health")
    receipts = [payload(token) for token in kept.values()]
    if not receipts:
        return None
    newest = max(receipts, key=lambda receipt: receipt.at)
    return {"stream": newest.stream, "epoch": newest.epoch, "seq": newest.seq, "at": iso(newest.at)}


def payload(token: str) -> Receipt:
    """What a kept receipt says; it was verified before it was kept."""
    return msgspec.json.decode(base64url.decode(token.split(".")[1], field="receipt"), type=Receipt)


def iso(wall_ms: int) -> str:
    """A wall clock as ISO 8601 in UTC, to the second."""
    return utc(wall_ms).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_text(found: dict[str, Any]) -> str:
    """The status for a person at a terminal."""
    lines = [f"office {found['office']}   ledger {found['ledger']}"]
    for name, stream in found["streams"].items():
        unsent = stream["last"] - stream["held"]
        lines.append(
            f"{name:12} last {stream['last']}, held {stream['held']}, unsent {unsent}"
            f" (oldest {stream['oldest_unsent_s']} s), refused {stream['refused']}"
        )
    if (life := found["life"])["state"] != ACTIVE:
        lines.append(f"kiosk        {life['state']} since {life['since']} ({life['reason']}): citizens get no numbers")
    link = found["link"]
    lines.append(f"link         {link['state']} since {link['since'] or '-'} {link['evidence']}".rstrip())
    if link["state"] in OFFICER:
        lines.append(f"officer      {officer_words(link['state'], link['evidence']).id}")
    if spent := found["budget"]:
        waits = f", {spent['held_back']} lines wait for tomorrow's bytes" if spent["held_back"] else ""
        lines.append(f"budget       {spent['spent']} of {spent['daily_bytes']} bytes spent today{waits}")
    lines.append(f"pairing      {found['pairing']['state']}, code {found['pairing']['code']}")
    receipt = found["receipt"]
    lines.append(f"receipt      {receipt['stream']} at {receipt['at']}" if receipt else "receipt      none yet")
    lines += [
        f"job          {job['name']}: next {job['next']}" + (f", error {job['error']}" if job["error"] else "")
        for job in found["jobs"]
    ]
    return "\n".join(lines)
