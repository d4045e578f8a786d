"""What becomes of a line of a round: its verdict and reason, and what is known when judging it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from union.dues.rules.reading import SheetLine


class Reason(StrEnum):
    """Why a line is refused; ``union/web/words`` says each in words and what to do."""

    ENTERED_TWICE = "entered_twice"
    RECEIPT_SHARED = "receipt_shared"
    RECEIPT_TAKEN = "receipt_taken"
    RECEIPT_UNREADABLE = "receipt_unreadable"
    RECEIPT_MISSING = "receipt_missing"
    COLLECTOR_UNREADABLE = "collector_unreadable"
    CARD_UNKNOWN = "card_unknown"
    MEMBER_GONE = "member_gone"
    AMOUNT_UNREADABLE = "amount_unreadable"
    AMOUNT_NEGATIVE = "amount_negative"
    AMOUNT_ZERO = "amount_zero"
    AMOUNT_TOO_LARGE = "amount_too_large"
    DATE_IMPOSSIBLE = "date_impossible"
    DATE_AHEAD = "date_ahead"
    DATE_LONG_AGO = "date_long_ago"
    RECEIPT_OUTSIDE = "receipt_outside"
    RECEIPT_SPOILED = "receipt_spoiled"
    OWN_RECEIPT = "own_receipt"
    LINE_UNREADABLE = "line_unreadable"
    PHONE_REVOKED = "phone_revoked"


class Verdict(StrEnum):
    """What became of a line: each has exactly one."""

    BOOKED = "booked"
    ALREADY = "already"
    REFUSED = "refused"


class Note(StrEnum):
    """What a collector's remark means for the books; the words themselves stay on the line."""

    NONE = ""
    FOR_ANOTHER_TOO = "for_another_too"
    PART = "part"
    ARREARS = "arrears"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class KnownMember:
    """A member as a sheet needs her."""

    person_id: int
    active: bool


@dataclass(frozen=True, slots=True)
class Taken:
    """A receipt booked before."""

    person_id: int
    amount_minor: int
    happened_on: date


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """What the books know when a sheet arrives; ``taken`` by collector's card and number.

    ``books`` are the numbers issued to each collector's card; whoever was issued none may use
    any number (a round from before books were issued here). ``writer`` is who brings the lines:
    her own dues she never takes. ``sheet`` is a round's paper in the office's hands, which is a
    second hand on what a collector wrote for herself; without it that waits for somebody.
    """

    members: Mapping[str, KnownMember]
    taken: Mapping[tuple[str, int], Taken]
    today: date
    books: Mapping[str, Sequence[range]] = field(default_factory=dict)
    collectors: Mapping[str, int] = field(default_factory=dict)
    writer: int | None = None
    sheet: bool = True

    def outside(self, collector: str, receipt_no: int) -> bool:
        """Whether the collector was issued books, and this number is in none of them."""
        books = self.books.get(collector, ())
        return bool(books) and not any(receipt_no in one for one in books)

    def own(self, collector: str, person_id: int) -> bool:
        """Whether somebody would take her own dues, with nobody else looking."""
        if person_id == self.writer:
            return True
        return not self.sheet and person_id == self.collectors.get(collector)


@dataclass(frozen=True, slots=True)
class JudgedLine:
    """A line and what becomes of it.

    ``suggested_minor`` is what the amount probably means (paise), for the person who settles
    a refused line: it is never booked by itself. ``hint_no`` is a receipt number that is
    missing right beside a shared one.
    """

    line: SheetLine
    verdict: Verdict
    reason: Reason | None
    collector: str
    receipt_no: int | None
    happened_on: date | None
    card: str
    person_id: int | None
    amount_minor: int | None
    suggested_minor: int | None
    note: Note
    hint_no: int | None = None


@dataclass(frozen=True, slots=True)
class MissingReceipt:
    """A number inside a book for which there is no line: the carbon copy must be found."""

    collector: str
    receipt_no: int


@dataclass(frozen=True, slots=True)
class JudgedSheet:
    """All lines of a sheet, in its order, and the numbers missing from its books."""

    lines: tuple[JudgedLine, ...]
    missing: tuple[MissingReceipt, ...]
