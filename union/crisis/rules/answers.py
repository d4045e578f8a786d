"""What somebody meant by keys or words: plain reading of an answer, and no guessing.

Her two digits are compared elsewhere, by keyed hash; here a text is only taken apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from union.kernel.money import western_digits

MOST_WRONG_TRIES = 4
"""A pair has a hundred forms; so many wrong ones end keypad, link and text for that page."""

CODE_LENGTH = 4
PAIR_LENGTH = 2

_CODE_AND_PAIR = re.compile(rf"(?<!\d)(\d{{{CODE_LENGTH}}})\D{{0,3}}(\d{{{PAIR_LENGTH}}})(?!\d)")
_CODE_ALONE = re.compile(rf"(?<!\d)(\d{{{CODE_LENGTH}}})(?!\d)")
_PAIR_ALONE = re.compile(rf"\D*(\d{{{PAIR_LENGTH}}})\D*")
_NOES = """
no nahi nahin na illa ille beda cannot cant busy sorry
ಇಲ್ಲ ಬೇಡ ಆಗಲ್ಲ नहीं नही ना لا نہیں இல்லை లేదు
"""
_NO = frozenset(_NOES.split())


class Meant(StrEnum):
    """What a text is, seen as an answer."""

    DIGITS = "digits"
    DECLINE = "decline"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Answer:
    """A text taken apart: which page it names (``code``), which pair it carries."""

    meant: Meant
    code: str | None = None
    digits: str | None = None


def read_answer(text: str) -> Answer:
    """Read "<code> <pair>", a bare pair, or "<code> no" in the scripts members write."""
    plain = western_digits(text).strip()
    both = _CODE_AND_PAIR.search(plain)
    if both:
        return Answer(Meant.DIGITS, both[1], both[2])
    code = _CODE_ALONE.search(plain)
    if says_no(plain):
        return Answer(Meant.DECLINE, code[1] if code else None)
    pair = _PAIR_ALONE.fullmatch(plain)
    if pair:
        return Answer(Meant.DIGITS, None, pair[1])
    return Answer(Meant.UNCLEAR, code[1] if code else None)


def says_no(text: str) -> bool:
    """Whether a short text is a refusal; a long one is words for a person to read."""
    said = text.casefold().replace("'", "").split()
    return 0 < len(said) <= 3 and any(word.strip(".,!") in _NO for word in said)  # noqa: PLR2004  more than three words are a message


def is_pair(digits: str) -> bool:
    """Whether the text is exactly two western digits."""
    return len(digits) == PAIR_LENGTH and digits.isascii() and digits.isdigit()
