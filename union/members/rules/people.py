"""Words about people in a register: category, languages, what a remark says about where she is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from union.members.rules.cells import plain

_CATEGORIES = {
    "w": "woman",
    "f": "woman",
    "woman": "woman",
    "female": "woman",
    "m": "man",
    "man": "man",
    "male": "man",
    "t": "trans",
    "tg": "trans",
    "trans": "trans",
    "transgender": "trans",
    "hijra": "trans",
}

_LANGUAGES = {
    "kannada": "kn",
    "ಕನ್ನಡ": "kn",
    "hindi": "hi",
    "हिन्दी": "hi",
    "urdu": "ur",
    "telugu": "te",
    "tamil": "ta",
    "marathi": "mr",
    "tulu": "tcy",
    "english": "en",
    "konkani": "kok",
    "malayalam": "ml",
    "bengali": "bn",
    "nepali": "ne",
}

_DIED = re.compile(r"\b(expired|died|dead|death|deceased|passed away|late)\b")
_LEFT = re.compile(r"\b(left|resigned|stopped|discontinued)\b")
_AWAY = re.compile(r"\b(will come back|come back|for some time|temporar\w*)\b")
_MINOR = re.compile(r"\b(minor|under ?age|under 18|below 18|child|girl of 1[0-7])\b")
_YEAR = re.compile(r"\b(19|20)\d{2}\b")


@dataclass(frozen=True, slots=True)
class RemarkReading:
    """What a remark says: active, left or died, when as far as known; away; perhaps a minor."""

    status: str = "active"
    on: date | None = None
    away: bool = False
    minor: bool = False


def read_category(text: str) -> str | None:
    """woman, man or trans; None if nothing or nothing known stands there."""
    return _CATEGORIES.get(plain(text).casefold().rstrip("."))


def read_languages(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The codes of the languages named, best first, and the words that name none we know."""
    known: list[str] = []
    unknown: list[str] = []
    for word in re.split(r"[;,/&+]|\band\b", plain(text)):
        name = word.strip().casefold()
        if name in _LANGUAGES:
            known.append(_LANGUAGES[name])
        elif name:
            unknown.append(word.strip())
    return tuple(dict.fromkeys(known)), tuple(unknown)


def read_remark(text: str, today: date) -> RemarkReading:
    """Read what a remark says about her; a year alone means that year's last day.

    Without a year it means ``today``, the last day on which we know it.
    """
    words = plain(text).casefold()
    minor = _MINOR.search(words) is not None
    away = _AWAY.search(words) is not None
    if away or not (_DIED.search(words) or _LEFT.search(words)):
        return RemarkReading(away=away, minor=minor)
    status = "died" if _DIED.search(words) else "left"
    year = _YEAR.search(words)
    on = min(date(int(year[0]), 12, 31), today) if year else today
    return RemarkReading(status, on, minor=minor)
