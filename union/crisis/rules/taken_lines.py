"""A list as somebody types it while another talks: one line a person, read without guessing a name.

"Lakshmi, insulin 8pm" is a name and a medicine; "woman in green, about 30" is nobody's name and
stays as it is. Tells which lines of a list are new, corrected or there already; it never takes a
person off a list, whatever was rubbed out.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from union.crisis.rules.taken import Standing
from union.kernel.money import western_digits

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

LONGEST_LINE = 200
MOST_LINES = 200
ALIKE = 0.6
LATE_BY = timedelta(hours=6)
_MARK = re.compile(r"^\s*(?:[-*•]+|\d{1,3}\s*[.)])\s*")
_TIME = re.compile(
    r"\b(?:(?:at|by|before)\s+)?(?P<hour>\d{1,2})"
    r"(?:(?:[:.](?P<minute>[0-5]\d))\s*(?P<half>am|pm)?|\s*(?P<only>am|pm))(?!\w)",
    re.IGNORECASE,
)
_NOON = 12
_HOURS = 24
_DAWN = 6
_MORNING, _AFTER_NOON, _NIGHT = "morning", "after noon", "night"
_PARTS_OF_DAY = {
    "सुबह": _MORNING,
    "दोपहर": _AFTER_NOON,
    "शाम": _AFTER_NOON,
    "रात": _NIGHT,
    "ಬೆಳಿಗ್ಗೆ": _MORNING,
    "ಬೆಳಗ್ಗೆ": _MORNING,
    "ಮಧ್ಯಾಹ್ನ": _AFTER_NOON,
    "ಸಂಜೆ": _AFTER_NOON,
    "ರಾತ್ರಿ": _NIGHT,
}
"""How Hindi and Kannada say which half of the day an hour is in."""

_TIME_AS_SAID = re.compile(
    rf"(?P<part>{'|'.join(_PARTS_OF_DAY)})\s*(?P<hour>\d{{1,2}})(?:[:.](?P<minute>[0-5]\d))?"
    r"(?!\d)\s*(?:बजे|ಗಂಟೆಗೆ|ಗಂಟೆ)?"
)

SAID: dict[str, Standing] = {
    "station": Standing.AT_STATION,
    "at station": Standing.AT_STATION,
    "at the station": Standing.AT_STATION,
    "hospital": Standing.HOSPITAL,
    "in hospital": Standing.HOSPITAL,
    "released": Standing.RELEASED,
    "let go": Standing.RELEASED,
    "home": Standing.PROTECTIVE_HOME,
    "protective home": Standing.PROTECTIVE_HOME,
    "थाना": Standing.AT_STATION,
    "थाने में": Standing.AT_STATION,
    "अस्पताल": Standing.HOSPITAL,
    "अस्पताल में": Standing.HOSPITAL,
    "छूट गई": Standing.RELEASED,
    "छोड़ दिया": Standing.RELEASED,
    "संरक्षण गृह": Standing.PROTECTIVE_HOME,
    "ಠಾಣೆ": Standing.AT_STATION,
    "ಠಾಣೆಯಲ್ಲಿ": Standing.AT_STATION,
    "ಆಸ್ಪತ್ರೆ": Standing.HOSPITAL,
    "ಆಸ್ಪತ್ರೆಯಲ್ಲಿ": Standing.HOSPITAL,
    "ಬಿಟ್ಟರು": Standing.RELEASED,
    "ಬಿಡುಗಡೆ": Standing.RELEASED,
    "ರಕ್ಷಣಾ ಗೃಹ": Standing.PROTECTIVE_HOME,
}
"""Short words after a comma that say where she is."""


@dataclass(frozen=True, slots=True)
class Dose:
    """A medicine, and the time of the day by which she needs it."""

    what: str
    by: time


@dataclass(frozen=True, slots=True)
class TypedLine:
    """One person as typed: what she is called, what she needs, where she is if that was said."""

    name: str
    doses: tuple[Dose, ...] = ()
    standing: Standing | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody on the list already; ``own`` if this very sheet put her there."""

    id: int
    typed: str
    own: bool


@dataclass(frozen=True, slots=True, order=True)
class _Near:
    """How alike a line of hers is to one that is gone, and whose that was."""

    ratio: float
    id: int


