"""What stands between a page and a sign-in that has not proven enough for it; loses nothing.

On the way to a page she is sent to the door that asks for more. Where something was sent already,
it comes back to her own browser and goes with her through that door, to be sent from behind it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app, redirect, request, url_for
from werkzeug.exceptions import HTTPException

from union.web.again import Again, written_again
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

DOOR = "identity.prove"
KEPT_ADDRESS = "kept-address"
KEPT = "kept-field-"
_LOOKS = {"GET", "HEAD"}


def door_stands() -> bool:
    """Whether there is a page that asks for more proof; without one nothing more is asked."""
    return DOOR in current_app.view_functions


def prove_first() -> ResponseReturnValue:
    """Send her to the door; what she had written already goes there with her."""
    if request.method in _LOOKS:
        return redirect(url_for(DOOR, back=request.full_path.rstrip("?")), code=303)
    return page("errors/prove_first.html", again=written_again(), door=url_for(DOOR)), 403


def kept_through_the_door() -> Again | None:
    """What came through the door with her, to be sent once more; None if there was nothing."""
    address = request.form.get(KEPT_ADDRESS, "")
    if not _takes_forms(address):
        return None
    written = tuple(
        (name.removeprefix(KEPT), value)
        for name, value in request.form.items(multi=True)
        if name.startswith(KEPT)
    )
    return Again(address, written)


def _takes_forms(address: str) -> bool:
    """Whether something can be sent to this address, and it is one of ours."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or "\\" in address:
        return False
    try:
        current_app.url_map.bind("").match(parts.path, method="POST")
    except HTTPException:
        return False
    return True
