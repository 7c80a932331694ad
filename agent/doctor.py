"""What is wrong here, since when, and what to do first: the object and the text of `rekam doctor`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from agent.actions import health
from agent.clock import DAY_MS
from agent.domain.explaining import Warning  # noqa: A004 — the word of everybody who reads it
from agent.domain.health import ProbeState, verdict
from agent.domain.kiosk_life import ACTIVE
from agent.domain.regions import ZONE_NAMES
from agent.errors import StoreError
from agent.office import Office
from agent.status import iso, life, link_now
from agent.store.database import Store
from agent.warning_words import probe_name
from agent.warning_words import said as said_of

EXIT: Final[dict[str, int]] = {"ok": 0, "warn": 1, "down": 2, "unknown": 3}


def examine(store: Store, office: Office, lang: str, *, agent_runs: bool | None = None) -> dict[str, Any]:
    """The object of `rekam doctor --json`; times are ISO 8601 in UTC, durations seconds.

    `outages` are those of the last day; `read_at` is when the agent last looked, None when it never did.
    `agent_runs` is what its socket says, None where nobody may ask: then a missing round tells.
    """
    newest = health.readings(store)
    found = health.warnings(store, explained=True)
    if agent_runs is False and newest and not any(warning.code == health.STOPPED for warning in found):
        found = (health.agent_stopped(store), *found)
    states = health.probe_states(store)
    return {
        "verdict": verdict_of(found, [each.state for each in states], looked=newest is not None),
        "office": office.code,
        "agent_runs": agent_runs,
        "life": life(store),
        "link": link_now(store),
        "warnings": [told(warning, lang) for warning in found],
        "readings": newest.values if newest else {},
        "read_at": iso(newest.t) if newest else None,
        "probes": [probe(each) for each in states],
        "outages": [outage(each) for each in health.outages(store, since=store.clock.wall_ms() - DAY_MS)],
    }


def probe(each: health.ProbeStanding) -> dict[str, Any]:
    """How a probe stands, as JSON."""
    since = iso(each.since) if each.since else None
    return {"probe": each.probe, "state": each.state, "code": each.code or None, "since": since}


def unseen(fault: StoreError) -> dict[str, Any]:
    """The object where the database cannot be read: nothing is recorded then, unless it is only closed to this user."""
    return {
        "verdict": "unknown" if fault.code in ("no-access", "database-busy", "older-database") else "down",
        "error": {"code": fault.code, "file": fault.file, "sentence": fault.sentence},
        "link": {"state": "unknown", "since": None, "evidence": ""},
        "warnings": [],
        "readings": {},
    }


def verdict_of(found: tuple[Warning, ...], states: list[ProbeState], *, looked: bool) -> ProbeState:
    """The worst of what stands unexplained; unknown where nobody looked, or a probe is silent."""
    if not looked:
        return "unknown"
    silent = (state for state in states if state == "unknown")
    return verdict([*(each.severity for each in found if each.explained_by is None), *silent])


def told(warning: Warning, lang: str) -> dict[str, Any]:
    """A warning with its words."""
    said = said_of(warning.code, warning.probe, lang)
    return {
        "code": warning.code,
        "probe": warning.probe,
        "severity": warning.severity,
        "since": iso(warning.since),
        "for_s": warning.for_s,
        "explained_by": warning.explained_by,
        "evidence": warning.evidence,
        "rate": warning.rate,
        "title": said.title,
        "officer": said.officer,
        "technician": said.technician,
    }


def outage(each: health.Outage) -> dict[str, Any]:
    """Last good, first bad, back again, and how long."""
    return {
        "probe": each.probe,
        "code": each.code,
        "last_good": iso(each.last_good) if each.last_good else None,
        "first_bad": iso(each.first_bad),
        "back": iso(each.back) if each.back is not None else None,
        "for_s": each.for_s,
        "explained_by": each.explained_by,
    }


SAYS: Final = {
    "id": {
        "ok": "Semua baik.", "warn": "Perlu perhatian.", "down": "Ada gangguan.", "unknown": "Belum diketahui.",
        "never": "Program latar belum pernah memeriksa komputer ini; jalankan `systemctl start rekam-agent`.",
        "since": "sejak", "officer": "Petugas", "technician": "Teknisi", "evidence": "Bukti", "rate": "kali sejam",
        "explains": "Ini juga menjelaskan", "over": "Sudah pulih dalam 24 jam terakhir:", "read": "Diperiksa",
        "silent": "Tidak menjawab pemeriksaan", "brought": "ikut terganggu",
        "suspended": "Anjungan ini dihentikan sementara", "retired": "Anjungan ini tidak dipakai lagi",
        "no_numbers": "warga tidak mendapat nomor. `rekam resume` memakainya lagi.",
        "repair": "mesin diperbaiki", "power": "listrik terganggu", "link": "jaringan terganggu",
        "building": "ruang tidak dapat dipakai", "staff": "petugas tidak di tempat", "moved": "layanan pindah",
        "other": "alasan lain",
        "badge-warn": "perlu perhatian", "badge-down": "gangguan",
        "hours": "jam", "minutes": "menit", "seconds": "detik",
    },
    "en": {
        "ok": "All is well.", "warn": "Needs attention.", "down": "Something is down.", "unknown": "Not known.",
        "never": "The background program has never looked at this computer; run `systemctl start rekam-agent`.",
        "since": "since", "officer": "Officer", "technician": "Technician", "evidence": "Evidence",
        "rate": "times an hour", "explains": "This also explains", "over": "Over within the last 24 hours:",
        "read": "Looked at", "silent": "Gave no answer when asked", "brought": "disturbed with it",
        "suspended": "This kiosk is suspended", "retired": "This kiosk is no longer in use",
        "no_numbers": "citizens get no numbers. `rekam resume` brings it back.",
        "repair": "machine under repair", "power": "power disturbed", "link": "network disturbed",
        "building": "room not usable", "staff": "officers away", "moved": "service moved", "other": "another reason",
        "badge-warn": "warn", "badge-down": "down", "hours": "h", "minutes": "min", "seconds": "s",
    },
}  # fmt: skip


def as_text(found: dict[str, Any], lang: str, zone: str) -> str:
    """The same for a person at a terminal, in local time: what explains others comes once, with them."""
    say = SAYS["en" if lang == "en" else "id"]
    head = [
        say[found["verdict"]],
        f"{say['read']}: {when(found['read_at'], zone)}" if found["read_at"] else say["never"],
    ]
    if found["life"]["state"] != ACTIVE:
        head.append(of_life(found["life"], say, zone))
    shown = [warning for warning in found["warnings"] if warning["explained_by"] is None]
    paragraphs = ["\n".join(of_warning(warning, found["warnings"], say, zone)) for warning in shown]
    silent = [
        f"{probe_name(each['probe'], lang)} ({say['since']} {when(each['since'], zone)})"
        for each in found["probes"]
        if each["state"] == "unknown" and each["since"]  # without: it has answered, and its answer is still being held
    ]
    if silent:
        paragraphs.append(f"{say['silent']}: {', '.join(silent)}")
    over = [each for each in found["outages"] if each["back"]]
    listed = [f"  {of_outage(each, over, lang, zone)}" for each in over if each["explained_by"] is None]
    return "\n\n".join(["\n".join(head), *paragraphs, *(["\n".join([say["over"], *listed])] if over else [])])


def of_life(life: dict[str, Any], say: dict[str, str], zone: str) -> str:
    """That no numbers are given here on purpose, since when and why."""
    return (
        f"{say[life['state']]} {say['since']} {when(life['since'], zone)} ({say[life['reason']]}): {say['no_numbers']}"
    )


def of_warning(warning: dict[str, Any], others: list[dict[str, Any]], say: dict[str, str], zone: str) -> Iterator[str]:
    """The lines of one warning."""
    often = f", {warning['rate']} {say['rate']}" if warning["rate"] else ""
    lasted = f"{say['since']} {when(warning['since'], zone)}, {duration(warning['for_s'], say)}{often}"
    yield f"[{say['badge-' + warning['severity']]}] {warning['title']} ({warning['code']}), {lasted}"
    yield f"  {say['officer']}: {warning['officer']}"
    yield f"  {say['technician']}: {warning['technician']}"
    if warning["evidence"]:
        yield f"  {say['evidence']}: {warning['evidence']}"
    explained = [each["title"] for each in others if each["explained_by"] == warning["code"]]
    if explained:
        yield f"  {say['explains']}: {', '.join(explained)}"


def of_outage(each: dict[str, Any], others: list[dict[str, Any]], lang: str, zone: str) -> str:
    """One that is over, in a line with what it brought about."""
    title, say = said_of(each["code"], each["probe"], lang).title, SAYS["en" if lang == "en" else "id"]
    brought = [
        said_of(other["code"], other["probe"], lang).title
        for other in others
        if other["explained_by"] == each["code"] and overlap(each, other)
    ]
    more = f"; {say['brought']}: {', '.join(brought)}" if brought else ""
    span = f"{when(each['first_bad'], zone)} – {when(each['back'], zone)}"
    return f"{title}: {span}, {duration(each['for_s'], say)}{more}"


def overlap(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two outages that are over stood at the same time."""
    return bool(one["first_bad"] <= other["back"] and other["first_bad"] <= one["back"])


def when(moment: str, zone: str) -> str:
    """`2026-11-23 10.02 WITA` of an ISO 8601 time in UTC."""
    here = datetime.fromisoformat(moment).astimezone(ZoneInfo(zone))
    return f"{here:%Y-%m-%d %H.%M} {ZONE_NAMES.get(zone, zone)}"


def duration(seconds: int, say: dict[str, str]) -> str:
    """`38 menit`, `2 jam 05 menit`, `40 detik`."""
    minutes, hours = seconds // 60, seconds // 3600
    if minutes == 0:
        return f"{seconds} {say['seconds']}"
    in_hours = f"{hours} {say['hours']} {minutes % 60:02d} {say['minutes']}"
    return in_hours if hours else f"{minutes} {say['minutes']}"
