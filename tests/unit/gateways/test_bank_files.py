"""Bank files read: five banks' own tables say the same ten lines, and CAMT says its own."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from union.gateways.bank_files import (
    ColumnsUnknownError,
    CurrencyError,
    FileKind,
    FileTooLargeError,
    FileUnreadableError,
    SeveralStatementsError,
    XmlRefusedError,
    layout_of,
    read_statement,
)
from union.gateways.bank_files.plain import LARGEST_FILE
from union.gateways.bank_files.tables import read_day, read_money

DATA = Path(__file__).parents[2] / "data"
CAMT = (DATA / "bank.camt053.xml").read_bytes()
TABLES = {
    "bank-sbi.xls": FileKind.CSV,
    "bank-hdfc.csv": FileKind.CSV,
    "bank-canara.csv": FileKind.CSV,
    "bank-icici.xls": FileKind.XLS,
    "bank-union.xlsx": FileKind.XLSX,
}
AMOUNTS = [2000, 4000, 12345600, 1468000, -125000, 2000, 2000, -5000, -900, 31250]


@pytest.mark.parametrize("name", TABLES)
def test_each_banks_table_says_the_same_ten_lines(name):
    read = read_statement((DATA / name).read_bytes())
    assert read.kind is TABLES[name]
    assert [line.amount_minor for line in read.lines] == AMOUNTS
    assert [line.booked_on.day for line in read.lines] == [1, 1, 3, 5, 7, 9, 9, 28, 28, 31]
    assert (read.opening_minor, read.closing_minor, read.gap_minor) == (4821000, 18544950, 0)
    assert read.problems == ()
    assert (read.account_number or "").endswith("0412")
    assert "KA" in read.lines[0].narration
    assert "00245" in read.lines[0].narration


def test_a_reference_is_the_banks_own_or_none():
    hdfc = read_statement((DATA / "bank-hdfc.csv").read_bytes()).lines
    assert hdfc[0].reference == "0000562731904417"
    assert hdfc[7].reference is None
    canara = read_statement((DATA / "bank-canara.csv").read_bytes()).lines
    assert [line.reference for line in canara].count("000412") == 1
    assert canara[0].reference is None


def test_camt_is_read_whole():
    read = read_statement(CAMT)
    assert (read.kind, len(read.lines)) == (FileKind.CAMT, 149)
    assert (read.period_from, read.period_to) == (date(2026, 10, 1), date(2026, 10, 31))
    assert (read.opening_minor, read.closing_minor) == (4821000, 7475100)
    assert read.account_number == "00000000412"
    rent = next(line for line in read.lines if "RENT" in line.narration)
    assert rent.amount_minor == -125000
    assert rent.reference is not None


def camt(inside: str, head: str = "", version: str = "08") -> bytes:
    space = f"urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"
    return (
        f'<?xml version="1.0"?>{head}<p:Document xmlns:p="{space}"><p:BkToCstmrStmt>'
        + inside.replace("</", "</p:").replace("<", "<p:").replace("<p:/p:", "</p:")
        + "</p:BkToCstmrStmt></p:Document>"
    ).encode()


ENTRY = (
    '<Ntry><Amt Ccy="INR">60.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>{status}</Cd></Sts>'
    "<BookgDt><DtTm>2026-10-03T10:00:00+05:30</DtTm></BookgDt><NtryRef>N1</NtryRef><NtryDtls>{details}"
    "</NtryDtls></Ntry>"
)
PART = (
    '<TxDtls><Refs><EndToEndId>{ref}</EndToEndId></Refs><Amt Ccy="INR">{amount}</Amt>'
    "<CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>RANI</Nm></Pty></Dbtr></RltdPties>"
    "<RmtInf><Ustrd>KA/00245</Ustrd><Ustrd>fee</Ustrd></RmtInf></TxDtls>"
)


def test_an_entry_of_several_payments_becomes_as_many_lines():
    parts = PART.format(ref="A", amount="20.00") + PART.format(ref="B", amount="40.00")
    read = read_statement(camt(f"<Stmt>{ENTRY.format(status='BOOK', details=parts)}</Stmt>"))
    assert [(line.amount_minor, line.reference) for line in read.lines] == [
        (2000, "A"),
        (4000, "B"),
    ]
    assert read.lines[0].narration == "KA/00245 fee"
    assert read.lines[0].counterparty == "RANI"
    assert read.lines[0].booked_on == date(2026, 10, 3)


def test_parts_that_do_not_add_up_stay_one_line():
    parts = PART.format(ref="A", amount="20.00") + PART.format(ref="B", amount="30.00")
    read = read_statement(camt(f"<Stmt>{ENTRY.format(status='BOOK', details=parts)}</Stmt>"))
    assert [(line.amount_minor, line.reference) for line in read.lines] == [(6000, "N1")]


def test_what_is_not_booked_yet_is_left_out():
    entry = ENTRY.format(status="PDNG", details=PART.format(ref="A", amount="60.00"))
    assert read_statement(camt(f"<Stmt>{entry}</Stmt>")).lines == ()


def test_an_entry_without_a_readable_amount_is_named_and_not_dropped():
    entry = ENTRY.format(status="BOOK", details="").replace("60.00", "sixty")
    read = read_statement(camt(f"<Stmt>{entry}</Stmt>"))
    assert [(one.row_no, one.what) for one in read.problems] == [(1, "amount")]


def test_entities_and_document_types_are_refused_before_they_are_expanded():
    bomb = "<!DOCTYPE z [<!ENTITY a 'x'>" + "".join(
        f"<!ENTITY a{n} '{'&a;' * 10 if n == 0 else f'&a{n - 1};' * 10}'>" for n in range(9)
    )
    for head in (bomb + "]>", '<!DOCTYPE z [<!ENTITY a SYSTEM "http://127.0.0.1/e">]>'):
        with pytest.raises(XmlRefusedError):
            read_statement(camt("<Stmt><Id>&a;</Id></Stmt>", head))
    with pytest.raises(XmlRefusedError):
        read_statement(camt("<Stmt></Stmt>", "<!DOCTYPE z>").decode().encode("utf-16"))


def test_other_money_and_several_accounts_are_refused():
    with pytest.raises(CurrencyError):
        read_statement(camt("<Stmt><Acct><Ccy>EUR</Ccy></Acct></Stmt>"))
    with pytest.raises(SeveralStatementsError):
        read_statement(camt("<Stmt></Stmt><Stmt></Stmt>"))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        b"\x89PNG\r\n\x1a\n\0\0",
        b"<html><body>no</body></html>",
        b"<Document>",
        b"PK\x03\x04junk",
    ],
)
def test_what_is_no_statement_is_refused_whatever_its_name(content):
    with pytest.raises(FileUnreadableError):
        read_statement(content)


def test_a_table_without_known_headings_asks_a_person():
    content = b"when,what,in,out\n01/10/2026,KA/00245,20.00,\n"
    with pytest.raises(ColumnsUnknownError):
        read_statement(content)
    chosen = {"date": "when", "narration": "what", "credit": "in", "debit": "out"}
    read = read_statement(content, chosen)
    assert [(line.amount_minor, line.narration) for line in read.lines] == [(2000, "KA/00245")]


def test_a_chosen_layout_that_is_not_in_the_file_gives_way_to_a_guess():
    content = (DATA / "bank-sbi.xls").read_bytes()
    assert len(read_statement(content, {"date": "when"}).lines) == 10
    layout = layout_of(content)
    assert layout is not None
    assert layout.columns["reference"] == "Ref No./Cheque No."


def test_two_columns_of_one_heading_are_told_apart():
    content = (
        b"Sl,Date,Description,Chq / Ref number,Amount,Dr / Cr,Balance,Dr / Cr\n"
        b'1,01-10-2026,RANI,R1,"1,200.00",CR,"1,200.00",CR\n'
        b"2,02-10-2026,FEE,R2,5.90,DR,1194.10,CR\n"
    )
    read = read_statement(content)
    assert [line.amount_minor for line in read.lines] == [120000, -590]
    assert read.gap_minor == 0


def test_a_row_that_cannot_be_read_is_named():
    content = (
        b"Date,Narration,Debit,Credit\n01/10/2026,RANI,,20.00\n32/10/2026,SITA,,20.00\n"
        b"02/10/2026,UMA,,twenty\nTotal,,,60.00\n"
    )
    read = read_statement(content)
    assert [(one.row_no, one.what) for one in read.problems] == [(3, "date"), (4, "amount")]
    assert len(read.lines) == 1


def test_a_file_larger_than_any_statement_is_refused_unread():
    with pytest.raises(FileTooLargeError):
        read_statement(b"a," * (LARGEST_FILE // 2 + 1))


def test_a_workbook_that_unpacks_to_far_more_is_refused_unpacked():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * (65 * 1024 * 1024))
    assert len(packed.getvalue()) < 200_000
    with pytest.raises(FileTooLargeError):
        read_statement(packed.getvalue())


def test_figures_of_a_spreadsheet_are_read_to_the_paisa():
    book, out = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["Date", "Narration", "Ref No", "Debit", "Credit", "Balance"])
    book.active.append([date(2026, 10, 1), "RANI", 562731904417, None, 1234.1, 1234.1])
    book.save(out)
    (line,) = read_statement(out.getvalue()).lines
    assert (line.amount_minor, line.reference) == (123410, "562731904417")
    assert line.booked_on == date(2026, 10, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("1 Oct 2026", date(2026, 10, 1)),
        ("01/10/26", date(2026, 10, 1)),
        ("01-10-2026 10:11:12", date(2026, 10, 1)),
        ("01-OCT-2026", date(2026, 10, 1)),
        ("2026-10-01", date(2026, 10, 1)),
        ("೦೧/೧೦/೨೦೨೬", date(2026, 10, 1)),
        ("31/09/2026", None),
        ("", None),
    ],
)
def test_days_as_indian_banks_write_them(text, day):
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "paise"),
    [
        ("1,23,456.00", 12345600),
        ("20.00 Cr", 2000),
        ("59.00Dr", -5900),
        ("(59.00)", -5900),
        ("-59", -5900),
        ("₹ 1,200.5", 120050),
        ("INR 20", 2000),
        ("20.005", None),
        ("twenty", None),
        ("NaN", None),
        ("2O.00", None),
        ("", None),
    ],
)
def test_amounts_as_indian_banks_write_them(text, paise):
    assert read_money(text) == paise
