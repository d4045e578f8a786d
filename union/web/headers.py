"""The headers of every answer: pages, errors, streams, files, and what is not modified.

It decides nothing by who asks. An answer may say more than this of its own, never less of a ban.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, request

from union.web.current import kit

if TYPE_CHECKING:
    from flask import Flask

_CLOSED = (
    "accelerometer",
    "bluetooth",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
_OWN = ("publickey-credentials-create", "publickey-credentials-get")


def permissions(*own: str) -> str:
    """What a page may ask of the telephone: ``own`` and keys to sign in with, nothing else."""
    shut = [name for name in _CLOSED if name not in own]
    return ", ".join([*(f"{name}=()" for name in shut), *(f"{name}=(self)" for name in own + _OWN)])


HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
        " font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self';"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "X-DNS-Prefetch-Control": "off",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Origin-Agent-Cluster": "?1",
    "Permissions-Policy": permissions("geolocation"),
}
"""Of every answer. Nothing from outside, nothing inline, no address told to anybody."""

ONLY_ENCRYPTED = "max-age=63072000"
"""Two years; subdomains are somebody else's to promise."""


def install(app: Flask) -> None:
    """Set them on whatever goes out."""
    app.after_request(_set_headers)


def _set_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    if request.is_secure or kit().settings.secure_cookies:
        response.headers["Strict-Transport-Security"] = ONLY_ENCRYPTED
    return response
