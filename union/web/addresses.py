"""Where a page may send her next: to a page of this application and nowhere else, ever."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from flask import current_app
from werkzeug.exceptions import HTTPException

LONGEST = 2000
"""Characters; no address of ours is longer."""

_PLAIN = re.compile(r"/(?!/)[A-Za-z0-9\-._~!$&'()*+,;=:@%/?]*")
"""A path and its question, as browsers write them: no space, no backslash, nothing unseen."""

_ODD = re.compile(r"//|/\.{1,2}(/|$)|%(2e|2f|5c|0.|1.|7f)", re.IGNORECASE)
"""What a browser or a proxy may read as another place than it looks."""

_OTHER_SCRIPTS = re.compile(r"[^\x00-\x7f]+")


def own_address(back: str | None, otherwise: str) -> str:
    """``back`` if it is the address of a page of ours that can be opened, else ``otherwise``.

    An open redirect lets a stranger borrow our name: the address must be plain, name no host
    and be one that this application answers to when it is opened.
    """
    written = _OTHER_SCRIPTS.sub(lambda some: quote(some[0], errors="replace"), back or "")
    if len(written) > LONGEST or not _PLAIN.fullmatch(written):
        return otherwise
    path = urlsplit(written).path
    return written if not _ODD.search(path) and _is_a_page(path) else otherwise


def _is_a_page(path: str) -> bool:
    asked = current_app.url_map.bind("")
    try:
        asked.match(path, method="GET")
    except HTTPException:
        return False
    return True
