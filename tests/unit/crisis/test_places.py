"""Where it is and whether it is the same: words as people write them."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from union.crisis.rules.kinds import Kind
from union.crisis.rules.likeness import Told, likelihood, most_likely
from union.crisis.rules.places import Area, Landmark, find, guess, telling, words
from union.kernel.geo import home_cell

DATA = Path(__file__).parents[2] / "data"
AT = datetime(2026, 10, 21, 17, 35, tzinfo=UTC)
URBAN, MARKET = home_cell(12.977, 77.572), home_cell(12.965, 77.577)
RAID = Kind.ARREST_OR_RAID


def areas() -> list[Area]:
    with (DATA / "districts.csv").open(encoding="utf-8") as file:
        return [
            Area(
                number,
                (
                    row["district"],
                    row["headquarters"],
                    *(part.strip() for part in row["also_written"].split(";") if part.strip()),
                ),
                home_cell(float(row["lat"]), float(row["lon"])),
            )
            for number, row in enumerate(csv.DictReader(file), 1)
        ]


AREAS = areas()
NAMES = {area.branch_id: area.names[0] for area in AREAS}
MAJESTIC = Landmark(5, ("Majestic", "Kempegowda bus station"), URBAN)


def named(text: str) -> str | None:
    found = find(text, AREAS, [MAJESTIC])
    return NAMES[found.branch_id] if found else None


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("help Devanahalli bus stand", "Bengaluru Rural"),
        ("Bangalore Rural market", "Bengaluru Rural"),
        ("B'lore, near the lodge", "Bengaluru Urban"),
        ("karwar market road", "Uttara Kannada"),
        ("D.K. district", "Dakshina Kannada"),
        ("they took girls Hospet", "Vijayanagara"),
        ("near kempegowda bus station", "Bengaluru Urban"),
        ("majestic vans police took all", "Bengaluru Urban"),
        ("Hubli-Dharwad bypass", "Dharwad"),
        ("urgent call me", None),
        ("ಗಂಡ ಹೊಡೆಯುತ್ತಿದ್ದಾನೆ", None),
        ("from Bidar to Gadag", None),
        ("", None),
        (None, None),
    ],
)
def test_the_district_that_is_meant(text, district):
    assert named(text) == district


def test_every_place_of_the_file_is_understood():
    """All but a bare "home" and the two that only a landmark's name places."""
    unknown = []
    for row in (DATA / "calls.jsonl").read_text(encoding="utf-8").splitlines():
        told = json.loads(row)
        if told["place"] and named(told["place"]) is None:
            unknown.append(told["place"])
        if told["place"] and told["district"] in NAMES.values():
            assert named(told["place"]) in (told["district"], None), told
    assert unknown == ["KR Market lodge, door broken", "home"]


def test_indic_words_stay_whole():
    assert len(words("ಗಂಡ ಹೊಡೆಯುತ್ತಿದ್ದಾನೆ")) == 2


@given(st.text(max_size=60))
def test_any_text_can_be_read(text):
    find(text, AREAS, [MAJESTIC])
    assert telling(text, AREAS) <= frozenset(words(text))


def told(place: str | None = None, said: str | None = None, **fields) -> Told:
    fields.setdefault("at", AT)
    text = f"{place or ''} {said or ''}"
    return Told(said=telling(text, AREAS), names_place=bool(place), **fields)


FIRST = told(
    "Majestic bus stand, taken in two vans",
    kind=RAID, branch_id=5, cell=URBAN, cell_exact=True, people=23,
)  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [
        told(said="majestic vans police took all", branch_id=5, at=AT + timedelta(minutes=1)),
        told(said="majestic vans police took all", at=AT + timedelta(minutes=1)),
        told("near kempegowda bus station", kind=RAID, branch_id=5, people=10),
        told(kind=Kind.POLICE_HARASSMENT, branch_id=5, cell=URBAN, cell_exact=True, people=20),
    ],
)
def test_told_otherwise_it_is_the_same_raid(other):
    assert likelihood(other, [FIRST]).attaches


@pytest.mark.parametrize(
    "other",
    [
        told("KR Market lodge, door broken", kind=RAID, branch_id=5, cell=MARKET, cell_exact=True),
        told("KR Market lodge, door broken", kind=RAID, branch_id=5),
        told("Majestic bus stand", kind=Kind.THREAT_TO_OWN_LIFE, branch_id=5),
        told("Majestic bus stand", kind=RAID, branch_id=6),
        told("Majestic bus stand", kind=RAID, branch_id=5, at=AT + timedelta(minutes=31)),
        told(kind=RAID, branch_id=5),
        told(),
    ],
)
def test_these_are_not_attached(other):
    assert not likelihood(other, [FIRST]).attaches


def test_the_market_is_another_even_when_one_teller_named_no_place():
    nameless = told(
        kind=Kind.POLICE_HARASSMENT, branch_id=5, cell=URBAN, cell_exact=True, people=20
    )
    market = told(
        "KR Market lodge, door broken", kind=RAID, branch_id=5, cell=MARKET, cell_exact=True
    )
    assert not likelihood(market, [FIRST, nameless]).attaches


def test_after_half_an_hour_it_is_shown_and_a_person_decides():
    late = told("Majestic bus stand", kind=RAID, branch_id=5, at=AT + timedelta(minutes=34))
    found = likelihood(late, [FIRST])
    assert found.worth_showing
    assert not found.attaches


def test_the_likeliest_is_taken_and_the_elder_of_two_alike():
    other = told("KR Market lodge", kind=RAID, branch_id=5)
    new = told("Majestic", kind=RAID, branch_id=5)
    assert most_likely(new, {2: [FIRST], 1: [other]})[0] == 2
    assert most_likely(new, {2: [FIRST], 1: [FIRST]})[0] == 1
    assert most_likely(new, {})[0] is None
    assert likelihood(new, []).likelihood == 0.0


@pytest.mark.parametrize(
    ("text", "district"),
    [
        ("Maisuru bus stand", "Mysuru"),
        ("from Bidr towards Kalaburgi", "Bidar"),
        ("blue gate behind the temple", None),
        ("", None),
    ],
)
def test_a_guess_takes_what_is_like_a_name_and_the_first_of_two(text, district):
    known = areas()
    found = guess(text, known)
    names = {area.branch_id: area.names[0] for area in known}
    assert (None if found is None else names[found.branch_id]) == district
    assert found is None or not found.exact
