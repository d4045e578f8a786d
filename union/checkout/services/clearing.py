"""What waits on a must-clear account, moved to where it belongs. Invariant: each line once.

A refund is what its payment had paid, owed again. A dispute waits until it is lost, or until the
treasurer decides not to wait; won, it cancels itself out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, case, select, update

from union.checkout.errors import LineClearedError, NothingToClearError
from union.checkout.models import CardDispute, CardFeeBatch, CardLine
from union.checkout.rules import booking
from union.dues.models import Payment
from union.dues.services import Method, ReceivePayment, receive_payment
from union.dues.services.returns import ReturnOfPayment, give_back, take_again
from union.gateways.payments import LineKind
from union.infra.audit import log
from union.infra.work import Work
from union.kernel.errors import NotFoundError, UnionError
from union.ledger.models import JournalEntry
from union.ledger.rules import AccountCode, EntryKind, NewEntry, Source, credit, debit
from union.ledger.services import post_entry, reverse_entry

FEES_SOURCE = "card_fees"
BORNE_SOURCE = "card_borne"


def clear_line(work: Work, line: CardLine, *, waiting_over: bool = False) -> bool:
    """Clear a refund, a dispute or its return if it can be now; whether it was.

    A dispute is left alone while it is open, unless ``waiting_over``.
    """
    kind = LineKind(line.kind)
    if line.cleared_how is not None:
        return False
    if kind in booking.CAME_BACK:
        return _clear_return(work, line, booking.OPPOSITE[kind])
    if kind is LineKind.DISPUTE and not waiting_over and not _is_lost(work, line):
        return False
    payment = _paid_by(work, line)
    if kind not in booking.TAKEN_BACK or payment is None:
        return False
    if not _done(work, give_back, _return_of(line, payment)):
        return False
    _mark(work, line, "to_her", payment.person_id)
    return True


def waiting_for(work: Work, payment: CardLine) -> Sequence[CardLine]:
    """Lines of the same charge that could not be cleared before it was known."""
    return work.session.scalars(
        select(CardLine)
        .where(
            CardLine.charge_id == payment.charge_id,
            CardLine.id != payment.id,
            CardLine.cleared_how.is_(None),
            CardLine.kind.in_([*booking.TAKEN_BACK, *booking.CAME_BACK]),
        )
        .order_by(CardLine.happened_at, CardLine.id)
    ).all()


def dispute_decided(work: Work, dispute: CardDispute) -> None:
    """A lost dispute's money is gone: what it had paid is owed again."""
    lines = work.session.scalars(
        select(CardLine).where(
            CardLine.provider == dispute.provider,
            CardLine.object_id == dispute.provider_id,
            CardLine.kind == LineKind.DISPUTE,
            CardLine.cleared_how.is_(None),
        )
    )
    for line in lines.all():
        clear_line(work, line)


def count_as_owed(work: Work, line_ref: str) -> CardLine:
    """The treasurer does not wait for the end of a dispute; LineClearedError if it is over."""
    line = _locked(work, line_ref)
    if not clear_line(work, line, waiting_over=True):
        raise LineClearedError(line_id=line.id)
    log(work, "card_dispute_not_awaited", object_type="card_line", object_id=line.id)
    return line


def bear(work: Work, line_ref: str) -> CardLine:
    """Money taken back of a payment that is nobody's: the union bears it as a card fee."""
    line = _locked(work, line_ref)
    if line.cleared_how is not None or _paid_by(work, line) is not None:
        raise LineClearedError(line_id=line.id)
    lost = -line.amount_minor
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.CLEARING,
            happened_on=line.happened_on,
            source=Source(BORNE_SOURCE, line.id),
            legs=(
                debit(AccountCode.CARD_FEES, lost),
                credit(AccountCode.CARD_REFUNDS_TO_CLEAR, lost),
            ),
        ),
    )
    _mark(work, line, "borne", None)
    log(work, "card_line_borne", object_type="card_line", object_id=line.id)
    return line


def place(work: Work, line_ref: str, person_id: int) -> None:
    """A payment that was nobody's is hers; LineClearedError if somebody has placed it before."""
    line = _locked(work, line_ref)
    entry = work.session.scalar(
        select(JournalEntry).where(
            JournalEntry.source_kind == booking.PAYMENT_SOURCE, JournalEntry.source_id == line.id
        )
    )
    if line.person_id is not None or entry is None:
        raise LineClearedError(line_id=line.id)
    reverse_entry(work, entry.id, happened_on=line.happened_on)
    receive_payment(
        work,
        ReceivePayment(
            person_id, line.amount_minor, line.happened_on, Method.CARD, source=line.payment_source
        ),
    )
    line.person_id = person_id
    work.session.flush()
    for waiting in waiting_for(work, line):
        clear_line(work, waiting)
    log(work, "card_line_placed", object_type="card_line", object_id=line.id)


