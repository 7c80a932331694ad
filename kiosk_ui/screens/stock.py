"""The stock: what is left and for how long, the book, and what came in, was spoiled or counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from flask import Blueprint, flash, g, redirect, request
from werkzeug.wrappers import Response

from agent.actions import stock as book
from agent.actions.stock import Entry
from agent.domain.stock import SPOILED
from agent.errors import BadData
from kiosk_ui import figures
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import day_and_time, page, reader
from kiosk_ui.sessions import only_for

stock = Blueprint("stock", __name__, url_prefix="/stok")
stock.before_request(only_for("officer", "supervisor"))
SHOWN: Final = 50
NO_NUMBER: Final = -1


@stock.get("")
def show() -> Response:
    """Everything on one page."""
    here = kiosk()
    return page(
        "stock.html",
        standings=book.overview(here.store, here.office),
        movements=book.book(here.store, SHOWN),
        reasons=SPOILED,
        request_id=here.request_id(),
        when=day_and_time,
    )


@stock.post("/terima")
def receive() -> Response:
    """Pieces came in, entered one by one or by packs."""
    here, entry = kiosk(), entered(packs=True)
    return kept(entry, "stock.received", lambda: book.receive(here.store, here.office, entry))


@stock.post("/rusak")
def spoil() -> Response:
    """Pieces were spoiled."""
    here, entry = kiosk(), entered()
    return kept(entry, "stock.spoiled", lambda: book.spoil(here.store, here.office, entry))


@stock.post("/hitung")
def count() -> Response:
    """Somebody counted."""
    here, entry = kiosk(), entered()
    return kept(entry, "stock.counted", lambda: book.count(here.store, here.office, entry))


def entered(*, packs: bool = False) -> Entry:
    """What stands in the form; an amount that is no number becomes one that is refused."""
    form = request.form
    item, amount = form.get("item", ""), amount_of(form.get("amount", ""))
    known = kiosk().office.stock.items.get(item)
    if packs and known and form.get("unit") == "pack":
        amount *= known.pack
    asked = form.get("request_id", "")[:64]
    return Entry(item=item, amount=amount, by=g.officer.number, request_id=asked, reason=form.get("reason", ""))


def amount_of(typed: str) -> int:
    """`2.600` or `2600`; NO_NUMBER for what is none."""
    try:
        amount = figures.whole(typed, "amount")
    except BadData:
        return NO_NUMBER
    return NO_NUMBER if amount is None else amount


def kept(entry: Entry, word: str, enter: Callable[[], int]) -> Response:
    """Enter it and say what came of it, or say kindly why not."""
    words, item = reader(), kiosk().office.stock.items.get(entry.item)
    try:
        told = enter()
    except BadData as fault:
        flash(words.say(f"stock.fault.{fault.code}" if words.has(f"stock.fault.{fault.code}") else "err.generic"))
        return redirect("/stok", 303)
    name = words.of(item.name) if item else entry.item
    if word == "stock.counted":
        word, told = f"stock.counted_{'same' if not told else 'more' if told > 0 else 'less'}", abs(told)
    flash(words.say(word, apa=name, n=words.number(entry.amount), sisa=words.number(told)))
    kiosk().wake_agent()
    return redirect("/stok", 303)
