"""A citizen who reads a page and touches what is on it, without JavaScript."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

from flask.testing import FlaskClient


class Form:
    """A form of a page: where it goes, how, and what it carries."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.action = attributes.get("action", "")
        self.method = attributes.get("method", "get").lower()
        self.fields: dict[str, str] = {}
        self.buttons: list[dict[str, str]] = []


class Reader(HTMLParser):
    """Finds forms, links, test ids and the words that a person reads."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[dict[str, str]] = []
        self.words: list[str] = []
        self.texts: dict[str, str] = {}
        self.open: Form | None = None
        self.wanted: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.wanted = attributes.get("data-testid")
        if tag == "form":
            self.open = Form(attributes)
            self.forms.append(self.open)
        elif tag == "a":
            self.links.append(attributes)
        elif self.open and tag == "button":
            self.open.buttons.append(attributes)
        elif self.open and tag == "input" and attributes.get("type") != "checkbox":
            self.open.fields[attributes.get("name", "")] = attributes.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None

    def handle_data(self, data: str) -> None:
        self.words.append(data)
        if self.wanted and data.strip():
            self.texts[self.wanted] = data.strip()


class Page:
    """An answer as somebody sees it."""

    def __init__(self, client: FlaskClient, answer: Any) -> None:
        self.client = client
        self.answer = answer
        self.path = answer.request.path
        self.status = answer.status_code
        self.reader = Reader()
        self.reader.feed(answer.get_data(as_text=True))

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.reader.words).split())

    def shown(self, testid: str) -> str:
        """The text of an element."""
        return self.reader.texts[testid]

    def has(self, testid: str) -> bool:
        return testid in self.answer.get_data(as_text=True)

    def touch(self, testid: str, **typed: str) -> Page:
        """Touch a button, with what was typed into the form around it."""
        for form in self.reader.forms:
            for button in form.buttons:
                if button.get("data-testid") == testid:
                    pressed = {button["name"]: button.get("value", "")} if "name" in button else {}
                    return self.send(form, {**form.fields, **typed, **pressed})
        raise AssertionError(f"no button {testid} on {self.path}")

    def send(self, form: Form, fields: dict[str, str]) -> Page:
        if form.method == "post":
            return Page(self.client, self.client.post(form.action, data=fields, follow_redirects=True))
        path = form.action.partition("?")[0]
        return Page(self.client, self.client.get(path, query_string=fields, follow_redirects=True))

    def follow(self, lang: str) -> Page:
        """Touch the link, or the button of a page that was sent, to another language."""
        for form in self.reader.forms:
            if any(button.get("lang") == lang for button in form.buttons):
                return self.send(form, form.fields)
        link = next(link for link in self.reader.links if link.get("lang") == lang)
        return visit(self.client, urljoin(self.path, link["href"]))


def visit(client: FlaskClient, path: str) -> Page:
    """Open an address."""
    return Page(client, client.get(path, follow_redirects=True))


def sign_in(client: FlaskClient, name: str, pin: str) -> Page:
    """Sign in on the staff's pages."""
    return visit(client, "/masuk").touch("sign-in", name=name, pin=pin)


def form_to(page: Page, ending: str) -> Form:
    """The first form of a page whose address ends so."""
    return next(form for form in page.reader.forms if form.action.endswith(ending))
