"""What a step of the guide answers: a verdict, figures, and rows to look at one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

ROWS_SHOWN = 200
"""A step shows so many rows and says how many there are in all."""


class Verdict(StrEnum):
    """What a step comes to."""

    WELL = "well"
    LOOK = "look"
    WRONG = "wrong"
    NOTHING = "nothing"


class Cell(StrEnum):
    """What stands in a column; an entry, voucher or count is its reference and its number."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DAY = "date"
    ACCOUNT = "account"
    FUND = "fund"
    ENTRY = "entry"
    VOUCHER = "voucher"
    COUNT = "count"


@dataclass(frozen=True, slots=True)
class Span:
    """The days an audit looks at, by the day of posting; both ends are in it."""

    from_on: date
    to_on: date


@dataclass(frozen=True, slots=True)
class Step:
    """One step's answer. ``figures`` fill its sentence; money among them ends in ``_minor``.

    ``columns`` are codes with what stands in them; ``whole`` counts the rows before they were cut.
    """

    code: str
    verdict: Verdict
    figures: Mapping[str, int | str] = field(default_factory=dict)
    columns: tuple[tuple[str, Cell], ...] = ()
    rows: Sequence[tuple[Any, ...]] = ()
    whole: int = 0


def verdict_of(*, wrong: bool, look: bool = False, anything: bool = True) -> Verdict:
    """Wrong outweighs worth a look; a step with nothing to ask about says so."""
    if wrong:
        return Verdict.WRONG
    if look:
        return Verdict.LOOK
    return Verdict.WELL if anything else Verdict.NOTHING
