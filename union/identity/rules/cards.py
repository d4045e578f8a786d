"""A card's sixteen digits, a PIN and a second word: how they are made, written and read.

Plain values only: nothing here is kept, compared or shown, and no digits stand in an error.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import timedelta

from union.kernel.money import western_digits

DIGITS = 16
FIRST = "5"
"""No mobile telephone of India begins so: whoever rings what stands on a card rings nobody."""

PIN_DIGITS = 6
START_DIGITS = 6
WORD_LEAST, WORD_MOST = 6, 60

START_LASTS = timedelta(minutes=30)
"""So long the word holds by which a new card is opened, while she stands there."""

HERS_AFTER = timedelta(days=1)
"""What is sensitive opens this long after a new card was, and she is told meanwhile (law P6)."""

VOICE_LASTS = timedelta(days=1)
"""So long a voice that somebody vouched for opens beside her PIN, once the day before is over."""

DEVICE_LASTS = timedelta(days=180)

_RISING = "0123456789" * 2
_RUNS = (_RISING, _RISING[::-1])
_WAYS = (
    *("147258369", "147852", "258963", "963852", "159753"),
    *("789456", "142536", "135790", "246810"),
)
"""Ways over the keys, and steps of two: beside runs and repeats what is taken most."""
_FEWEST_DIGITS = 3
_LAST_DAY, _LAST_MONTH = 31, 12
_YEARS = range(1930, 2040)

_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
"""H. Michael Damm's table: it finds a wrong digit, and two neighbours that changed places."""


def new_card_digits() -> str:
    """Sixteen digits: the first as no telephone has it, fourteen by chance, one to check by."""
    bare = FIRST + "".join(secrets.choice("0123456789") for _ in range(DIGITS - 2))
    return bare + str(_check(bare))


def read_card_digits(written: str) -> str | None:
    """The digits however they are parted; None if they cannot be those of any card."""
    digits = _only_digits(written)
    fits = len(digits) == DIGITS and digits.startswith(FIRST) and _check(digits) == 0
    return digits if fits else None


def shown_card_digits(digits: str) -> str:
    """As it is printed: a telephone number and an extension."""
    return f"{digits[:5]} {digits[5:10]} {digits[10:]}"


def read_pin(written: str) -> str | None:
    """The PIN's digits, of whatever script; None if there are not six."""
    digits = _only_digits(written)
    return digits if len(digits) == PIN_DIGITS else None


def is_plain(pin: str, card: str = "") -> bool:
    """Whether it is among the first that anybody tries, or stands in a row on her own card.

    One or two digits, a run, a part or each digit repeated, a way over the keys, a year, or a day
    as it is written in India: a birthday is known at home.
    """
    parts = {pin[:size] * (PIN_DIGITS // size) for size in (2, 3)}
    doubled = pin[::2] == pin[1::2]
    runs = (*_RUNS, *_WAYS, *(way[::-1] for way in _WAYS), card)
    few = len(set(pin)) < _FEWEST_DIGITS
    return few or doubled or pin in parts or any(pin in run for run in runs) or _is_date(pin)


def _is_date(pin: str) -> bool:
    """Whether it is a day, month and short year, or holds a whole year at one of its ends."""
    day, month = int(pin[:2]), int(pin[2:4])
    in_calendar = 1 <= day <= _LAST_DAY and 1 <= month <= _LAST_MONTH
    return in_calendar or int(pin[:4]) in _YEARS or int(pin[2:]) in _YEARS


def read_start(written: str) -> str:
    """The word said at the office, as digits; it need not fit."""
    return _only_digits(written)


def read_word(written: str) -> str | None:
    """Her second word without difference of case or space; None if too short or too long."""
    word = " ".join(unicodedata.normalize("NFKC", western_digits(written)).casefold().split())
    return word if WORD_LEAST <= len(word) <= WORD_MOST else None


def _only_digits(written: str) -> str:
    return "".join(sign for sign in western_digits(written) if sign in "0123456789")


def _check(digits: str) -> int:
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim
