"""Whether two rows may be one person: evidence, never a verdict; a shared phone proves nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_ENDINGS = re.compile(r"(amma|akka|bai|devi|kumari|ma)$")
_SOUNDS = (("sh", "s"), ("th", "t"), ("dh", "d"), ("bh", "b"), ("ee", "i"), ("oo", "u"), ("w", "v"))

_SHORT_NAME = len("Uma")
"""So short it is a name of its own and holds no respectful ending."""

_MONTH_LENGTH = len("1982-06")

SAME_CARD = "same_card"
SAME_PHONE = "same_phone"
SAME_NAME = "same_name"
SAME_BIRTH = "same_birth"
SAME_JOINING = "same_joining"
SUB_NUMBER = "sub_number"
SAME_DISTRICT = "same_district"
OTHER_BIRTH = "other_birth"


@dataclass(frozen=True, slots=True)
class Traits:
    """What of a person can be compared; None or empty where nothing is known.

    Dates are written only as exact as they are known: 1982-06-04, 1982-06 or 1982.
    """

    card: str | None = None
    phones: frozenset[str] = frozenset()
    name: str | None = None
    called: str | None = None
    born: str | None = None
    joined: str | None = None
    district: str | None = None
    serial: str | None = None


def name_key(name: str | None) -> str | None:
    """The first word of a name without respectful endings and spelled by sound; None if empty."""
    words = unicodedata.normalize("NFC", name or "").casefold().split()
    if not words:
        return None
    key = words[0]
    while True:
        shorter = _ENDINGS.sub("", key)
        if shorter == key or len(shorter) < _SHORT_NAME:
            break
        key = shorter
    for written, sound in _SOUNDS:
        key = key.replace(written, sound)
    return re.sub(r"(.)\1+", r"\1", key)


def evidence(one: Traits, other: Traits) -> frozenset[str]:
    """Everything in which two rows agree, and whether their births differ."""
    found = set()
    if one.phones & other.phones:
        found.add(SAME_PHONE)
    if serial_base(one.serial) in {other.serial} - {None, ""}:
        found.add(SUB_NUMBER)
    if _names(one) & _names(other):
        found.add(SAME_NAME)
    for code, first, second in (
        (SAME_CARD, one.card, other.card),
        (SAME_BIRTH, *_alike(one.born, other.born)),
        (SAME_JOINING, *_alike(one.joined, other.joined)),
        (SAME_DISTRICT, one.district, other.district),
    ):
        if first is not None and first == second:
            found.add(code)
        elif code == SAME_BIRTH and first is not None:
            found.add(OTHER_BIRTH)
    return frozenset(found)


def _names(traits: Traits) -> set[str]:
    return {key for key in (name_key(traits.name),) if key}


def _alike(one: str | None, other: str | None) -> tuple[str | None, str | None]:
    """Two dates cut to the less exact; a year alone is no evidence."""
    exact = min(len(one or ""), len(other or ""))
    if exact < _MONTH_LENGTH:
        return None, None
    return (one or "")[:exact], (other or "")[:exact]


def serial_base(serial: str | None) -> str | None:
    """The row that a sub-number belongs to: "13" for "13a"; None for a number of its own."""
    match = re.fullmatch(r"(\d+)\s*[a-z]", (serial or "").strip().casefold())
    return match[1] if match else None


def may_be_same(found: Iterable[str]) -> bool:
    """Whether the evidence is worth a person's look.

    A card or a sub-number with anything of her own; or a phone with her birth, or with her name
    unless the births differ; or name, birth and joining together. A phone alone is many
    women's, a name alone too.
    """
    agreed = set(found)
    own = agreed & {SAME_NAME, SAME_BIRTH, SAME_JOINING, SAME_PHONE}
    if agreed & {SAME_CARD, SUB_NUMBER} and own:
        return True
    if SAME_PHONE in agreed:
        return SAME_BIRTH in agreed or (SAME_NAME in agreed and OTHER_BIRTH not in agreed)
    return {SAME_NAME, SAME_BIRTH, SAME_JOINING} <= agreed
