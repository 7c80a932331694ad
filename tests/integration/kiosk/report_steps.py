"""What a report's page shows and what its numbers open, read as a person does who touches each of them."""

from __future__ import annotations

import re
from typing import NamedTuple

from flask.testing import FlaskClient

from tests.integration.kiosk.steps import Page, visit

COUNTED = re.compile(r'<a\b([^>]*\bdata-counts="(rows|sum)"[^>]*)>([\d.-]+)</a>')
BARE = re.compile(r"<(?:td|th|b)\b[^>]*(?:number)?[^>]*>\s*([\d.]+)\s*</(?:td|th|b)>")
SHOWN = re.compile(r'data-testid="list-(total|sum)">[^<]*?(-?[\d.]+)[^<]*<')


class Number(NamedTuple):
    """A number of a page: which list it opens, and whether it is that list's length or sum."""

    address: str
    by: str
    number: int


def numbers(page: Page) -> list[Number]:
    """Every number of a page that opens a list."""
    html = page.answer.get_data(as_text=True)
    found = COUNTED.findall(html)
    return [Number(address(attributes), by, whole(text)) for attributes, by, text in found]


def bare(page: Page) -> list[str]:
    """Numbers in the cells of tables that open nothing, though they are not only read off."""
    return BARE.findall(page.answer.get_data(as_text=True))


def address(attributes: str) -> str:
    return re.search(r'href="([^"]+)"', attributes)[1].replace("&amp;", "&")


def whole(text: str) -> int:
    return int(text.replace(".", ""))


def told(client: FlaskClient, number: Number) -> int:
    """What the list says that a number opens."""
    html = visit(client, number.address).answer.get_data(as_text=True)
    return {name: whole(text) for name, text in SHOWN.findall(html)}["sum" if number.by == "sum" else "total"]


def csv(client: FlaskClient, path: str) -> list[list[str]]:
    """A spreadsheet's rows."""
    text = client.get(path).get_data().decode("utf-8-sig")
    return [line.split(";") for line in text.splitlines()]
