"""A paper given up half drawn leaves no file of letters open."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fpdf import fonts

from union.crisis.rules.station import SHEETS
from union.crisis.views.counter_paper import print_counter_sheet
from union.crisis.views.district_paper import print_card
from union.reports.printers.pdf import as_pdf
from union.reports.sheets import Column, Row, Sheet

SHEET = SHEETS[-1]


def longer_than_a_page():
    print_counter_sheet(replace(SHEET, lines=SHEET.lines * 3), "en")


def in_a_language_it_is_not_in():
    print_counter_sheet(SHEET, "a language it is not in")


def with_a_district_that_is_no_word():
    print_card([("11", "Bidar"), ("12", 12)])


def with_a_cell_that_is_no_word():
    as_pdf(Sheet("book", "Cash", "days", "", (Column("What"),), (Row((b"bytes",)),)))


@pytest.fixture
def letters(monkeypatch):
    """Every file of letters that a paper opens."""
    opened, real = [], fonts.ttLib.TTFont

    def opens(file, *args, **kwargs):
        opened.append(real(file, *args, **kwargs))
        return opened[-1]

    monkeypatch.setattr(fonts.ttLib, "TTFont", opens)
    return opened


@pytest.mark.parametrize(
    ("draws", "error"),
    [
        (longer_than_a_page, ValueError),
        (in_a_language_it_is_not_in, KeyError),
        (with_a_district_that_is_no_word, Exception),
        (with_a_cell_that_is_no_word, Exception),
    ],
)
def test_given_up_half_drawn_it_leaves_no_file_open(letters, draws, error):
    with pytest.raises(error):
        draws()
    assert len(letters) == 2
    assert all(one.reader.file.closed for one in letters if one.reader is not None)
