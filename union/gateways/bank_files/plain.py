"""What every kind of bank file is read into: plain statements and lines, never a guess at whose.

Amounts are minor units; what came in is positive, what went out negative, as our bank book has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from union.kernel.errors import UnionError

LARGEST_FILE = 8 * 1024 * 1024
MOST_LINES = 20_000


class FileKind(StrEnum):
    """What a file is by its content; its name and what the browser says of it count for nothing."""

    CAMT = "camt"
    CSV = "csv"
    XLS = "xls"
    XLSX = "xlsx"


class FileUnreadableError(UnionError):
    """The file is none of the kinds that are read, or is damaged."""

    code = "bank_file_unreadable"


class FileTooLargeError(UnionError):
    """The file, or what it unpacks to, is larger than any statement."""

    code = "bank_file_too_large"


class XmlRefusedError(UnionError):
    """The file declares entities or a document type, which no bank's statement needs."""

    code = "bank_file_refused"


class ColumnsUnknownError(UnionError):
    """No row of the file names a date, a text and an amount: a person has to say which is which."""

    code = "bank_columns_unknown"


class CurrencyError(UnionError):
    """The statement is in another currency than ours."""

    code = "bank_currency"


class SeveralStatementsError(UnionError):
    """The file holds statements of several accounts; each comes in by itself."""

    code = "bank_several_statements"


@dataclass(frozen=True, slots=True)
class PlainLine:
    """One line of a statement. ``row_no`` is where it stands in the file, from 1.

    ``reference`` is the bank's own, if it gives one; ``balance_minor`` what stood after it.
    """

    row_no: int
    booked_on: date
    value_on: date | None
    amount_minor: int
    narration: str
    reference: str | None = None
    counterparty: str | None = None
    balance_minor: int | None = None


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that looks like a line and cannot be read: ``what`` is "date" or "amount"."""

    row_no: int
    what: str


@dataclass(frozen=True, slots=True)
class PlainStatement:
    """A statement as the bank gave it, oldest line first; what the file does not say is None."""

    kind: FileKind
    account_number: str | None
    period_from: date | None
    period_to: date | None
    opening_minor: int | None
    closing_minor: int | None
    lines: tuple[PlainLine, ...]
    problems: tuple[RowProblem, ...] = ()

    @property
    def moved_minor(self) -> int:
        """What all its lines together come to."""
        return sum(line.amount_minor for line in self.lines)

    @property
    def gap_minor(self) -> int | None:
        """How far the lines are from leading from the opening to the closing balance.

        None if the file does not say both.
        """
        if self.opening_minor is None or self.closing_minor is None:
            return None
        return self.closing_minor - self.opening_minor - self.moved_minor