def clear_fees(work: Work) -> int:
    """Take what the provider kept as spent on card fees, month by month; how much, in paise.

    NothingToClearError if nothing waits.
    """
    lines = work.session.scalars(
        select(CardLine)
        .where(CardLine.fee_batch_id.is_(None), fees_kept() != 0)
        .order_by(CardLine.happened_on, CardLine.id)
        .with_for_update()
    ).all()
    if not lines:
        raise NothingToClearError
    months = {(one.happened_on.year, one.happened_on.month) for one in lines}
    for year, month in sorted(months):
        ours = [
            one for one in lines if (one.happened_on.year, one.happened_on.month) == (year, month)
        ]
        _clear_month(work, ours)
    return sum(_kept(one) for one in lines)


def fees_kept() -> ColumnElement[int]:
    """What the provider kept with a line, as SQL; the same as ``rules.booking.kept_minor``."""
    taken = case((CardLine.kind == LineKind.FEE, CardLine.amount_minor), else_=0)
    return CardLine.fee_minor - taken


def _clear_month(work: Work, lines: Sequence[CardLine]) -> None:
    kept = sum(_kept(one) for one in lines)
    if kept == 0:
        return
    batch = CardFeeBatch(
        amount_minor=kept,
        happened_on=max(one.happened_on for one in lines),
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(batch)
    work.session.flush()
    work.session.execute(
        update(CardLine)
        .where(CardLine.id.in_([one.id for one in lines]))
        .values(fee_batch_id=batch.id)
    )
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.CLEARING,
            happened_on=batch.happened_on,
            source=Source(FEES_SOURCE, batch.id),
            legs=(
                debit(AccountCode.CARD_FEES, kept),
                credit(AccountCode.BANK_CHARGES_TO_CLEAR, kept),
            ),
        ),
    )


def _kept(line: CardLine) -> int:
    return booking.kept_minor(LineKind(line.kind), line.amount_minor, line.fee_minor)


def _clear_return(work: Work, line: CardLine, taken: LineKind) -> bool:
    before = work.session.scalar(
        select(CardLine).where(
            CardLine.provider == line.provider,
            CardLine.object_id == line.object_id,
            CardLine.kind == taken,
        )
    )
    payment = _paid_by(work, line)
    if before is None:
        return False
    if before.cleared_how == "to_her" and payment is not None:
        if not _done(work, take_again, _return_of(line, payment)):
            return False
        _mark(work, line, "from_her", payment.person_id)
        return True
    if before.cleared_how is None and before.amount_minor == -line.amount_minor:
        _mark(work, before, "offset", None)
        _mark(work, line, "offset", None)
        return True
    return False


def _done(
    work: Work, act: Callable[[Work, ReturnOfPayment], object], asked: ReturnOfPayment
) -> bool:
    """Whether dues took it; if not, it goes on waiting where the treasurer sees it."""
    try:
        with work.session.begin_nested():
            act(work, asked)
    except UnionError:
        return False
    return True


def _return_of(line: CardLine, payment: Payment) -> ReturnOfPayment:
    amount = abs(line.amount_minor)
    return ReturnOfPayment(payment.id, amount, line.happened_on, line.payment_source)


def _paid_by(work: Work, line: CardLine) -> Payment | None:
    """The payment on somebody's dues that this line takes back, or brings again."""
    charge_id = line.charge_id
    if charge_id is None and line.object_id is not None:
        charge_id = work.session.scalar(
            select(CardDispute.charge_id).where(CardDispute.provider_id == line.object_id)
        )
    paid = work.session.scalar(
        select(CardLine).where(
            CardLine.provider == line.provider,
            CardLine.charge_id == charge_id,
            CardLine.kind == LineKind.PAYMENT,
        )
    )
    if paid is None or paid.person_id is None:
        return None
    return work.session.scalar(select(Payment).where(Payment.source == paid.payment_source))


def _is_lost(work: Work, line: CardLine) -> bool:
    state = work.session.scalar(
        select(CardDispute.state).where(
            CardDispute.provider == line.provider, CardDispute.provider_id == line.object_id
        )
    )
    return state == "lost"


def _mark(work: Work, line: CardLine, how: str, person_id: int | None) -> None:
    line.cleared_at = work.clock.now()
    line.cleared_how = how
    line.person_id = line.person_id or person_id
    work.session.flush()


def _locked(work: Work, ref: str) -> CardLine:
    line = work.session.scalar(
        select(CardLine)
        .where(CardLine.ref == ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if line is None:
        raise NotFoundError
    return line
