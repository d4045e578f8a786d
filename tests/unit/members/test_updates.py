"""What another book changes: by rule, listed, never silently."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from union.kernel.phone import read_phone
from union.members.rules.dates import DateReading
from union.members.rules.people import RemarkReading
from union.members.rules.reading import RowReading
from union.members.rules.updates import Present, compare, settled

HERS = read_phone("5123456789")
OTHER = read_phone("5123456780")
ROW = RowReading(
    line=2,
    called="Rani",
    category="woman",
    phones=(HERS,),
    district="Bidar",
    joined=DateReading(date(2019, 7, 12)),
    fee_minor=2000,
)
PRESENT = Present(
    called="Rani",
    joined="2019-07-12",
    category="woman",
    district="Bidar",
    fee_minor=2000,
    phones=frozenset({HERS.e164}),
)


def told(row, present=PRESENT, earlier=None):
    update = compare(row, present, earlier)
    return set(update.fields), {finding.code for finding in update.findings}


def test_the_same_again_is_nothing_new():
    assert told(ROW) == (set(), {"nothing_new"})


@pytest.mark.parametrize(
    ("present", "field"),
    [
        ({"called": None}, "called"),
        ({"joined": None}, "joined"),
        ({"joined": "2019-07"}, "joined"),
        ({"category": None}, "category"),
        ({"district": None}, "district"),
        ({"fee_minor": None}, "fee"),
        ({"phones": frozenset()}, "phones"),
    ],
)
def test_what_was_empty_is_filled(present, field):
    assert told(ROW, replace(PRESENT, **present)) == ({field}, {"field_filled"})


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"called": "Sona"}, "called_differs"),
        ({"joined": DateReading(date(2018, 1, 1))}, "joined_differs"),
        ({"category": "trans"}, "category_differs"),
        ({"district": "Hassan"}, "district_differs"),
        ({"fee_minor": 1000}, "fee_differs"),
        ({"phones": (OTHER,)}, "phone_differs"),
    ],
)
def test_what_differs_is_left_and_listed(row, code):
    assert told(replace(ROW, **row)) == (set(), {code})


@pytest.mark.parametrize(
    ("row", "field", "code"),
    [
        ({"phones": (OTHER,), "remarks": "new number"}, "phones", "phone_new"),
        ({"district": "Hassan", "remarks": "shifted"}, "district", "district_changed"),
        ({"fee_minor": 1000, "remarks": "fee reduced, unwell"}, "fee", "fee_changed"),
    ],
)
def test_what_the_note_explains_is_taken_over(row, field, code):
    present = replace(PRESENT, remarks="known")
    assert told(replace(ROW, **row), present) == ({field}, {code})


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"called": "Sona"}, "called"),
        ({"district": "Hassan"}, "district"),
        ({"fee_minor": 1000}, "fee"),
        ({"phones": (OTHER,)}, "phones"),
        ({"joined": DateReading(date(2018, 1, 1))}, "joined"),
    ],
)
def test_what_was_corrected_in_the_same_book_is_taken_over(row, field):
    assert told(replace(ROW, **row), earlier=ROW) == ({field}, {"field_corrected"})


def test_a_rougher_date_changes_nothing():
    row = replace(ROW, joined=DateReading(date(2019, 7, 1), "month"))
    assert told(row) == (set(), {"nothing_new"})


def test_news_of_a_death_is_taken_over_at_once():
    row = replace(ROW, standing=RemarkReading("died", date(2024, 12, 31)))
    assert told(row) == ({"status"}, {"status_changed"})


def test_a_sealed_name_is_only_ever_filled():
    row = replace(ROW, name="Asha")
    assert told(row) == ({"name"}, {"field_filled"})
    assert told(row, replace(PRESENT, has_name=True)) == (set(), {"nothing_new"})


def test_what_a_second_book_leaves_out_is_no_doubt():
    (row, update) = (ROW, compare(ROW, PRESENT))
    assert [f.code for f in settled(row, update).findings] == ["nothing_new"]
