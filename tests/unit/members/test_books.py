"""A file as a book: encodings, separators, headings, and what counts as a row."""

from __future__ import annotations

import pytest

from union.members.rules.books import Columns, read_book
from union.members.rules.errors import BookUnreadableError, ColumnsMissingError

BOOK = (
    "Sl,ID card no,Called,Name in register,District\n1,KA/1,Rani,ಲಕ್ಷ್ಮಿ,Bidar\n2,KA/2,,Noor,Bidar\n"
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_book_in_any_encoding(encoding):
    book = read_book(BOOK.encode(encoding))
    assert [row.cells["name"] for row in book.rows] == ["ಲಕ್ಷ್ಮಿ", "Noor"]


def test_an_old_spreadsheet_of_another_hand():
    content = "Name;Card;Dist.\r\nZoë;KA-0001;Bidar\r\n".encode("cp1252")
    book = read_book(content)
    assert book.columns.delimiter == ";"
    assert dict(book.rows[0].cells) == {"name": "Zoë", "card": "KA-0001", "district": "Bidar"}


def test_rows_keep_the_number_of_their_line():
    book = read_book(BOOK.replace("2,KA/2", "\n\n2,KA/2").encode())
    assert [row.line for row in book.rows] == [2, 5]


def test_empty_lines_are_no_rows_but_rows_of_separators_are():
    book = read_book((BOOK + ",,,,\n\n\n").encode())
    assert len(book.rows) == 3


def test_saved_columns_read_headings_that_nobody_would_guess():
    columns = Columns({"name": "Hesaru", "card": "Kramanka"}, "|")
    book = read_book(b"Hesaru|Kramanka\nRani|KA/7\n", columns)
    assert dict(book.rows[0].cells) == {"name": "Rani", "card": "KA/7"}
    assert Columns.from_dict(columns.as_dict()) == columns


@pytest.mark.parametrize("content", [b"PK\x03\x04rest", b"%PDF-1.7", b"", b"\x00\x01\x02"])
def test_what_is_no_text_is_refused(content):
    with pytest.raises(BookUnreadableError):
        read_book(content)


def test_a_table_of_something_else_is_refused():
    with pytest.raises(ColumnsMissingError):
        read_book(b"date,amount\n2026-10-01,20\n")