_FAR = _Near(0.0, 0)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sheet asks for: new lines, corrected ones, and those another had typed before."""

    new: tuple[str, ...]
    changed: tuple[tuple[int, str], ...]
    already: tuple[str, ...]


def lines_of(text: str, *, whole: bool) -> list[str]:
    """The lines somebody has finished; with ``whole`` the last one too."""
    found = text.replace("\r\n", "\n").split("\n")
    if not whole:
        found = found[:-1]
    bare = (_MARK.sub("", line).strip() for line in found)
    return [line[:LONGEST_LINE] for line in bare if line][:MOST_LINES]


def put_right(before: Sequence[Dose], after: Sequence[Dose]) -> list[tuple[Dose, Dose | None]]:
    """What a corrected line says that it did not before, each with the dose it stands for now.

    The same medicine at another time, or another at the same time; None for one more medicine.
    """
    gone = [one for one in before if one not in after]
    found: list[tuple[Dose, Dose | None]] = []
    for dose in (one for one in after if one not in before):
        was = next((one for one in gone if dose.what == one.what or dose.by == one.by), None)
        if was is not None:
            gone.remove(was)
        found.append((dose, was))
    return found


def normal(line: str) -> str:
    """A line as it is compared: no case, no spaces or signs that differ between two typings."""
    return " ".join(re.sub(r"[.,;]+", " ", line).casefold().split())


def read_line(line: str) -> TypedLine:
    """One line: parts with a time are medicines, some short words say where, the rest is her."""
    first, *parts = [part.strip() for part in re.split(r"[,;]", line)]
    name, doses, standing = [first], [], None
    for part in parts:
        dose = _dose(part)
        if dose is not None:
            doses.append(dose)
        elif part.casefold() in SAID:
            standing = SAID[part.casefold()]
        elif part:
            name.append(part)
    return TypedLine(", ".join(name), tuple(doses), standing)


def when(by: time, now: datetime, zone: ZoneInfo) -> datetime:
    """The instant a time of the day means: one lately passed is late, not tomorrow's."""
    here = now.astimezone(zone)
    meant = here.replace(hour=by.hour, minute=by.minute, second=0, microsecond=0)
    if meant < here - LATE_BY:
        meant += timedelta(days=1)
    return meant


def settle(lines: Sequence[str], known: Sequence[Known]) -> Plan:
    """Which lines are new. The same list again adds nobody; two alike in one list are two people.

    A line that looks like one this sheet put there, and that is there no more, is its correction.
    """
    mine: defaultdict[str, list[int]] = defaultdict(list)
    others: defaultdict[str, list[int]] = defaultdict(list)
    for one in known:
        (mine if one.own else others)[normal(one.typed)].append(one.id)
    fresh = [line for line in lines if not _taken_from(mine, line)]
    there = {one.id: one.typed for one in known}
    left = [(there[one], one) for ids in mine.values() for one in ids]
    new, changed, already = [], [], []
    for line in fresh:
        near = max((_Near(_alike(typed, line), one) for typed, one in left), default=_FAR)
        if near.ratio >= ALIKE:
            left = [pair for pair in left if pair[1] != near.id]
            changed.append((near.id, line))
        elif _taken_from(others, line):
            already.append(line)
        else:
            new.append(line)
    return Plan(tuple(new), tuple(changed), tuple(already))


def _taken_from(there: defaultdict[str, list[int]], line: str) -> bool:
    ids = there.get(normal(line))
    if not ids:
        return False
    ids.pop(0)
    return True


def _alike(earlier: str, line: str) -> float:
    """How alike two lines are, or what stands before the first comma of each."""
    pairs = ((earlier, line), (_first(earlier), _first(line)))
    return max(SequenceMatcher(None, normal(a), normal(b)).ratio() for a, b in pairs)


def _first(line: str) -> str:
    return re.split(r"[,;]", line)[0]


def _dose(part: str) -> Dose | None:
    part = western_digits(part)
    found = _TIME_AS_SAID.search(part) or _TIME.search(part)
    if found is None:
        return None
    what = " ".join((part[: found.start()] + " " + part[found.end() :]).split())
    by = _as_said(found) if "part" in found.groupdict() else _clock(found)
    return Dose(what, by) if what and by is not None else None


def _clock(found: re.Match[str]) -> time | None:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or found["only"] or "").casefold()
    if half:
        if not 1 <= hour <= _NOON:
            return None
        hour = hour % _NOON + (_NOON if half == "pm" else 0)
    return time(hour, minute) if hour < _HOURS else None


def _as_said(found: re.Match[str]) -> time | None:
    """An hour with its part of the day: two at night is before dawn, twelve at night midnight."""
    hour, part = int(found["hour"]), _PARTS_OF_DAY[found["part"]]
    if not 1 <= hour <= _NOON:
        return None
    early = part == _MORNING or (part == _NIGHT and (hour < _DAWN or hour == _NOON))
    return time(hour % _NOON + (0 if early else _NOON), int(found["minute"] or 0))


def lately(at: time | None, now: datetime, zone: ZoneInfo) -> datetime:
    """The last instant at which a clock showed this; now if nothing was said."""
    if at is None:
        return now
    here = now.astimezone(zone)
    meant = here.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    return meant if meant <= here else meant - timedelta(days=1)
