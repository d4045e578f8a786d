"""How long a sign-in lasts, and what is kept of the browser it is on."""

from __future__ import annotations

from datetime import timedelta

SIGN_IN_LASTS = timedelta(hours=12)
"""A working night; after it one signs in again."""

MEMBER_RESTS = timedelta(minutes=15)
"""A member's telephone that lies about is shut again by itself."""

OFFICE_RESTS = timedelta(minutes=60)
"""A quiet night at the desk; the board looks for news by itself, which counts as use."""

SEEN_EVERY = timedelta(minutes=5)
"""Use is written down no more often than this."""

BROWSERS = ("android", "iphone", "windows", "mac")
"""All that is kept of what a browser says of itself; everything else is "other"."""

_SAYS = (
    ("android", "android"),
    ("iphone", "iphone"),
    ("ipad", "iphone"),
    ("windows", "windows"),
    ("macintosh", "mac"),
)


def kind_of_browser(says: str) -> str:
    """One of five words for what a browser says of itself."""
    said = says.casefold()
    return next((word for sign, word in _SAYS if sign in said), "other")
