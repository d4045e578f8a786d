"""Who may be a child: what a named officer may decide, and what the law asks of whom, dated.

The lines of law are data with their source; a lawyer of the union should read them each year.
Nothing here decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

LOOK_AGAIN = timedelta(minutes=20)
"""How soon the named officers are told once more, until one of them has decided."""

CHECKED_ON = date(2026, 11, 22)


class Decision(StrEnum):
    """What became of it, in a named officer's words."""

    GROWN = "grown"
    TOLD_POLICE = "told_police"
    TOLD_COMMITTEE = "told_committee"
    IN_CARE = "in_care"
    SAFE_WITH_KIN = "safe_with_kin"
    STILL_LOOKING = "still_looking"


SETTLED = frozenset(Decision) - {Decision.STILL_LOOKING}
"""After these nobody is told of it again."""


class Duty(StrEnum):
    """One line of law; its words stand with the words of the pages."""

    REPORT = "report"
    NOT_REPORTING = "not_reporting"
    IN_CHARGE = "in_charge"
    GOOD_FAITH = "good_faith"
    WITHIN_A_DAY = "within_a_day"
    FOUND_ALONE = "found_alone"
    NO_NAMES = "no_names"


@dataclass(frozen=True, slots=True)
class LawLine:
    """A duty with where it stands and since when it holds."""

    duty: Duty
    source: str
    since: date


_POCSO = "Protection of Children from Sexual Offences Act, 2012"
_JJ = "Juvenile Justice (Care and Protection of Children) Act, 2015"
_POCSO_SINCE, _JJ_SINCE = date(2012, 11, 14), date(2016, 1, 15)

LAW: tuple[LawLine, ...] = (
    LawLine(Duty.REPORT, f"{_POCSO}, s. 19(1)", _POCSO_SINCE),
    LawLine(Duty.NOT_REPORTING, f"{_POCSO}, s. 21(1)", _POCSO_SINCE),
    LawLine(Duty.IN_CHARGE, f"{_POCSO}, s. 21(2)", _POCSO_SINCE),
    LawLine(Duty.GOOD_FAITH, f"{_POCSO}, s. 19(7)", _POCSO_SINCE),
    LawLine(Duty.WITHIN_A_DAY, f"{_POCSO}, s. 19(5) and (6)", _POCSO_SINCE),
    LawLine(Duty.FOUND_ALONE, f"{_JJ}, s. 32 and 33", _JJ_SINCE),
    LawLine(Duty.NO_NAMES, f"{_POCSO}, s. 23", _POCSO_SINCE),
)
