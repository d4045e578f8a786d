"""Codes from a telephone and from a recovery sheet: how they are read, made and matched.

Pure: the clock's instant comes in. Codes follow RFC 6238 with six digits, half a minute and SHA-1,
which is what every telephone's application makes.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from pyotp import HOTP, TOTP, random_base32

from union.kernel.ids import ALPHABET

STEP_SECONDS = 30
DIGITS = 6
AROUND = (-1, 0, 1)
"""A telephone's clock may be half a minute off."""

RECOVERY_CODES = 10
RECOVERY_LETTERS = 10
"""Fifty bits each."""

NOBODYS_SECRET = "A" * 32
"""What is tried where there is none, so that the work is the same."""

_TYPED = re.compile(r"[\s\-]+")
_LOOKALIKES = str.maketrans("oil", "011")


@dataclass(frozen=True, slots=True)
class TypedCode:
    """What she typed as a code: six digits, or a number and letters of her recovery sheet.

    What is neither has both parts empty; it is tried like any other and fits nothing.
    """

    digits: str = ""
    number: int = 0
    letters: str = ""


def read_code(text: str) -> TypedCode:
    """A code as it was typed, with or without spaces and dashes."""
    plain = _TYPED.sub("", text).casefold()
    if len(plain) == DIGITS and plain.isascii() and plain.isdigit():
        return TypedCode(digits=plain)
    number, letters = plain[:-RECOVERY_LETTERS], plain[-RECOVERY_LETTERS:]
    if number.isascii() and number.isdigit() and 1 <= int(number) <= RECOVERY_CODES:
        return TypedCode(number=int(number), letters=letters.translate(_LOOKALIKES))
    return TypedCode()


def new_secret() -> str:
    """A secret for a telephone to make codes of: 160 random bits in base 32."""
    return random_base32()


def otpauth(secret: str, name: str, issuer: str) -> str:
    """The address that a telephone reads a secret from."""
    return TOTP(secret).provisioning_uri(name=name, issuer_name=issuer)


def step_of(now: datetime) -> int:
    """Which half-minute it is."""
    return int(now.timestamp()) // STEP_SECONDS


def code_of(secret: str, step: int) -> str:
    """The code of one half-minute."""
    return HOTP(secret).at(step)


def matching_step(secret: str, digits: str, now: datetime, after: int) -> int | None:
    """The half-minute whose code these digits are, if its code and no later one was used.

    Every candidate is compared, whatever the ones before it gave.
    """
    present = step_of(now)
    matched = [
        step
        for step in (present + around for around in AROUND)
        if compare_digest(code_of(secret, step).encode(), digits.encode()) and step > after
    ]
    return matched[0] if matched else None


def new_recovery_letters() -> str:
    """The letters of one recovery code."""
    return "".join(secrets.choice(ALPHABET) for _ in range(RECOVERY_LETTERS))


def as_written(number: int, letters: str) -> str:
    """A recovery code as it is written on her sheet."""
    upper = letters.upper()
    return f"{number} {upper[:4]}-{upper[4:8]}-{upper[8:]}"
