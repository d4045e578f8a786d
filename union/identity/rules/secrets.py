"""What a secret that she chooses herself must be: long enough, and not what anybody tries first.

No rule asks for signs of several kinds, and none of them ever runs out (ASVS 5.0, 6.2). What people
commonly choose is told by zxcvbn, whose lists of 30,000 passwords, 49,000 words and 14,000 names
lie beside it: nobody outside is asked. Nothing that was typed is kept here or shown.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from zxcvbn import zxcvbn

if TYPE_CHECKING:
    from collections.abc import Iterator

SHORTEST = 12
LONGEST = 200
DEMONSTRATION_PASSWORD = "lotus pond 2026"  # noqa: S105  # nosec B105 # shown to everybody who starts a demonstration

FEWEST_GUESSES = 10**10
"""So many tries it must withstand: zxcvbn's highest mark, against a copy of the hashes too."""

_DIFFERENT = 5
_ROWS = (
    *("abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm"),
    *("01234567890123456789", "~!@#$%^&*()_+"),
)
_RUN = 4
_COMMON = ("password", "passwort", "letmein", "welcome", "iloveyou", "admin", "sangha", "notebook")
_CONTEXT = (
    *("union", "sanghatane", "karnataka", "kannada", "india", "bharat", "hindustan", "namaste"),
    *("bangalore", "bengaluru", "mysore", "mysuru", "mangalore", "hubli", "belgaum", "kalaburagi"),
    *("krishna", "ganesha", "ganapati", "lakshmi", "saraswati", "durga", "shiva", "yellamma"),
    *("saibaba", "jaimatadi", "bismillah", "secretary", "treasurer", "trustee", "responder"),
)
"""What somebody of here, or who knows what this is, tries early; zxcvbn's lists are American."""

_LEAST_NAME = 3
_LOOKED_AT = 32
"""Signs that zxcvbn is shown: what withstands so far does so whole, and its price is bounded."""
_ODD = frozenset("@({[<!|$+%")
_MOST_ODD = 4
"""With more kinds of signs that stand for letters than these, reading a text takes seconds."""

_A_SIGN = 10
"""So many times more tries for a sign left out, as zxcvbn counts one it knows nothing of."""


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around her: what she and the union are called, and whether this is all a show."""

    names: tuple[str, ...] = ()
    demonstration: bool = False


NOTHING = Around()


def is_plain(text: str, name: str = "", around: Around = NOTHING) -> bool:
    """Whether somebody who guesses would try this early.

    Too short, made of few letters, of one part again and again, of neighbours on a keyboard or
    in the alphabet, of what everybody writes, of her own names or the union's; or the password of
    every demonstration, where this is none.
    """
    plain = "".join(text.casefold().split())
    if around.demonstration and text == DEMONSTRATION_PASSWORD:
        return False
    if len(plain) < SHORTEST or len(set(plain)) < _DIFFERENT or _repeats(plain):
        return True
    names = _parts(name, *around.names)
    left = plain
    for part in (*sorted(names, key=len, reverse=True), *_COMMON):
        left = left.replace(part, "")
    return len(_without_runs(left)) < SHORTEST // 2 or _is_guessed(text, names)


def _is_guessed(text: str, names: frozenset[str]) -> bool:
    """Whether fewer tries than ``FEWEST_GUESSES`` find it, by what people commonly choose."""
    known = [*names, *_COMMON, *_CONTEXT, *_shown_to_everybody()]
    return any(
        int(zxcvbn(shown, known)["guesses"]) * _A_SIGN**left_out < FEWEST_GUESSES
        for shown, left_out in _shown(" ".join(text.split())[:_LOOKED_AT])
    )


def _shown(text: str) -> Iterator[tuple[str, int]]:
    """What zxcvbn is shown, and how many kinds of odd signs it is not shown.

    Of many kinds once the first few, once the last: what is common between them is seen.
    """
    odd = [sign for sign in dict.fromkeys(text) if sign in _ODD]
    if len(odd) <= _MOST_ODD:
        yield text, 0
        return
    for left_out in (odd[_MOST_ODD:], odd[:-_MOST_ODD]):
        yield "".join(sign for sign in text if sign not in left_out), len(left_out)


def _shown_to_everybody() -> tuple[str, ...]:
    return (DEMONSTRATION_PASSWORD, "".join(DEMONSTRATION_PASSWORD.split()))


def _parts(*names: str) -> frozenset[str]:
    """Names as they are found in what was typed: whole, and each word of three signs or more."""
    folded = [name.casefold() for name in names]
    words = [word for name in folded for word in re.split(r"[\W_]+", name)]
    whole = ["".join(name.split()) for name in folded]
    return frozenset(word for word in (*whole, *words) if len(word) >= _LEAST_NAME)


def _repeats(plain: str) -> bool:
    """Whether it is one part of up to half its length, again and again."""
    return plain in (plain + plain)[1:-1]


def _without_runs(plain: str) -> str:
    """What is left when neighbours of a row, in either direction, are taken out."""
    left, at = [], 0
    while at < len(plain):
        length = _run_at(plain, at)
        if length < _RUN:
            left.append(plain[at])
            at += 1
        else:
            at += length
    return "".join(left)


def _run_at(plain: str, at: int) -> int:
    """How many letters from here on stand side by side in a row."""
    longest = 0
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        length = 1
        while at + length <= len(plain) and plain[at : at + length] in row:
            length += 1
        longest = max(longest, length - 1)
    return longest
