"""What there is to match lines with: plain values, gathered once for many lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from union.bank.rules.hands import FIRST_CEILING, Ceiling
from union.bank.rules.kinds import Kind, Reason


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A line as it is judged: in paise, money that came positive."""

    amount_minor: int
    booked_on: date
    text: str
    cards: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    payer_index: bytes | None = None


@dataclass(frozen=True, slots=True)
class Payer:
    """Somebody in the register: what she owes and her monthly fee, in paise."""

    person_id: int
    active: bool
    owed_minor: int
    fee_minor: int


@dataclass(frozen=True, slots=True)
class BookEntry:
    """An entry on our bank account in the books that no line is linked to yet.

    ``person_id`` is whose payment or voucher it is, if it is one.
    """

    entry_id: int
    amount_minor: int
    posted_on: date
    person_id: int | None = None
    voucher: bool = False


@dataclass(frozen=True, slots=True)
class OpenVoucher:
    """An approved voucher that nobody has paid."""

    voucher_id: int
    amount_minor: int
    payee_person_id: int
    in_batch: bool = False


@dataclass(frozen=True, slots=True)
class SentItem:
    """A payment of ours in a file, by its code; ``entry_id`` is its payment, once it is paid."""

    item_id: int
    voucher_id: int
    amount_minor: int
    entry_id: int | None


@dataclass(frozen=True, slots=True)
class SentBatch:
    """A whole file by its code, for banks that debit it in one sum; what is open of it."""

    batch_id: int
    open_minor: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A line of the card company's own statement by which it took money back from us."""

    card_line_id: int
    amount_minor: int
    happened_on: date


@dataclass(frozen=True, slots=True)
class Known:
    """Everything a line may be about.

    ``entries`` are those no line is linked to, ``paid_out`` vouchers' payments that stand, and
    ``handed_over`` what collectors handed in on each day, ``taken_back`` the card company's own
    lines that no line of the bank's is said to be yet; ``ceiling`` bounds what is a charge at once.
    """

    payers: Mapping[int, Payer] = field(default_factory=dict)
    by_card: Mapping[str, int] = field(default_factory=dict)
    by_phone: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    by_code: Mapping[str, int] = field(default_factory=dict)
    by_payer: Mapping[bytes, Mapping[int, int]] = field(default_factory=dict)
    entries: Sequence[BookEntry] = ()
    vouchers: Sequence[OpenVoucher] = ()
    paid_out: Sequence[BookEntry] = ()
    items: Mapping[str, SentItem] = field(default_factory=dict)
    batches: Mapping[str, SentBatch] = field(default_factory=dict)
    desk_minor: int = 0
    handed_over: Mapping[date, int] = field(default_factory=dict)
    provider_minor: int = 0
    taken_back: Sequence[TakenBack] = ()
    ceiling: Ceiling = FIRST_CEILING


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something a line may be, how sure that is (0 to 100), why, and with what it would be booked.

    ``target_id`` is an entry, a voucher, an item or a batch, by kind.
    """

    kind: Kind
    score: int
    reasons: tuple[Reason, ...]
    person_id: int | None = None
    target_id: int | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a line may be, the likeliest first; ``certain`` is booked without asking."""

    candidates: tuple[Candidate, ...]
    certain: bool

    @property
    def best(self) -> Candidate | None:
        """The likeliest, if there is any."""
        return self.candidates[0] if self.candidates else None
