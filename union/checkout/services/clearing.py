"""What waits on a must-clear account, moved to where it belongs. Invariant: each line once.

A refund is what its payment had paid, owed again; of a payment that is nobody's yet it goes
against what waits to be placed. A dispute waits until it is lost, or until the treasurer decides
not to wait; won, it cancels itself out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import select

from union.checkout.errors import DisputeOpenError, LineClearedError
from union.checkout.models import CardDispute, CardLine
from union.checkout.rules import booking
from union.dues.models import Payment
from union.dues.services import Method, ReceivePayment, receive_payment
from union.dues.services.returns import ReturnOfPayment, give_back, take_again
from union.gateways.payments import LineKind
from union.infra.audit import log
from union.infra.work import Work
from union.kernel.errors import NotFoundError, UnionError
from union.ledger.models import JournalEntry
from union.ledger.rules import EntryKind, NewEntry, NewLeg, Source
from union.ledger.services import post_entry, reverse_entry


def clear_line(work: Work, line: CardLine, *, waiting_over: bool = False) -> bool:
    """Clear a refund, a dispute or its return if it can be now; whether it was.

    A dispute is left alone while it is open, unless ``waiting_over``.
    """
    kind = LineKind(line.kind)
    if line.cleared_how is not None or not line.amount_minor:
        return False
    if kind is LineKind.DISPUTE and not waiting_over and not _is_lost(work, line):
        return False
    return _settle(work, line)


def _settle(work: Work, line: CardLine) -> bool:
    kind, payment = LineKind(line.kind), _paid_by(work, line)
    if kind in booking.CAME_BACK:
        return _clear_return(work, line, booking.OPPOSITE[kind], payment)
    if kind not in booking.TAKEN_BACK:
        return False
    if payment is None:
        return _against_unplaced(work, line)
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
            CardLine.amount_minor != 0,
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
    """Money taken back that nobody's dues and no waiting money answer for: a loss, as card fees.

    Where dues or waiting money do answer, it goes there and nothing is lost. LineClearedError if
    somebody has settled it, DisputeOpenError while it may still be won.
    """
    line = _locked(work, line_ref)
    if line.cleared_how is not None or LineKind(line.kind) not in booking.TAKEN_BACK:
        raise LineClearedError(line_id=line.id)
    if LineKind(line.kind) is LineKind.DISPUTE and not _is_lost(work, line):
        raise DisputeOpenError(line_id=line.id)
    if clear_line(work, line):
        return line
    _bear(work, line)
    log(work, "card_line_borne", object_type="card_line", object_id=line.id)
    return line


def place(work: Work, line_ref: str, person_id: int) -> None:
    """A payment that was nobody's is hers, and so is what went back of it meanwhile.

    LineClearedError if somebody has placed it before.
    """
    line = _locked(work, line_ref)
    if line.person_id is not None or LineKind(line.kind) is not LineKind.PAYMENT:
        raise LineClearedError(line_id=line.id)
    _take_back(work, line, booking.PAYMENT_SOURCE)
    receive_payment(
        work,
        ReceivePayment(
            person_id, line.amount_minor, line.happened_on, Method.CARD, source=line.payment_source
        ),
    )
    line.person_id = person_id
    work.session.flush()
    for gone in _unplaced_of(work, line):
        _take_back(work, gone, booking.UNPLACED_SOURCE)
        _settle(work, gone)
    for waiting in waiting_for(work, line):
        clear_line(work, waiting)
    log(work, "card_line_placed", object_type="card_line", object_id=line.id)


def _clear_return(work: Work, line: CardLine, taken: LineKind, payment: Payment | None) -> bool:
    before = work.session.scalar(
        select(CardLine).where(
            CardLine.provider == line.provider,
            CardLine.object_id == line.object_id,
            CardLine.kind == taken,
        )
    )
    gone = "nowhere" if before is None else before.cleared_how
    if gone == "unplaced" and payment is None:
        return _against_unplaced(work, line)
    if gone == "borne":
        return _bear(work, line)
    if gone == "to_her" and payment is not None:
        done = _done(work, take_again, _return_of(line, payment))
        if done:
            _mark(work, line, "from_her", payment.person_id)
        return done
    if before is not None and gone is None and before.amount_minor == -line.amount_minor:
        _mark(work, before, "offset", None)
        _mark(work, line, "offset", None)
        return True
    return False


def _bear(work: Work, line: CardLine) -> bool:
    """A loss, or a loss that came again."""
    legs = booking.borne_legs(line.amount_minor)
    _post_clearing(work, line, booking.BORNE_SOURCE, legs)
    _mark(work, line, "borne", None)
    return True


def _against_unplaced(work: Work, line: CardLine) -> bool:
    """Clear it against the money of nobody it belongs to, as long as that is enough for it."""
    paid = _payment_line(work, line, lock=True)
    if paid is None or paid.person_id is not None:
        return False
    gone = sum(one.amount_minor for one in _unplaced_of(work, paid))
    if paid.amount_minor + gone + line.amount_minor < 0:
        return False
    legs = booking.returned_unplaced_legs(line.amount_minor)
    _post_clearing(work, line, booking.UNPLACED_SOURCE, legs)
    _mark(work, line, "unplaced", None)
    return True


def _unplaced_of(work: Work, paid: CardLine) -> Sequence[CardLine]:
    return work.session.scalars(
        select(CardLine)
        .where(
            CardLine.provider == paid.provider,
            CardLine.charge_id == paid.charge_id,
            CardLine.cleared_how == "unplaced",
        )
        .order_by(CardLine.happened_at, CardLine.id)
    ).all()


def _post_clearing(work: Work, line: CardLine, source: str, legs: tuple[NewLeg, ...]) -> None:
    entry = NewEntry(EntryKind.CLEARING, line.happened_on, Source(source, line.id), legs)
    post_entry(work, entry)


def _take_back(work: Work, line: CardLine, source: str) -> None:
    entry_id = work.session.scalars(
        select(JournalEntry.id).where(
            JournalEntry.source_kind == source, JournalEntry.source_id == line.id
        )
    ).one()
    reverse_entry(work, entry_id, happened_on=line.happened_on)


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
    paid = _payment_line(work, line)
    if paid is None or paid.person_id is None:
        return None
    return work.session.scalar(select(Payment).where(Payment.source == paid.payment_source))


def _payment_line(work: Work, line: CardLine, *, lock: bool = False) -> CardLine | None:
    query = select(CardLine).where(
        CardLine.provider == line.provider,
        CardLine.charge_id == line.charge_id,
        CardLine.kind == LineKind.PAYMENT,
    )
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return work.session.scalar(query)


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
