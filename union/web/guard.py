"""Stands before every page: holds the access table, and sets the headers of every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Flask, Response, abort, redirect, request, url_for

from union.kernel.errors import NotAllowedError
from union.web.access import row_of
from union.web.current import current_actor

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(self)",
}
"""Of every answer. Nothing from outside, nothing inline, no address told to anybody."""


def install(app: Flask) -> None:
    """Guard the application; every route must stand in the access table already."""
    for rule in app.url_map.iter_rules():
        row_of(rule.endpoint)
    app.before_request(_hold_access)
    app.after_request(_set_headers)


def _hold_access() -> ResponseReturnValue | None:
    if request.endpoint is None:
        return None
    row = row_of(request.endpoint)
    if row.public:
        return None
    actor = current_actor()
    if actor.account_id is None:
        if request.method != "GET":
            abort(401)
        return redirect(url_for("identity.sign_in", back=request.full_path.rstrip("?")))
    if not actor.has(*row.roles):
        raise NotAllowedError
    return None


def _set_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = "max-age=63072000"
    return response
