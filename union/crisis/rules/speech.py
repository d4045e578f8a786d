"""What a call of ours says to somebody who has given her two digits; plain words by language.

Only these words may name a place, and only after the digits: a voice leaves nothing on a phone.
Each key means the same wherever it is offered. Decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from union.crisis.rules.kinds import COMING, PageState
from union.crisis.rules.spoken import NOWHERE, SAYS, Line
from union.gateways.port import VoiceScript

I_CANNOT = "00"
MINUTES_A_KEY = 10


class Key(StrEnum):
    """What one key means, after her digits."""

    GO = "1"
    SPEAK = "2"
    AGAIN = "3"
    THERE = "4"
    HELP = "9"
    STOP = "0"


I_GO = Key.GO.value


class Ask(StrEnum):
    """What a call waits for, so that a key is read as the answer to what was asked."""

    DIGITS = ""
    KEY = "key"
    MINUTES = "minutes"
    LINE = "line"
    LAST_LINE = "last_line"


_OFFERED: Mapping[PageState, tuple[Line, ...]] = {
    PageState.ACCEPTED: (Line.KEY_GO, Line.KEY_SPEAK, Line.KEY_AGAIN),
    PageState.BRIEFED: (Line.KEY_ON_MY_WAY, Line.KEY_SPEAK, Line.KEY_THERE, Line.KEY_MORE),
    PageState.EN_ROUTE: (Line.KEY_ON_MY_WAY, Line.KEY_SPEAK, Line.KEY_THERE, Line.KEY_MORE),
    PageState.ARRIVED: (Line.KEY_WELL, Line.KEY_SPEAK, Line.KEY_MORE),
    PageState.DROPPED_OUT: (Line.KEY_WELL, Line.KEY_SPEAK, Line.KEY_THERE, Line.KEY_MORE),
}
"""What each state offers, in the order in which it is said."""


def nowhere(language: str) -> str:
    """The place that is told under duress, in the language the rest is told in."""
    return NOWHERE.get(language, NOWHERE["en"])


def menu(state: PageState, place: str, language: str) -> VoiceScript:
    """Where to go, and one key for what she says of it."""
    said = _said(language)
    goes_on = state not in (PageState.ARRIVED, PageState.DROPPED_OUT)
    where: tuple[str, ...] = (said[Line.LATER],) if goes_on else ()
    if place and state is not PageState.DROPPED_OUT:
        where = (said[Line.GO_TO], place)
    keys = _OFFERED.get(state, _OFFERED[PageState.ACCEPTED])
    return VoiceScript(
        say=(*where, *(said[key] for key in keys)),
        gather=1,
        then=(said[Line.END],),
        language=language,
        ask=Ask.KEY.value,
    )


def with_point(place: str, point: str | None, language: str) -> str:
    """A place, and where those who come meet before they go there together."""
    if not point:
        return place
    return f"{place}. {_said(language)[Line.MEET_AT]} {point}" if place else point


def how_long(language: str) -> VoiceScript:
    """In how many minutes she is there: one key for each ten of them; silence is no answer."""
    said = _said(language)
    return VoiceScript(
        say=(said[Line.MINUTES],),
        gather=1,
        then=(said[Line.THANKS],),
        language=language,
        ask=Ask.MINUTES.value,
    )


def minutes_of(key: str) -> int | None:
    """The minutes one key stands for; None for any other, and for nought."""
    return int(key) * MINUTES_A_KEY if key in "123456789" and len(key) == 1 else None


def connected(numbers: tuple[str, ...], language: str, line: Ask = Ask.LINE) -> VoiceScript:
    """Somebody of ours is rung and put on the line; what came of it is told."""
    said = _said(language)
    return VoiceScript(
        say=(said[Line.CONNECT],),
        then=(said[Line.END],),
        language=language,
        dial=numbers,
        tell=True,
        ask=line.value,
    )


def thanks(language: str) -> VoiceScript:
    """She goes."""
    return VoiceScript(say=(_said(language)[Line.THANKS],), language=language)


def noted(language: str) -> VoiceScript:
    """We know it now."""
    return VoiceScript(say=(_said(language)[Line.NOTED],), language=language)


def farewell(language: str) -> VoiceScript:
    """Nothing more is needed of her."""
    return VoiceScript(say=(_said(language)[Line.END],), language=language)


def again(language: str) -> VoiceScript:
    """The digits were not hers."""
    said = _said(language)
    return VoiceScript(say=(said[Line.WRONG],), gather=2, then=(said[Line.END],), language=language)


def offers_place(state: PageState) -> bool:
    """Whether somebody in this state is told where, once her digits are known."""
    return state is PageState.ACCEPTED or state in COMING


def _said(language: str) -> Mapping[Line, str]:
    return SAYS.get(language, SAYS["en"])
