"""How each kind of line is booked. Invariant: what is booked on the account is the line's amount.

Called by ``deciding`` alone, which holds the line and has written the decision.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from union.bank.errors import ChoiceGoneError, DecisionUnfitError, PayerUnknownError
from union.bank.models import BankAccount, BankBatchItem, BankDecision, BankLine, BankLineEntry
from union.bank.queries.tables import not_linked, not_taken_back
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import Kind
from union.dues.services import Method, ReceivePayment, receive_payments
from union.infra.work import Work
from union.ledger.models import JournalEntry, JournalLeg, Voucher
from union.ledger.rules import AccountCode, EntryKind, NewEntry, Source, credit, debit
from union.ledger.rules.entries import STATEMENT_LINE
from union.ledger.services import pay_voucher, post_entry, reverse_entry

DECISION_SOURCE = "bank_decision"
CLEARING_SOURCE = "bank_clearing"
WAITING_SOURCE = "bank_line"
AGAIN_SOURCE = "bank_line_again"
DUES_SOURCE = "dues_payment"

_OTHER_SIDE: Mapping[Kind, tuple[EntryKind, AccountCode]] = {
    Kind.DEPOSIT: (EntryKind.TRANSFER, AccountCode.CASH_AT_DESK),
    Kind.WITHDRAWAL: (EntryKind.TRANSFER, AccountCode.CASH_AT_DESK),
    Kind.PAYOUT: (EntryKind.TRANSFER, AccountCode.CARD_PROVIDER),
    Kind.CHARGEBACK: (EntryKind.TRANSFER, AccountCode.CARD_PROVIDER),
    Kind.INTEREST: (EntryKind.RECEIPT, AccountCode.BANK_INTEREST),
    Kind.GIFT: (EntryKind.RECEIPT, AccountCode.DONATIONS),
    Kind.OTHER_INCOME: (EntryKind.RECEIPT, AccountCode.OTHER_INCOME),
    Kind.HELD: (EntryKind.RECEIPT, AccountCode.HELD_FOR_PAYER),
}
_TAKEN_FOR = {Kind.CHARGE: AccountCode.BANK_CHARGES, Kind.CARD_FEE: AccountCode.CARD_FEES}


@dataclass(frozen=True, slots=True)
class ToBook:
    """A line with its account, what was chosen, and the decision that says so."""

    account: BankAccount
    line: BankLine
    choice: Choice
    decision: BankDecision
    by_upi: bool = False


def book(work: Work, one: ToBook) -> list[int]:
    """Book a line as what was chosen; the entries that stand for it.

    ChoiceGoneError if what it was to be matched with is no longer open, DecisionUnfitError if
    its amount says otherwise; what dues, vouchers and books refuse comes as they say it.
    """
    return _BOOKS[one.choice.kind](work, one)


def post_waiting(
    work: Work, account: BankAccount, line: BankLine, source: Source | None = None
) -> JournalEntry:
    """Money that came and nobody has placed: in the bank, and owed to somebody (must clear).

    ``source`` is another than the line when it waits anew, after a decision was taken back.
    """
    return post_entry(
        work,
        NewEntry(
            kind=EntryKind.RECEIPT,
            happened_on=line.booked_on,
            source=source or Source(WAITING_SOURCE, line.id),
            legs=(
                debit(account.account_code, line.amount_minor),
                credit(AccountCode.RECEIPTS_TO_PLACE, line.amount_minor),
            ),
        ),
    )


def release_waiting(work: Work, line: BankLine) -> None:
    """Take back the entry of a line that waited, on the line's own day if its month is open."""
    waiting = work.session.scalar(
        select(JournalEntry)
        .join(BankLineEntry, BankLineEntry.entry_id == JournalEntry.id)
        .where(
            BankLineEntry.line_id == line.id,
            BankLineEntry.decision_id.is_(None),
            not_taken_back(),
        )
    )
    if waiting is not None:
        reverse_entry(work, waiting.id, happened_on=line.booked_on)


def book_dues(
    work: Work, asked: Sequence[tuple[BankLine, Choice, bool]], number: int = 1
) -> list[int]:
    """Book payments of dues, in their order; ``number`` is the round of their decision."""
    payments = receive_payments(
        work, [_payment(line, choice, number, by_upi=by_upi) for line, choice, by_upi in asked]
    )
    rows = work.session.execute(
        select(JournalEntry.source_id, JournalEntry.id).where(
            JournalEntry.source_kind == DUES_SOURCE,
            JournalEntry.source_id.in_([payment.id for payment in payments]),
        )
    )
    entries = {row.source_id: row.id for row in rows}
    return [entries[payment.id] for payment in payments]


def _payment(line: BankLine, choice: Choice, number: int, *, by_upi: bool) -> ReceivePayment:
    if choice.person_id is None:
        raise PayerUnknownError
    return ReceivePayment(
        person_id=choice.person_id,
        amount_minor=line.amount_minor,
        happened_on=line.booked_on,
        method=Method.UPI if by_upi else Method.BANK,
        source=f"bank_line:{line.id}:{number}",
    )


def _dues(work: Work, one: ToBook) -> list[int]:
    return book_dues(work, [(one.line, one.choice, one.by_upi)], one.decision.round)


