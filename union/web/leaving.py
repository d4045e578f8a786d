"""Leaving in a hurry and signing out, as a browser sees them: what it is told to forget.

Leaving needs no token, for a page that stood open for days must still let her go. It can do one
thing, ending her own sign-in, and a page of a stranger's cannot even do that.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, request, url_for

if TYPE_CHECKING:
    from flask import Flask
    from flask.typing import ResponseReturnValue
    from flask_wtf import CSRFProtect

LEAVE, AWAY, SIGN_OUT = "identity.leave", "identity.away", "identity.sign_out"
NOTHING = "leaving.nothing"

FORGET = '"cache"'
"""What a browser is told to clear. Never "storage": it would wipe a collector's unsent receipts and
the worker that lets a notice through at night. Never "cookies": it would take the language too; the
sign-in's own cookie is ended by name."""

_STRANGERS = ("cross-site", "same-site")


def install(app: Flask, csrf: CSRFProtect) -> None:
    """Let leaving be asked for without a token, by pages of our own only."""
    csrf.exempt(app.view_functions[LEAVE])
    app.add_url_rule("/away/nothing.svg", NOTHING, _nothing)
    app.before_request(_not_for_strangers)
    app.after_request(_forget)


def _nothing() -> ResponseReturnValue:
    """A picture of nothing on the page she is left with: with it the browser clears what it kept.

    Clearing can take a phone seconds, so it never stands between her and the other page.
    """
    return Response('<svg xmlns="http://www.w3.org/2000/svg"/>', mimetype="image/svg+xml")


def _not_for_strangers() -> ResponseReturnValue | None:
    """A page of somebody else's that posts here is shown the calendar, and nothing is ended."""
    if request.endpoint != LEAVE or not _strangers_page():
        return None
    return redirect(url_for(AWAY))


def _strangers_page() -> bool:
    """Whether the browser says so; one too old to say sends such a post without our cookie."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin", "null")
    if site is not None:
        return site in _STRANGERS
    return origin not in {"null", request.host_url.rstrip("/")}


def _forget(response: Response) -> Response:
    by_script = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    if request.endpoint in {SIGN_OUT, NOTHING} or (request.endpoint == LEAVE and by_script):
        response.headers["Clear-Site-Data"] = FORGET
    return response
