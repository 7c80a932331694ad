"""The page of one kiosk: what became of its lines, day by day."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from agent.domain.custody import Until
from agent.errors import NotFound
from central.account import kiosk_page
from central.http.pages import may_look
from central.opening import Central


def blueprint(central: Central) -> Blueprint:
    """The route of a kiosk's page."""
    routes = Blueprint("kiosk", __name__)

    @routes.get("/kiosks/<thumbprint>")
    def show(thumbprint: str) -> Response | str:
        if not may_look(central):
            return redirect(url_for("pages.sign_in"))
        last = request.args.get("to", 0, type=int)
        until = Until(request.args.get("ledger", ""), last) if last > 0 else None
        found = kiosk_page(central, thumbprint, request.args.get("stream", ""), until)
        if found is None:
            raise NotFound("no-such-kiosk", "no kiosk with this thumbprint ever asked to be known")
        return render_template("kiosk.html", **found)

    return routes
