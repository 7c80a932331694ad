"""Who is signed in on the staff's pages, for how long, and what they may open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from flask import Flask, g, redirect, request, session
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeSerializer
from werkzeug.wrappers import Response

from agent.actions.counters import IDLE_MS
from agent.actions.officers import SignedIn, officers
from agent.errors import NotAllowed
from kiosk_ui import places
from kiosk_ui.kiosk import NAME, kiosk
from kiosk_ui.navigation import here

KEPT: Final = ("lang", "screen")
DOORS: Final = ("/masuk", "/keluar", "/pin")
UNATTENDED: Final = "X-Rekam-Auto"  # a page that refreshes itself is no sign of a person


class _Timeless(URLSafeSerializer):
    """A signature without a date: a wall clock that is set back must sign nobody out."""

    def loads(self, s: str | bytes, salt: str | bytes | None = None, **_age: Any) -> Any:
        return super().loads(s, salt)


class OfficeSessions(SecureCookieSessionInterface):
    """Flask's signed cookie; its age is counted by `seen` on the clock that never jumps."""

    def get_cookie_secure(self, _app: Flask) -> bool:
        """Over TLS the cookie never travels without it; on this machine itself there is none."""
        return request.is_secure

    def get_signing_serializer(self, app: Flask) -> Any:
        """The signer of the cookie."""
        return _Timeless(
            app.config["SECRET_KEY"],
            salt=self.salt,
            serializer=self.serializer,
            signer_kwargs={"key_derivation": self.key_derivation, "digest_method": self.digest_method},
        )


def keep_sessions(app: Flask) -> None:
    """Sessions for the staff's pages, which no other site's page can ride on."""
    from flask_wtf.csrf import CSRFError, CSRFProtect

    from kiosk_ui.api import api

    app.session_interface = OfficeSessions()
    app.config.update(
        SESSION_COOKIE_NAME="rekam-latihan" if app.extensions[NAME].office.settings.training.on else "rekam",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
    )
    CSRFProtect(app).exempt(api)
    app.register_error_handler(CSRFError, stale_form)


def stale_form(_error: Exception) -> Response:
    """A form of a session that ended: the page says so and opens the form again, for staff after they signed in."""
    from kiosk_ui.pages import error_page

    if kiosk().listener == "staff" and signed_in() is None:
        return ask_again()
    page = here(request.path)
    return error_page(400, "csrf", page.path if page else "/")


def ask_again() -> Response:
    """The sign-in, with why it is asked: a form that was not taken, or nobody there for too long."""
    if request.method == "POST" and request.path not in DOORS:
        return redirect("/masuk?why=lost", 303)
    return redirect("/masuk?why=idle" if whose() else "/masuk", 303)


def begin(officer: SignedIn) -> None:
    """Start a session; what an earlier one knew is gone, except the language and the screen that it came from."""
    start_over()
    session["officer"], session["session"] = officer.number, officer.session
    touch()


def start_over() -> None:
    """Forget who was there; the language and the screen that they came from stay."""
    kept = {name: session[name] for name in KEPT if name in session}
    session.clear()
    session.update(kept)


def touch() -> None:
    """Somebody is there."""
    session["boot"], session["seen"] = kiosk().store.boot, kiosk().store.clock.boot_ms()


def whose() -> SignedIn | None:
    """The officer whose session this is, idle or not; None after it ended, also for a cookie that was kept."""
    mine = (session.get("officer"), session.get("session"))
    return next((officer for officer in officers(kiosk().store) if (officer.number, officer.session) == mine), None)


def signed_in() -> SignedIn | None:
    """The officer of this request; None when nobody is signed in, or was idle for too long."""
    store = kiosk().store
    idle = store.clock.boot_ms() - session.get("seen", 0)
    if "officer" not in session or session.get("boot") != store.boot or not 0 <= idle < IDLE_MS:
        return None
    return whose()


def only_supervisors(sentence: str) -> None:
    """Raises NotAllowed `forbidden`, with that sentence, for the request of anybody else."""
    if g.officer.role != "supervisor":
        raise NotAllowed("forbidden", sentence)


def only_for(*roles: str) -> Callable[[], Response | None]:
    """A check before each request of a screen: signed in, with a PIN of one's own, in one of `roles`.

    Raises NotAllowed `forbidden` for another role.
    """

    def check() -> Response | None:
        officer = signed_in()
        if officer is None:
            away = whose()
            if away is not None:
                places.leave(away.number)  # nobody is there: the counter serves nobody
            return ask_again()
        if officer.pin_once:
            return redirect("/pin", 303)
        g.officer = officer
        if officer.role not in roles:
            raise NotAllowed("forbidden", f"this page is for {' and '.join(roles)}")
        if UNATTENDED not in request.headers:
            touch()
            places.attend()
        return None

    return check
