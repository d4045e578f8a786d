"""Where is it: a district found in words as people write them; a guess is marked as one."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

LIKE = 0.75
"""How like two names must be: Maisuru is Mysuru."""

SHORTEST_GUESS = 5
"""Shorter names are like too many words."""

_STAND_IN = 0x20000
"""Letters far from every script in use, to stand in for vowel signs within this module."""

_WORD = re.compile(r"[^\W_]+")
_SAME_WORD = {
    "stand": "stand",
    "station": "stand",
    "stop": "stand",
    "nildana": "stand",
    "kempegowda": "majestic",
    "ksr": "majestic",
    "kbs": "majestic",
    "rd": "road",
    "street": "road",
    "mkt": "market",
    "market": "market",
    "marukatte": "market",
    "railway": "railway",
    "rly": "railway",
    "hosptl": "hospital",
}
_COMMON = """
a all again an and asking at based beat broken by call came come door found from girls give has have
he help her here hit hitting home house husband in is it lane lot man me money my near need now of
old on our out people place please police road she side stand taken the them they this to took town
two urgent us van vans we with
"""
_SAYS_NOTHING = frozenset(_COMMON.split())


@dataclass(frozen=True, slots=True)
class Area:
    """A district as the gazetteer knows it: every way it is written, and a cell."""

    branch_id: int
    names: tuple[str, ...]
    cell: str


@dataclass(frozen=True, slots=True)
class Landmark:
    """A well-known spot of a district, from the union's own curated list."""

    branch_id: int
    names: tuple[str, ...]
    cell: str


@dataclass(frozen=True, slots=True)
class Found:
    """A district understood from words; ``exact`` if they named a spot, not only the district."""

    branch_id: int
    cell: str
    exact: bool


def words(text: str | None) -> tuple[str, ...]:
    """The words of a text, lower case, without accents or punctuation, in any script."""
    plain = unicodedata.normalize("NFKC", (text or "").casefold().replace("'", ""))
    return tuple(_SAME_WORD.get(word, word) for word in _WORD.findall(_glue_marks(plain)))


@lru_cache(maxsize=8192)
def _words_of(name: str) -> tuple[str, ...]:
    """The words of a name of ours, read once; what a caller says is kept nowhere."""
    return words(name)


def telling(text: str | None, areas: Sequence[Area] = ()) -> frozenset[str]:
    """The words that say where: common ones of any call and names of districts are left out."""
    return frozenset(words(text)) - _SAYS_NOTHING - _in_names(tuple(areas))


@lru_cache(maxsize=4)
def _in_names(areas: tuple[Area, ...]) -> frozenset[str]:
    return frozenset(word for area in areas for name in area.names for word in _words_of(name))


def find(
    text: str | None, areas: Sequence[Area], landmarks: Sequence[Landmark] = ()
) -> Found | None:
    """The one place the words name: landmarks first, then the longest district name.

    Words that name two districts equally well name none: a person has to ask.
    """
    said = words(text)
    for entries, exact in ((landmarks, True), (areas, False)):
        matches = {
            (len(name), entry.branch_id, entry.cell)
            for entry in entries
            for name in (_words_of(n) for n in entry.names)
            if name and _stands_in(name, said)
        }
        if matches:
            longest = max(length for length, _, _ in matches)
            best = {(branch, cell) for length, branch, cell in matches if length == longest}
            if len({branch for branch, _ in best}) > 1:
                return None
            branch_id, cell = min(best)
            return Found(branch_id, cell, exact)
    return None


def guess(
    text: str | None, areas: Sequence[Area], landmarks: Sequence[Landmark] = ()
) -> Found | None:
    """Where it may be, when nothing is meant for sure: only good enough to ask somebody now.

    A name misheard or misspelt counts, and of several districts the one named first. The district
    stays unknown until a person says it.
    """
    said = words(text)
    entries: tuple[Area | Landmark, ...] = (*landmarks, *areas)
    found = [
        (place, -alike, entry.branch_id, entry.cell)
        for entry in entries
        for name in (_words_of(n) for n in entry.names)
        for place, alike in _like(name, said)
    ]
    if not found:
        return None
    _, _, branch_id, cell = min(found)
    return Found(branch_id, cell, exact=False)


def _like(name: tuple[str, ...], said: tuple[str, ...]) -> list[tuple[int, float]]:
    """Where in the words something like the name stands, and how like it is, from 0 to 1."""
    size, whole = len(name), "".join(name)
    if len(whole) < SHORTEST_GUESS:
        return []
    ratios = (
        (start, SequenceMatcher(None, whole, "".join(said[start : start + size])).ratio())
        for start in range(len(said) - size + 1)
    )
    return [(start, ratio) for start, ratio in ratios if ratio >= LIKE]


def _stands_in(name: tuple[str, ...], said: tuple[str, ...]) -> bool:
    if name[0] not in said:
        return False
    size = len(name)
    return any(said[start : start + size] == name for start in range(len(said) - size + 1))


def _glue_marks(text: str) -> str:
    """Vowel signs are no letters to a regular expression: give each one, so words stay whole."""
    if text.isascii():
        return text
    return "".join(chr(_STAND_IN + ord(c)) if _is_mark(c) else c for c in text)


def _is_mark(character: str) -> bool:
    return unicodedata.category(character).startswith("M")
