"""The lines somebody holds at the counter of a police station: dated, versioned, with their source.

A version is never changed once it was shown: a better one is a module of its own, and an older
sheet can be printed again as it was. Decides nothing about any case.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.crisis.rules.station.v2026_11_22 import SHEET as FIRST
from union.crisis.rules.station.v2026_11_22b import SHEET as COMPARED
from union.crisis.rules.station.values import LANGUAGES, LegalLine, LegalSource, Part, Sheet

if TYPE_CHECKING:
    from datetime import date

SHEETS: tuple[Sheet, ...] = (FIRST, COMPARED)
"""Every version there ever was, the oldest first."""


def sheet_on(day: date) -> Sheet:
    """The version in use on a day; the first one before any was."""
    used = [one for one in SHEETS if one.used_from <= day]
    return used[-1] if used else SHEETS[0]


def sheet_of(version: str) -> Sheet | None:
    """One version, as it was."""
    return next((one for one in SHEETS if one.version == version), None)


__all__ = [
    "LANGUAGES",
    "SHEETS",
    "LegalLine",
    "LegalSource",
    "Part",
    "Sheet",
    "sheet_of",
    "sheet_on",
]
