"""The page for central IT: kiosks, what they sent, what they lack; behind the admin token."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from agent.errors import NotAllowed
from central.http.access import COOKIE, HOURS, cookie, is_cookie, is_token
from central.opening import Central
from central.overview import overview

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
MOST_TOKEN: Final = 200


def blueprint(central: Central) -> Blueprint:
    """The routes for people."""
    routes = Blueprint("pages", __name__)

    @routes.get("/")
    def fleet() -> AnyResponse | str:
        if not may_look(central):
            return redirect(url_for("pages.sign_in"))
        return render_template("fleet.html", **overview(central, page=request.args.get("page", 1, type=int)))

    @routes.get("/sign-in")
    def sign_in() -> str:
        return render_template("sign_in.html", wrong=False)

    @routes.post("/sign-in")
    def signed_in() -> AnyResponse | tuple[str, int]:
        if not is_token(request.form.get("token", "")[:MOST_TOKEN], central.admin_token):
            return render_template("sign_in.html", wrong=True), 403
        return let_in(central)

    @routes.post("/sign-out")
    def signed_out() -> AnyResponse:
        response = redirect(url_for("pages.sign_in"), 303)
        response.delete_cookie(COOKIE, samesite="Strict", httponly=True)
        return response

    routes.after_app_request(guarded)
    return routes


def guarded(response: Response) -> Response:
    """No script, no frame, no cache, no foreign origin on any page."""
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    if response.mimetype == "text/html":
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["Cache-Control"] = "no-store"
    return response


def may_look(central: Central) -> bool:
    """Whether the caller has signed in or shows the admin token; raises NotAllowed for a wrong one in a header."""
    header = request.headers.get("Authorization", "")
    if header:
        if header.startswith("Bearer ") and is_token(header.removeprefix("Bearer "), central.admin_token):
            return True
        raise NotAllowed("sign-in", "this is not the admin token", field="Authorization")
    return is_cookie(request.cookies.get(COOKIE, ""), central.admin_token, central.clock.wall_ms())


def let_in(central: Central) -> AnyResponse:
    """The first page, with a cookie that is sent to this site alone, never to scripts, over TLS where TLS is used."""
    response = redirect(url_for("pages.fleet"), 303)
    signed = cookie(central.admin_token, central.clock.wall_ms())
    response.set_cookie(
        COOKIE, signed, max_age=HOURS * 3600, httponly=True, samesite="Strict", secure=request.is_secure
    )
    return response
