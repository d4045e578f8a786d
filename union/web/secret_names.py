"""Which fields hold a secret of hers: they are in no hash, are handed back to nobody, kept nowhere.

It decides by a field's name alone, so that the form a page was sent from need not be known.
"""

from __future__ import annotations

import re

_SECRET = frozenset(
    {"code", "csrf", "digits", "passphrase", "password", "pin", "secret", "token", "word"}
)
_PARTS = re.compile(r"[_\-.0-9]+")


def is_secret(name: str) -> bool:
    """Whether one part of a field's name says that it holds a secret: "new_pin", "digits-2"."""
    return not _SECRET.isdisjoint(_PARTS.split(name.lower()))