def _booked(work: Work, one: ToBook) -> list[int]:
    """An entry that stands already: nothing is posted, it is only seen on the statement."""
    amount = func.sum(JournalLeg.amount_minor)
    found = work.session.execute(
        select(JournalEntry.id, amount)
        .join(JournalLeg, JournalLeg.entry_id == JournalEntry.id)
        .where(
            JournalEntry.id == one.choice.target_id,
            JournalLeg.account_code == one.account.account_code,
            JournalEntry.kind != EntryKind.REVERSAL,
            not_linked(),
            not_taken_back(),
        )
        .group_by(JournalEntry.id)
    ).one_or_none()
    if found is None:
        raise ChoiceGoneError
    if int(found[1]) != one.line.amount_minor:
        raise DecisionUnfitError
    return [found[0]]


def _voucher(work: Work, one: ToBook) -> list[int]:
    voucher = work.session.get(Voucher, one.choice.target_id or 0)
    if voucher is None:
        raise ChoiceGoneError
    if voucher.amount_minor != -one.line.amount_minor:
        raise DecisionUnfitError
    return [_pay(work, one, voucher)]


def _batch(work: Work, one: ToBook) -> list[int]:
    paid = select(JournalEntry.id).where(JournalEntry.voucher_id == Voucher.id, not_taken_back())
    vouchers = work.session.scalars(
        select(Voucher)
        .join(BankBatchItem, BankBatchItem.voucher_id == Voucher.id)
        .where(
            BankBatchItem.batch_id == one.choice.target_id,
            BankBatchItem.ended_at.is_(None),
            ~paid.exists(),
        )
        .order_by(Voucher.id)
    ).all()
    if not vouchers:
        raise ChoiceGoneError
    if sum(voucher.amount_minor for voucher in vouchers) != -one.line.amount_minor:
        raise DecisionUnfitError
    return [_pay(work, one, voucher) for voucher in vouchers]


def _pay(work: Work, one: ToBook, voucher: Voucher) -> int:
    entry = pay_voucher(work, voucher.ref, paid_on=one.line.booked_on, by_line=True)
    free = select(JournalEntry.id).where(
        JournalEntry.id == entry.id, not_linked(), not_taken_back()
    )
    if work.session.scalar(free) is None:
        raise ChoiceGoneError
    return entry.id


def _returned(work: Work, one: ToBook) -> list[int]:
    """A payment came back: it is taken back exactly, and its place in the file ends."""
    payment = work.session.scalar(
        select(JournalEntry).where(
            JournalEntry.id == one.choice.target_id,
            JournalEntry.voucher_id.is_not(None),
            not_taken_back(),
        )
    )
    if payment is None:
        raise ChoiceGoneError
    voucher = work.session.get_one(Voucher, payment.voucher_id)
    if voucher.amount_minor != one.line.amount_minor:
        raise DecisionUnfitError
    back = reverse_entry(work, payment.id, happened_on=one.line.booked_on)
    for item in work.session.scalars(
        select(BankBatchItem).where(
            BankBatchItem.voucher_id == voucher.id, BankBatchItem.ended_at.is_(None)
        )
    ):
        item.ended_at, item.ended_how = work.clock.now(), "returned"
    return [back.id]


def _own_entry(work: Work, one: ToBook) -> list[int]:
    kind, other = _OTHER_SIDE[one.choice.kind]
    amount = one.line.amount_minor
    legs = (debit(one.account.account_code, amount), credit(other, amount))
    source = Source(DECISION_SOURCE, one.decision.id)
    return [post_entry(work, NewEntry(kind, one.line.booked_on, source, legs)).id]


def _charge(work: Work, one: ToBook) -> list[int]:
    """What the bank took, from its line and by the closed list (M6); then to its own account."""
    taken, day = -one.line.amount_minor, one.line.booked_on
    charge = post_entry(
        work,
        NewEntry(
            EntryKind.BANK_CHARGE,
            day,
            Source(STATEMENT_LINE, one.line.id),
            (
                debit(AccountCode.BANK_CHARGES_TO_CLEAR, taken),
                credit(one.account.account_code, taken),
            ),
        ),
    )
    post_entry(
        work,
        NewEntry(
            EntryKind.CLEARING,
            day,
            Source(CLEARING_SOURCE, one.decision.id),
            (
                debit(_TAKEN_FOR[one.choice.kind], taken),
                credit(AccountCode.BANK_CHARGES_TO_CLEAR, taken),
            ),
        ),
    )
    return [charge.id]


def _nothing(_work: Work, _one: ToBook) -> list[int]:
    return []


def link(work: Work, line: BankLine, decision: BankDecision | None, entry_ids: list[int]) -> None:
    """Say which entries a line is in the books by."""
    decision_id = None if decision is None else decision.id
    work.session.add_all(
        BankLineEntry(entry_id=entry_id, line_id=line.id, decision_id=decision_id)
        for entry_id in entry_ids
    )
    work.session.flush()


_BOOKS: Mapping[Kind, Callable[[Work, ToBook], list[int]]] = {
    Kind.DUES: _dues,
    Kind.BOOKED: _booked,
    Kind.VOUCHER: _voucher,
    Kind.BATCH: _batch,
    Kind.RETURNED: _returned,
    Kind.CHARGE: _charge,
    Kind.CARD_FEE: _charge,
    Kind.CARRIED: _nothing,
    **dict.fromkeys(_OTHER_SIDE, _own_entry),
}
