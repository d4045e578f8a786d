"""Reports: one query, several printers, the same figures in all of them."""

from __future__ import annotations

import csv
from datetime import date
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from tests.builders.ledger import (
    acting_as,
    make_approved_voucher,
    make_books,
    make_person_as,
    make_receipt,
)
from union.kernel.actor import Actor, Role
from union.kernel.periods import Month
from union.ledger.services import pay_voucher, reverse_entry
from union.reports.books import BUILDERS
from union.reports.printers import PRINTERS
from union.reports.printers.comma import as_csv
from union.reports.printers.workbook import as_xlsx
from union.reports.sheets import Column, Kind, Row, Sheet


@pytest.fixture
def books(pages):
    with pages.begin(Actor.system("test")) as work:
        make_books(work)
        make_receipt(work, 700_000)
        make_receipt(work, 12_345_678, fund="welfare")
        voucher = make_approved_voucher(work)
        with acting_as(work, make_person_as(work, Role.TREASURER)):
            pay_voucher(work, voucher.ref)


def rows_of(browser, code, **asked):
    answer = browser.get(f"/reports/{code}.csv", query_string=asked)
    assert answer.status_code == 200
    return list(csv.reader(StringIO(answer.data.decode("utf-8-sig"))))


def row(rows, words):
    (found,) = [one for one in rows if one and one[0] == words]
    return found[1:]


def test_every_report_on_screen_and_on_every_paper(sign_in, books):
    trustee = sign_in(Role.TRUSTEE)
    assert trustee.get("/reports").status_code == 200
    for code in BUILDERS:
        page = trustee.get(f"/reports/{code}")
        assert page.status_code == 200, code
        assert "Not sealed yet." in page.text
        for ending, (mimetype, _print) in PRINTERS.items():
            paper = trustee.get(f"/reports/{code}.{ending}")
            assert (paper.status_code, paper.content_type) == (200, mimetype)
            assert "attachment" in paper.headers["Content-Disposition"]
    assert trustee.get("/reports/nothing").status_code == 404
    assert trustee.get("/reports/balance-sheet.exe").status_code == 404
    assert sign_in(Role.COLLECTOR).get("/reports").status_code == 403


def test_what_was_earned_less_what_was_spent_is_in_the_funds(sign_in, books):
    treasurer = sign_in(Role.TREASURER)
    result = row(rows_of(treasurer, "income-and-expenditure"), "Left over")
    assert result == ["7000.00", "122956.78", "129956.78"]
    sheet = rows_of(treasurer, "balance-sheet")
    assert row(sheet, "All we have") == row(sheet, "Owed and ours") == result
    welfare = row(rows_of(treasurer, "fund-statement"), "Welfare fund")
    assert welfare == ["0.00", "123456.78", "500.00", "0.00", "0.00", "122956.78"]
    money = rows_of(treasurer, "receipts-and-payments")
    assert row(money, "Gifts from members") == ["130456.78"]
    assert row(money, "Welfare payments") == ["500.00"]
    assert row(rows_of(treasurer, "annual-return"), "Donations") == ["", "130456.78"]


def test_a_book_runs_and_a_fund_can_be_asked_alone(sign_in, books):
    treasurer = sign_in(Role.TREASURER)
    lines = rows_of(treasurer, "book", book="1110", first="2026-10-01", last="2026-10-31")
    assert [one[4] for one in lines[3:-2]] == ["0.00", "7000.00", "130456.78", "129956.78"]
    alone = rows_of(treasurer, "income-and-expenditure", fund="general")
    assert row(alone, "Left over") == ["7000.00"]
    later = rows_of(treasurer, "fund-statement", first="2026-11-01", last="2026-11-30")
    assert row(later, "All funds")[0] == row(later, "All funds")[-1] == "129956.78"


def test_what_was_taken_back_of_an_earlier_month_has_a_line_of_its_own(sign_in, pages):
    with pages.begin(Actor.system("test")) as work:
        make_books(work, Month(2026, 9))
        gift = make_receipt(work, 700_000, happened_on=date(2026, 9, 4))
        make_receipt(work, 12_300, fund="welfare", happened_on=date(2026, 10, 4))
        reverse_entry(work, gift.id)
    october = {"first": "2026-10-01", "last": "2026-10-31"}
    rows = rows_of(sign_in(Role.TREASURER), "income-and-expenditure", **october)
    assert row(rows, "Gifts from members") == ["0.00", "123.00", "123.00"]
    assert row(rows, "Taken back of earlier days") == ["-7000.00", "0.00", "-7000.00"]
    assert row(rows, "Income") == ["-7000.00", "123.00", "-6877.00"]
    money = rows_of(sign_in(Role.TREASURER), "receipts-and-payments", **october)
    assert row(money, "Gifts from members") == ["123.00"]
    assert row(money, "Receipts of earlier days taken back") == ["7000.00"]
    whole = rows_of(sign_in(Role.TREASURER), "income-and-expenditure", last="2026-10-31")
    assert "Taken back of earlier days" not in [one[0] for one in whole if one]


def test_the_workbook_holds_the_same_figures_as_numbers(sign_in, books):
    answer = sign_in(Role.TREASURER).get("/reports/income-and-expenditure.xlsx")
    page = load_workbook(BytesIO(answer.data)).active
    (found,) = [one for one in page.iter_rows(values_only=True) if one[0] == "Left over"]
    assert found[1:4] == (7000, 122956.78, 129956.78)


@pytest.mark.parametrize("asked", ["last=x", "fund=none", "first=9999-99-99", "book=9999"])
def test_an_address_that_asks_nonsense_shows_the_present_year(sign_in, books, asked):
    page = sign_in(Role.TREASURER).get(f"/reports/trial-balance?{asked}")
    assert page.status_code == 200
    assert "16 Oct 2026" in page.text


EVIL = "=cmd|' /C calc'!A0"


@pytest.mark.parametrize("words", [EVIL, "+1", "-1", "@x", "\t=1", "\r=1"])
def test_no_cell_is_run_by_a_spreadsheet(words):
    sheet = Sheet(
        "x", words, words, "", [Column("Name"), Column("Sum", Kind.MONEY)], [Row((words, -5))]
    )
    listed = list(csv.reader(StringIO(as_csv(sheet).decode("utf-8-sig"))))
    assert [one[0] for one in listed if one and one[0].endswith(words)] == [f"'{words}"] * 3
    assert listed[-1][1] == "-0.05"
    page = load_workbook(BytesIO(as_xlsx(sheet))).active
    assert {field.data_type for line in page.iter_rows() for field in line if field.value} <= {
        "s",
        "n",
    }
