"""Tables out of bytes: CSV of any usual separator and encoding, XLS and XLSX, as rows of text.

Nothing touches the disk. A workbook that unpacks to far more than a statement is refused before
it is read, and read in a process of its own: a few cells far apart can ask for all the memory.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook

from union.gateways.bank_files.plain import (
    LARGEST_FILE,
    MOST_LINES,
    FileKind,
    FileTooLargeError,
    FileUnreadableError,
)
from union.infra.apart import ReadingFailedError, apart
from union.infra.uploads import ArchiveTooLargeError, ArchiveUnsoundError, hold_archive

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATORS = ",\t;|"
_PROBED = 200
_FEWEST = 3
"""Cells of a line that says anything: a date, a text, an amount."""

_PREAMBLE = 200

Cell = int | float | str | bool | time | date | datetime | timedelta


def kind_of(content: bytes) -> FileKind:
    """What a file is by its first bytes; FileTooLargeError, FileUnreadableError for anything else.

    Many banks hand out text under the name of a spreadsheet: it is read as what it is.
    """
    if len(content) > LARGEST_FILE:
        raise FileTooLargeError
    if content.startswith(_OLE):
        return FileKind.XLS
    if content.startswith(_ZIP):
        return FileKind.XLSX
    start = _decode(content[:4096]).lstrip("\ufeff \t\r\n")
    if start.startswith("<"):
        return FileKind.CAMT
    if not content.strip() or (b"\0" in content[:4096] and not content.startswith(_UTF16)):
        raise FileUnreadableError
    return FileKind.CSV


def read_rows(content: bytes, kind: FileKind) -> list[list[str]]:
    """The rows of a table's first filled sheet, each cell as plain text, none dropped."""
    rows = _text_rows(content) if kind is FileKind.CSV else _sheet_rows(content, kind)
    if len(rows) > MOST_LINES + _PREAMBLE:
        raise FileTooLargeError
    return rows


def _text_rows(content: bytes) -> list[list[str]]:
    text = _decode(content).replace("\0", "")
    candidates = [_split(text, separator) for separator in _SEPARATORS]
    return max(candidates, key=_table_like)


def _split(text: str, separator: str) -> list[list[str]]:
    try:
        rows = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
        return [[cell.strip() for cell in row] for row in rows]
    except csv.Error as error:
        raise FileUnreadableError from error


def _table_like(rows: Sequence[Sequence[str]]) -> int:
    """How many of the first rows have the most usual number of cells, if that is more than two."""
    widths = [len(row) for row in rows[:_PROBED] if any(row)]
    usual = [width for width in widths if width >= _FEWEST]
    return max((usual.count(width) * min(width, 8) for width in usual), default=0)


def _decode(content: bytes) -> str:
    if content.startswith(_UTF16):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _sheet_rows(content: bytes, kind: FileKind) -> list[list[str]]:
    if kind is FileKind.XLSX:
        _bounded(content)
    try:
        read: list[list[str]] | None = json.loads(apart(first_filled_sheet, content))
    except ReadingFailedError as error:
        raise FileTooLargeError from error
    if read is None:
        raise FileUnreadableError
    return read


def first_filled_sheet(content: bytes) -> bytes:
    """The rows of a workbook's first filled sheet as JSON; null if there is none to read."""
    return json.dumps(_first_rows(content)).encode()


def _first_rows(content: bytes) -> list[list[str]] | None:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            for name in book.sheet_names:
                rows = book.get_sheet_by_name(name).to_python(
                    skip_empty_area=False, nrows=MOST_LINES + _PREAMBLE + 1
                )
                if any(any(cell != "" for cell in row) for row in rows):
                    return [[_as_text(cell) for cell in row] for row in rows]
    except (CalamineError, ValueError):
        return None
    return None


def _bounded(content: bytes) -> None:
    try:
        hold_archive(content)
    except ArchiveTooLargeError as error:
        raise FileTooLargeError from error
    except ArchiveUnsoundError as error:
        raise FileUnreadableError from error


def _as_text(cell: Cell) -> str:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float):
        plain = Decimal(str(cell))
        whole = plain.to_integral_value()
        return str(int(whole)) if plain == whole else f"{plain:f}"
    return str(cell).strip()
