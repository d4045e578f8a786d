"""Bank files as transports: bytes in, plain statement lines out; never whose money it is.

The content decides what a file is. CSV, XLS and XLSX need to know which column means what: that
is guessed, or handed in as a person chose it before.
"""

from __future__ import annotations

from collections.abc import Mapping

from union.gateways.bank_files.camt import read_camt
from union.gateways.bank_files.cells import kind_of, read_rows
from union.gateways.bank_files.layout import FIELDS, Layout, chosen_layout, guess_layout
from union.gateways.bank_files.plain import (
    ColumnsUnknownError,
    CurrencyError,
    FileKind,
    FileTooLargeError,
    FileUnreadableError,
    PlainLine,
    PlainStatement,
    RowProblem,
    SeveralStatementsError,
    XmlRefusedError,
)
from union.gateways.bank_files.tables import read_table

__all__ = [
    "FIELDS",
    "ColumnsUnknownError",
    "CurrencyError",
    "FileKind",
    "FileTooLargeError",
    "FileUnreadableError",
    "Layout",
    "PlainLine",
    "PlainStatement",
    "RowProblem",
    "SeveralStatementsError",
    "XmlRefusedError",
    "layout_of",
    "read_statement",
]


def read_statement(content: bytes, columns: Mapping[str, str] | None = None) -> PlainStatement:
    """The statement in a file. ``columns`` are the headings a person chose, if she did.

    FileTooLargeError, FileUnreadableError, XmlRefusedError, CurrencyError,
    SeveralStatementsError; ColumnsUnknownError if nobody can say which column is which.
    """
    kind = kind_of(content)
    if kind is FileKind.CAMT:
        return read_camt(content)
    rows = read_rows(content, kind)
    layout = (chosen_layout(rows, columns) if columns else None) or guess_layout(rows)
    if layout is None or not layout.complete:
        raise ColumnsUnknownError
    return read_table(rows, kind, layout)


def layout_of(content: bytes, columns: Mapping[str, str] | None = None) -> Layout | None:
    """Which column is taken for what; None for a file that has no columns (CAMT) or no heading."""
    kind = kind_of(content)
    if kind is FileKind.CAMT:
        return None
    rows = read_rows(content, kind)
    return (chosen_layout(rows, columns) if columns else None) or guess_layout(rows)
