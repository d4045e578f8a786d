"""The provider's statement into the books. Invariant: a line is known and booked in one commit.

Which notice, or none, led here does not matter: lines are read in their order, and a line that is
known is left as it is (M4). A line the books cannot take is set aside, and the rest goes on.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError, IntegrityError

from union.checkout.models import CardAside, CardCheckout, CardInstruction, CardLine
from union.checkout.rules import booking
from union.checkout.services.asides import aside_is_over, set_aside
from union.checkout.services.clearing import clear_line, waiting_for
from union.dues.services import Method, ReceivePayment, receive_payment
from union.gateways.payments import (
    LineKind,
    PaymentProvider,
    PaymentsUnreachableError,
    StatementLine,
)
from union.infra.work import UnitOfWork, Work
from union.kernel.actor import Actor
from union.kernel.errors import UnionError
from union.kernel.ids import new_ref
from union.ledger.rules import EntryKind, NewEntry, NewLeg, Source
from union.ledger.services import post_entry

ACTOR = Actor.system("cards")
OVERLAP = timedelta(hours=6)
"""Read again so far behind the last line known: clocks differ, and reading twice books once."""


def read_statement(
    unit: UnitOfWork, provider: PaymentProvider, since: datetime | None = None
) -> int:
    """Read and book what the statement has since (or since the last line known); how many."""
    with unit.reading(ACTOR) as work:
        since = since or _last_known(work, provider.name)
        lines = provider.lines_since(since)
        known = _known(work, provider.name, [line.id for line in lines])
    return sum(_take(unit, provider, line) for line in lines if line.id not in known)


def try_asides(unit: UnitOfWork, provider: PaymentProvider, ref: str | None = None) -> int:
    """Ask anew for each line set aside (or one) and book what can be booked now; how many.

    PaymentsUnreachableError if the provider does not answer; the rest waits for the next time.
    """
    waiting = select(CardAside.provider_id).where(
        CardAside.provider == provider.name, CardAside.over_at.is_(None)
    )
    if ref is not None:
        waiting = waiting.where(CardAside.ref == ref)
    with unit.reading(ACTOR) as work:
        numbers = work.session.scalars(waiting.order_by(CardAside.happened_at, CardAside.id)).all()
    lines = [provider.line(number) for number in numbers]
    return sum(_take(unit, provider, line) for line in lines if line is not None)


def _take(unit: UnitOfWork, provider: PaymentProvider, line: StatementLine) -> bool:
    """Book a line, or set it aside with the code of what stood against it; whether it is booked."""
    code = line.odd
    try:
        if code is None:
            return _book(unit, provider, line)
    except PaymentsUnreachableError:
        raise
    except (IntegrityError, DataError) as error:
        code = getattr(getattr(error.orig, "diag", None), "constraint_name", None) or "database"
    except UnionError as error:
        code = error.code
    with unit.begin(ACTOR) as work:
        set_aside(work, provider.name, line, code)
    return False


def _book(unit: UnitOfWork, provider: PaymentProvider, line: StatementLine) -> bool:
    origin = line.origin_ref
    if origin is None and line.kind is LineKind.PAYMENT:
        origin = provider.origin(line)
    with unit.begin(ACTOR) as work:
        booked = book_line(work, provider.name, line, origin)
        aside_is_over(work, provider.name, line.id)
    return booked


def book_line(work: Work, provider: str, line: StatementLine, origin_ref: str | None) -> bool:
    """Book one line, unless it is known; whether it was booked now.

    A payment of nobody we know, or one that dues refuse, is money to be placed by hand.
    """
    checkout, instruction = _origin(work, origin_ref)
    came_from = checkout or instruction
    number = work.session.scalar(
        insert(CardLine)
        .values(
            ref=new_ref(),
            provider=provider,
            provider_id=line.id,
            kind=line.kind.value,
            amount_minor=line.amount_minor,
            fee_minor=line.fee_minor,
            happened_at=line.at,
            happened_on=min(line.at.astimezone(work.clock.zone).date(), work.clock.today()),
            charge_id=line.charge_id,
            object_id=line.object_id,
            read_at=work.clock.now(),
            checkout_id=None if checkout is None else checkout.id,
            instruction_id=None if instruction is None else instruction.id,
        )
        .on_conflict_do_nothing(index_elements=["provider", "provider_id"])
        .returning(CardLine.id)
    )
    if number is None:
        return False
    made = work.session.get_one(CardLine, number)
    _book_fee(work, made)
    _book_money(work, made, None if came_from is None else came_from.person_id)
    return True


def _book_money(work: Work, made: CardLine, person_id: int | None) -> None:
    kind = LineKind(made.kind)
    if made.amount_minor == 0:
        return  # a month that cost nothing, or a note of credit: known, and nothing to move
    if kind is LineKind.PAYMENT:
        if person_id is None or not take_from_her(work, made, person_id):
            _post(work, made, EntryKind.RECEIPT, booking.unplaced_legs(made.amount_minor))
        for waiting in waiting_for(work, made):
            clear_line(work, waiting)
    elif kind is LineKind.OTHER:
        _post(work, made, EntryKind.RECEIPT, booking.unplaced_legs(made.amount_minor))
    elif kind in booking.TAKEN_BACK | booking.CAME_BACK:
        legs = booking.movement_legs(made.amount_minor)
        _post(work, made, booking.movement_kind(kind), legs, booking.EVENT_SOURCE)
        clear_line(work, made)


def take_from_her(work: Work, made: CardLine, person_id: int) -> bool:
    """Book the payment on her dues; False, with nothing written, if dues refuse it."""
    asked = ReceivePayment(
        person_id=person_id,
        amount_minor=made.amount_minor,
        happened_on=made.happened_on,
        method=Method.CARD,
        source=made.payment_source,
    )
    try:
        with work.session.begin_nested():
            receive_payment(work, asked)
    except UnionError:
        return False
    made.person_id = person_id
    work.session.flush()
    return True


def _book_fee(work: Work, made: CardLine) -> None:
    if made.kept_minor:
        legs = booking.fee_legs(made.kept_minor)
        _post(work, made, EntryKind.BANK_CHARGE, legs, booking.FEE_SOURCE)


def _post(
    work: Work,
    made: CardLine,
    kind: EntryKind,
    legs: tuple[NewLeg, ...],
    source_kind: str = booking.PAYMENT_SOURCE,
) -> None:
    source = Source(source_kind, made.id)
    post_entry(work, NewEntry(kind=kind, happened_on=made.happened_on, source=source, legs=legs))


def _origin(work: Work, ref: str | None) -> tuple[CardCheckout | None, CardInstruction | None]:
    if ref is None:
        return None, None
    checkout = work.session.scalar(select(CardCheckout).where(CardCheckout.ref == ref))
    if checkout is not None:
        return checkout, None
    return None, work.session.scalar(select(CardInstruction).where(CardInstruction.ref == ref))


def _last_known(work: Work, provider: str) -> datetime:
    last = work.session.scalar(
        select(func.max(CardLine.happened_at)).where(CardLine.provider == provider)
    )
    begun = work.session.scalar(select(func.min(CardCheckout.asked_at)))
    return (last or begun or work.clock.now()) - OVERLAP


def _known(work: Work, provider: str, ids: list[str]) -> set[str]:
    """What is booked, or lies aside: that is tried again by itself, and not in the way here."""
    return {
        number
        for kept in (CardLine, CardAside)
        for number in work.session.scalars(
            select(kept.provider_id).where(kept.provider == provider, kept.provider_id.in_(ids))
        )
    }
