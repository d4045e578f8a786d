"""What somebody wrote on a page that could not be taken, so that she need not write it twice.

It goes back to her own browser only, and only if the form came from a page of ours: otherwise a
stranger's page could write the words and she would press the button for him. A secret never goes
back, and nothing at all does where one signs in or proves who one is.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import request

from union.web.secret_names import is_secret

_ONLY_SECRETS = ("identity.",)
"""Pages where all that is written opens or proves something: numbers and cards are secrets too."""


@dataclass(frozen=True, slots=True)
class Again:
    """Where the form goes, and its fields as they were written."""

    address: str
    written: tuple[tuple[str, str], ...]


def written_again() -> Again | None:
    """What to offer for sending once more, or None if there is nothing to keep."""
    if request.method != "POST" or not request.form or not from_our_own_page():
        return None
    if (request.endpoint or "").startswith(_ONLY_SECRETS):
        return None
    kept = tuple(
        (name, value) for name, value in request.form.items(multi=True) if not is_secret(name)
    )
    return Again(request.full_path.rstrip("?"), kept) if kept else None


def from_our_own_page() -> bool:
    """Whether the browser says that a page of ours sent this; an old one tells it by its origin."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == request.host_url.rstrip("/")
