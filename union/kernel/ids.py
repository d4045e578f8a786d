"""Names for things: random public references, tokens and command keys; never a counter."""

from __future__ import annotations

import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32, which leaves out i, l, o and u so that it can be read aloud."""

REF_LENGTH = 12


def new_ref() -> str:
    """A public reference for a URL: 12 letters and digits, 60 random bits."""
    return "".join(ALPHABET[byte % len(ALPHABET)] for byte in secrets.token_bytes(REF_LENGTH))


def new_token() -> str:
    """A secret for a link or a session: 32 random bytes, URL-safe."""
    return secrets.token_urlsafe(32)


def new_command_key() -> str:
    """A key for one intention of one person: the same key is the same command."""
    return secrets.token_hex(16)


def new_digits(count: int = 2) -> str:
    """So many random decimal digits, first digit never 0 so that it is read as written."""
    return str(secrets.choice("123456789")) + "".join(
        secrets.choice("0123456789") for _ in range(count - 1)
    )


def in_fours(figures: str) -> str:
    """Figures or letters in groups of four, as people compare them or write them down."""
    return " ".join(figures[at : at + 4] for at in range(0, len(figures), 4))
