"""The talk of a machine with whoever rang us: what each key means, and what is said next.

Whoever presses nothing is put through all the same: a key only makes it quicker. Nothing said here
gives her away to somebody who listens. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from union.crisis.rules.kinds import Kind
from union.crisis.rules.menu_words import MENU, Said
from union.gateways.port import VoiceScript


class Asked(StrEnum):
    """What the caller was asked last, or whose telephones ring for her."""

    LANGUAGE = "language"
    NEED = "need"
    DISTRICT = "district"
    FIRST = "first"
    SECOND = "second"
    LAST = "last"
    OVER = "over"


LINES = (Asked.FIRST, Asked.SECOND, Asked.LAST)
"""The operators, the second phones, the duty officers: one after the other."""

TONGUE_OF_KEY: Mapping[str, str] = {
    "1": "kn",
    "2": "hi",
    "3": "en",
    "4": "te",
    "5": "ta",
    "6": "ur",
    "7": "mr",
}
LANGUAGE_OF: Mapping[str, str] = {
    "kn": "kannada",
    "hi": "hindi",
    "en": "english",
    "te": "telugu",
    "ta": "tamil",
    "ur": "urdu",
    "mr": "marathi",
}
KIND_OF_KEY: Mapping[str, Kind] = {
    "1": Kind.UNKNOWN,
    "2": Kind.ARREST_OR_RAID,
    "3": Kind.MEDICAL_EMERGENCY,
    "4": Kind.THREAT_TO_OWN_LIFE,
}
"""Somebody is needed now; taken away; hurt or ill; she is at the end of her strength."""

RING_ME = "9"
"""Put down, and we ring her."""

DISTRICT_KEYS = 2
TALKS_FOR = timedelta(seconds=45)
"""How long she is left to the machine after each key before the next of us is told."""


def greeting(numbers: tuple[str, ...]) -> VoiceScript:
    """All languages, one key each; whoever waits is put through."""
    return VoiceScript(
        say=tuple(words[Said.TONGUE] for words in MENU.values()),
        gather=1,
        then=(MENU["kn"][Said.WE_RING], MENU["hi"][Said.WE_RING], MENU["en"][Said.WE_RING]),
        language="kn",
        dial=numbers,
        tell=bool(numbers),
    )


def needs(language: str, numbers: tuple[str, ...]) -> VoiceScript:
    """What she needs, one key."""
    words = _said(language)
    return VoiceScript(
        say=(words[Said.NEED],),
        gather=1,
        then=(words[Said.WE_RING],),
        language=language,
        dial=numbers,
        tell=bool(numbers),
    )


def district(language: str, numbers: tuple[str, ...]) -> VoiceScript:
    """The two figures of her district, if she knows them."""
    words = _said(language)
    return VoiceScript(
        say=(words[Said.DISTRICT],),
        gather=DISTRICT_KEYS,
        then=(words[Said.WE_RING],),
        language=language,
        dial=numbers,
        tell=bool(numbers),
    )


def put_through(language: str, numbers: tuple[str, ...]) -> VoiceScript:
    """Somebody of ours is rung and put on the line."""
    words = _said(language)
    return VoiceScript(
        say=(words[Said.CONNECT],),
        then=(words[Said.WE_RING],),
        language=language,
        dial=numbers,
        tell=True,
    )


def we_ring(language: str) -> VoiceScript:
    """Nobody was there at once: we ring her back."""
    return VoiceScript(say=(_said(language)[Said.WE_RING],), language=language)


def thanks(language: str) -> VoiceScript:
    """They have spoken."""
    return VoiceScript(say=(_said(language)[Said.THANKS],), language=language)


def next_line(asked: Asked | None) -> Asked:
    """Whose telephones ring next; after the last nobody's."""
    if asked not in LINES:
        return Asked.FIRST
    place = LINES.index(asked) + 1
    return LINES[place] if place < len(LINES) else Asked.OVER


def _said(language: str) -> Mapping[Said, str]:
    return MENU.get(language, MENU["en"])
