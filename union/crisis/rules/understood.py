"""What a text that came in tells: what is happening, how many, in which language; never a refusal.

Words are found by their beginnings, for in these languages endings carry the grammar. Of several
kinds the gravest counts. What is not understood stays unknown: a person reads every text anyway.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from union.crisis.rules.kinds import Kind
from union.crisis.rules.lexicon import (
    BY_A_PARTNER,
    BY_GOONDAS,
    KIND_PHRASES,
    KIND_STEMS,
    OF_PEOPLE,
    TAKEN,
    TONGUES,
)
from union.crisis.rules.places import words
from union.kernel.money import western_digits

MOST_PEOPLE = 500
SEVERAL = 2
"""So many words of one language in Latin letters tell it; one alone may be a loan."""

_SCRIPTS = {
    "KANNADA": "kannada",
    "DEVANAGARI": "hindi",
    "TELUGU": "telugu",
    "TAMIL": "tamil",
    "ARABIC": "urdu",
}
_COUNT = re.compile(r"(?<![\d:.])(\d{1,3})(?![\d:.])\s*(\S+)")
_GRAVEST_FIRST = (
    Kind.THREAT_TO_OWN_LIFE,
    Kind.ARREST_OR_RAID,
    Kind.MEDICAL_EMERGENCY,
    Kind.OUTING_OR_BLACKMAIL,
    Kind.EVICTION,
    Kind.GOONDA_EXTORTION,
    Kind.CLIENT_VIOLENCE,
    Kind.POLICE_HARASSMENT,
)


@dataclass(frozen=True, slots=True)
class Understood:
    """What a text tells as far as it was understood."""

    kind: Kind = Kind.UNKNOWN
    people: int | None = None
    language: str | None = None


def understand(text: str | None) -> Understood:
    """Read a text; an empty one tells nothing."""
    if not text or not text.strip():
        return Understood()
    return Understood(_kind(text), _people(text), language_of(text))


def language_of(text: str) -> str | None:
    """The language a text is written in, by its letters, else by its commonest words."""
    said = words(text)
    letters = (one for one in text if one.isalpha() and not one.isascii())
    scripts = (unicodedata.name(one, "").partition(" ")[0] for one in letters)
    found = next((_SCRIPTS[script] for script in scripts if script in _SCRIPTS), None)
    if found == "hindi" and _begins(said, _read(TONGUES["marathi"])):
        return "marathi"
    if found is not None:
        return found
    counts = {
        tongue: sum(word in _whole(common) for word in said)
        for tongue, common in TONGUES.items()
        if tongue != "marathi"
    }
    likely = max(counts, key=lambda tongue: counts[tongue])
    return likely if counts[likely] >= SEVERAL else None


def _kind(text: str) -> Kind:
    said = words(text)
    joined = f" {' '.join(said)} "
    found = {kind for kind, stems in KIND_STEMS.items() if _begins(said, _read(stems))}
    found |= {
        kind
        for kind, phrases in KIND_PHRASES.items()
        if any(f" {' '.join(words(phrase))}" in joined for phrase in phrases)
    }
    if Kind.POLICE_HARASSMENT in found and _begins(said, _read(TAKEN)):
        found.add(Kind.ARREST_OR_RAID)
    kind = next((one for one in _GRAVEST_FIRST if one in found), Kind.UNKNOWN)
    if kind is Kind.CLIENT_VIOLENCE:
        return _by_whom(said)
    return kind


def _by_whom(said: tuple[str, ...]) -> Kind:
    if _begins(said, _read(BY_A_PARTNER)):
        return Kind.PARTNER_VIOLENCE
    return Kind.GOONDA_EXTORTION if _begins(said, _read(BY_GOONDAS)) else Kind.CLIENT_VIOLENCE


def _people(text: str) -> int | None:
    """A number that counts people, as far as it is said what it counts."""
    for number, what in _COUNT.findall(western_digits(text)):
        if 0 < int(number) <= MOST_PEOPLE and _begins(words(what), _read(OF_PEOPLE)):
            return int(number)
    return None


def _begins(said: tuple[str, ...], stems: tuple[str, ...]) -> bool:
    return any(word.startswith(stems) for word in said)


@lru_cache(maxsize=64)
def _read(stems: str) -> tuple[str, ...]:
    """Beginnings of words, taken apart as the words of a text are."""
    return words(stems)


@lru_cache(maxsize=16)
def _whole(common: str) -> frozenset[str]:
    return frozenset(words(common))
