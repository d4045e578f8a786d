"""What every provider of card payments must offer, as plain values; amounts are minor units.

A notice says only that something may have changed; what is so is always asked for (`look`,
`lines_since`), so that the order in which notices come, and whether they come, does not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol


class Subject(StrEnum):
    """What a notice is about, and what can be looked at."""

    PAGE = "page"
    INSTRUCTION = "instruction"
    DISPUTE = "dispute"
    REFUND = "refund"
    PAYOUT = "payout"
    STATEMENT = "statement"
    NOTHING = "nothing"


class LineKind(StrEnum):
    """What a line of the provider's statement is."""

    PAYMENT = "payment"
    REFUND = "refund"
    REFUND_BACK = "refund_back"
    DISPUTE = "dispute"
    DISPUTE_BACK = "dispute_back"
    FEE = "fee"
    PAYOUT = "payout"
    PAYOUT_BACK = "payout_back"
    OTHER = "other"


class PageState(StrEnum):
    """Where a visit to the provider's page stands; the last three are final."""

    OPEN = "open"
    WAITING = "waiting"
    DONE = "done"
    EXPIRED = "expired"
    FAILED = "failed"


class InstructionState(StrEnum):
    """Where a standing instruction stands; ended is final."""

    WAITING = "waiting"
    ACTIVE = "active"
    FAILING = "failing"
    GIVEN_UP = "given_up"
    ENDED = "ended"


class DisputeState(StrEnum):
    """Where a dispute stands; won and lost are final."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class RefundState(StrEnum):
    """Where a refund stands."""

    SENT = "sent"
    DONE = "done"
    FAILED = "failed"


class PayoutState(StrEnum):
    """Where money on its way to our bank is."""

    UNDER_WAY = "under_way"
    PAID = "paid"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PageAsked:
    """A page to pay on. ``origin_ref`` is what every payment from it will be known by."""

    page_ref: str
    origin_ref: str
    amount_minor: int
    monthly: bool
    shown_name: str
    back_url: str


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """The provider's page: its id and where to send the payer."""

    id: str
    url: str


@dataclass(frozen=True, slots=True)
class RefundAsked:
    """So much of one charge to be given back; ``ref`` is ours."""

    ref: str
    charge_id: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement of what the provider holds for us: gross amount, and what it kept of it.

    ``origin_ref`` is None where the provider must be asked what a payment came from (`origin`).
    ``odd`` says by a code why it cannot be booked as it stands: another currency, or not readable.
    """

    id: str
    kind: LineKind
    amount_minor: int
    fee_minor: int
    at: datetime
    charge_id: str | None = None
    payment_id: str | None = None
    object_id: str | None = None
    origin_ref: str | None = None
    odd: str | None = None


@dataclass(frozen=True, slots=True)
class PageLook:
    """A page as it is now."""

    id: str
    ref: str | None
    state: PageState
    instruction_id: str | None = None


@dataclass(frozen=True, slots=True)
class InstructionLook:
    """A standing instruction as it is now; ``failures`` counts tries since it last went well.

    ``rests``: it stands, and nothing is taken until it is let go on.
    """

    id: str
    ref: str | None
    state: InstructionState
    next_at: datetime | None = None
    failures: int = 0
    card_failed: bool = False
    rests: bool = False


@dataclass(frozen=True, slots=True)
class DisputeLook:
    """A dispute as it is now."""

    id: str
    charge_id: str
    amount_minor: int
    state: DisputeState
    reason: str
    opened_at: datetime
    answer_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class RefundLook:
    """A refund as it is now, made at ``at``; without ``ref`` it was not asked by us."""

    id: str
    ref: str | None
    state: RefundState
    amount_minor: int
    at: datetime


@dataclass(frozen=True, slots=True)
class PayoutLook:
    """A payout as it is now."""

    id: str
    amount_minor: int
    state: PayoutState
    arrives_on: date


Look = PageLook | InstructionLook | DisputeLook | RefundLook | PayoutLook


@dataclass(frozen=True, slots=True)
class Notice:
    """Something happened at the provider; ``subject_id`` is "" for the statement and nothing."""

    event_id: str
    kind: str
    subject: Subject
    subject_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Held:
    """What the provider holds for us now."""

    available_minor: int
    pending_minor: int


class PaymentProvider(Protocol):
    """A provider. Every call ends within seconds, by an answer or one of the errors beside this."""

    @property
    def name(self) -> str:
        """Its short name, kept beside every id of its making."""
        ...

    @property
    def page_origins(self) -> Sequence[str]:
        """Where its pages live: what a form of ours may lead to."""
        ...

    @property
    def listens(self) -> bool:
        """Whether notices can be believed: there is a secret to check them with."""
        ...

    def open_page(self, key: str, asked: PageAsked) -> OpenedPage:
        """A page to pay on; the same key gives the same page."""
        ...

    def end_instruction(self, key: str, instruction_id: str) -> InstructionLook:
        """End a standing instruction at once; one that has ended stays so."""
        ...

    def rest_instruction(self, key: str, instruction_id: str, *, rests: bool) -> InstructionLook:
        """Let a standing instruction rest, or go on; months it rested over are never taken."""
        ...

    def refund(self, key: str, asked: RefundAsked) -> RefundLook:
        """Give money back; the same key gives it once, while the provider remembers it."""
        ...

    def refunds_of(self, charge_id: str) -> Sequence[RefundLook]:
        """Every refund of one payment, whoever asked for it, oldest first."""
        ...

    def look(self, subject: Subject, subject_id: str) -> Look | None:
        """A thing as it is now, or None if the provider knows of none."""
        ...

    def origin(self, line: StatementLine) -> str | None:
        """Our reference behind a payment whose line does not carry it; None if it is not ours."""
        ...

    def lines_since(self, since: datetime) -> Sequence[StatementLine]:
        """The statement's lines made since, oldest first."""
        ...

    def line(self, line_id: str) -> StatementLine | None:
        """One line of the statement as it stands now, or None if there is none."""
        ...

    def notices_since(self, since: datetime) -> Sequence[Notice]:
        """What happened since, oldest first, whether it was told or not."""
        ...

    def read_notice(self, payload: bytes, signature: str) -> Notice:
        """A notice that came in; NoticeRefusedError if it is not the provider's."""
        ...

    def held(self) -> Held:
        """What it holds for us."""
        ...
