"""Districts by any name people give them: old names, spellings, headquarters."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

_CLOSE_ENOUGH = 0.84
_SHORTEST_TO_GUESS = 5


@dataclass(frozen=True, slots=True)
class District:
    """A district as reference data give it; the point is that of its headquarters, in degrees."""

    name: str
    also_written: tuple[str, ...]
    headquarters: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class DistrictReading:
    """The district meant, and whether the name was only nearly one we know."""

    name: str
    guessed: bool


def fold_place(written: str) -> str:
    """A place's name for comparison: small letters and figures only ("D.K." and "dk" are one)."""
    plain = unicodedata.normalize("NFKC", written).casefold()
    return re.sub(r"[\W_]+", "", plain)


def names_of(districts: Iterable[District]) -> dict[str, str]:
    """Every folded way of writing a district, with its name; own names win over other ways."""
    listed = list(districts)
    found = {fold_place(d.name): d.name for d in listed}
    for district in listed:
        for way in district.also_written:
            found.setdefault(fold_place(way), district.name)
    return found


def read_district(written: str, names: Mapping[str, str]) -> DistrictReading | None:
    """The district a name means, a slip of the pen allowed; None if nobody knows it."""
    folded = fold_place(written)
    if folded in names:
        return DistrictReading(names[folded], guessed=False)
    if len(folded) < _SHORTEST_TO_GUESS:
        return None
    near = {names[way] for way in get_close_matches(folded, names, n=2, cutoff=_CLOSE_ENOUGH)}
    return DistrictReading(near.pop(), guessed=True) if len(near) == 1 else None


def place_hint(place: str, districts: Iterable[District]) -> str | None:
    """The district whose headquarters or name begins a place's name, as a hint for a person."""
    folded = fold_place(place)
    hits = {
        district.name
        for district in districts
        for start in (district.headquarters, district.name)
        if folded.startswith(fold_place(start))
    }
    return hits.pop() if len(hits) == 1 else None


def read_districts(text: str) -> list[District]:
    """Read a table of district, also_written (parted by ;), headquarters, lat and lon."""
    return [
        District(
            name=row["district"].strip(),
            also_written=tuple(
                way.strip() for way in row["also_written"].split(";") if way.strip()
            ),
            headquarters=row["headquarters"].strip(),
            latitude=float(row["lat"]),
            longitude=float(row["lon"]),
        )
        for row in csv.DictReader(io.StringIO(text))
    ]
