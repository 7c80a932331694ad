"""Who may ask: host names, other sites, and what every answer tells the browser."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.exceptions import MisdirectedRequest

from agent.errors import NotAllowed
from kiosk_ui.kiosk import kiosk

HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; media-src 'self';"
        " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def guard(app: Flask) -> None:
    """Check each request's host and seal each answer."""
    app.before_request(refuse_strange_hosts)
    app.before_request(refuse_plain_network)
    app.after_request(add_headers)


def refuse_strange_hosts() -> None:
    """Refuse a name that a web site elsewhere pointed at this machine (DNS rebinding).

    An address is no such name, so staff on the office's network reach it by its address.
    """
    name = host_name(request.host)
    if not is_known(name):
        raise MisdirectedRequest("this machine is not known by that name")


def refuse_plain_network() -> None:
    """Raises NotAllowed `plain-http` where another machine asks without TLS: PINs would travel in the open."""
    if not request.is_secure and not is_this_machine(request.remote_addr or ""):
        raise NotAllowed("plain-http", "from another machine these pages are reached by https only")


def is_this_machine(peer: str) -> bool:
    """Whether an address is this machine's own loopback."""
    try:
        return ip_address(peer).is_loopback
    except ValueError:
        return False


def host_name(host: str) -> str:
    """`[::1]:8080` → `::1`, `localhost:8080` → `localhost`; empty for what is no host."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def is_known(name: str) -> bool:
    """Whether this listener answers to that name."""
    here = kiosk()
    configured = getattr(here.office.settings.web, here.listener).host
    if name in ("localhost", configured):
        return True
    try:
        return ip_address(name).is_loopback or here.listener == "staff"
    except ValueError:
        return False


def add_headers(answer: Response) -> Response:
    """What keeps a browser from mixing these pages with anything else, and from keeping them."""
    answer.headers.update(HEADERS)
    if request.endpoint != "static":
        answer.headers["Cache-Control"] = "no-store"
    return answer


def refuse_other_sites() -> None:
    """Raises NotAllowed `cross-site` where a browser says that another site asks."""
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    origin = request.headers.get("Origin", request.host_url)
    if site not in ("same-origin", "none") or urlsplit(origin).netloc != request.host:
        raise NotAllowed("cross-site", "numbers are given to this kiosk's own pages only")
