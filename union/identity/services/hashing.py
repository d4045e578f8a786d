"""How a secret that she types is kept: as an argon2id hash, and never otherwise.

Every secret typed at a door is tried at the full price, also where nothing is kept to try it
against: how long an answer takes tells nothing.
"""

from __future__ import annotations

import secrets
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

_HASHER = PasswordHasher(time_cost=2, memory_cost=47104, parallelism=1)
"""Argon2id with 46 MiB and one lane, above the least that OWASP's cheat sheet asks for."""

_NOBODYS_HASH = (
    "$argon2id$v=19$m=47104,t=2,p=1$NbSVnWKY9rTd6t6P++MgWQ"
    "$TNxvJYCf585bMfgxAd7n9tbsYA2/v3OUmpyHd/fBXfo"
)
"""What is tried where nothing is kept, at the full price: its answer takes as long as others'.

Written down, so that no process pays for making it when it starts.
"""


_MARK = "$argon2id$"
_SIZES = (16, 32)
"""Bytes of salt and of hash, as the library makes them."""


def hash_secret(text: str) -> str:
    """The hash by which a secret is kept."""
    return _HASHER.hash(text)


def hash_of_nothing() -> str:
    """A hash like any other with no secret behind it: nobody reads in a copy who set one."""
    salt, hashed = (b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in _SIZES)
    cost = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    return f"{_MARK}v=19${cost}${salt}${hashed}"


def fits(kept: str | None, typed: str) -> bool:
    """Whether what was typed is the secret behind ``kept``; nothing kept fits nothing.

    The price is the same in every case: what is no hash is tried as if nothing were kept.
    """
    known = kept if kept is not None and kept.startswith(_MARK) else None
    try:
        _HASHER.verify(known or _NOBODYS_HASH, typed)
    except (VerifyMismatchError, InvalidHashError):
        return False
    return known is not None
