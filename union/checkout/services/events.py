"""The cards' queue: notices kept once by their id, then handled under leases of seconds.

Invariant: a notice is committed before anything is done about it, and is done only when what it
points at was asked for and written down. The provider is spoken to outside any transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy import exists, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from union.checkout.models import CardEvent, CardInstruction, CardRefund
from union.checkout.services.looking import CARDS, CARDS_QUEUE, apply_look
from union.checkout.services.statement import read_statement
from union.checkout.services.wishes import tell_endings, tell_refunds, tell_rests
from union.gateways.payments import Notice, PaymentProvider, Subject
from union.infra.work import UnitOfWork, Work
from union.kernel.errors import UnionError

__all__ = ["CARDS_QUEUE", "catch_up", "has_due", "keep_notice", "work_cards"]

LEASE = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=10)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Claimed:
    """One event under our lease."""

    id: int
    subject: Subject
    subject_id: str


def keep_notice(work: Work, provider: str, notice: Notice, how: str = "told") -> bool:
    """Keep a notice, once by its id; whether it was new. The queue is woken after the commit."""
    now = work.clock.now()
    made = work.session.scalar(
        insert(CardEvent)
        .values(
            provider=provider,
            event_id=notice.event_id,
            kind=notice.kind,
            subject=notice.subject.value,
            subject_id=notice.subject_id,
            happened_at=notice.at,
            stored_at=now,
            how=how,
            due_at=now,
            attempts=0,
            done_at=now if notice.subject is Subject.NOTHING else None,
        )
        .on_conflict_do_nothing(index_elements=["provider", "event_id"])
        .returning(CardEvent.id)
    )
    if made is not None:
        work.nudge(CARDS_QUEUE)
    return made is not None


def has_due(work: Work, overdue_by: timedelta = timedelta(0)) -> bool:
    """Whether something of the cards has been due for so long and nobody holds it."""
    by = work.clock.now() - overdue_by
    free = or_(CardEvent.lease_until.is_(None), CardEvent.lease_until <= work.clock.now())
    found = select(
        or_(
            exists().where(CardEvent.done_at.is_(None), CardEvent.due_at <= by, free),
            exists().where(CardInstruction.end_due_at <= by, CardInstruction.state != "ended"),
            exists().where(CardInstruction.rest_due_at <= by),
            exists().where(CardRefund.due_at <= by),
        )
    )
    return bool(work.session.scalar(found))


def work_cards(unit: UnitOfWork, provider: PaymentProvider, limit: int = 50) -> int:
    """Do what is due: notices, endings, rests, refunds; how much was taken up.

    One thing that fails is tried again after 2, 4, 8 … seconds, ten minutes at most, and holds up
    nothing else.
    """
    with unit.begin(CARDS) as work:
        events = _claim(work, limit)
    if events:
        _handle(unit, provider, events)
    told = tell_endings(unit, provider, limit) + tell_rests(unit, provider, limit)
    refunds = tell_refunds(unit, provider, limit)
    if refunds:
        read_statement(unit, provider)
    return len(events) + told + refunds


def look_at(unit: UnitOfWork, provider: PaymentProvider, subject: Subject, number: str) -> None:
    """Ask how a thing is and write it down."""
    asked_at = unit.clock.now()
    look = provider.look(subject, number)
    if look is not None:
        with unit.begin(CARDS) as work:
            apply_look(work, provider.name, look, asked_at)


def catch_up(unit: UnitOfWork, provider: PaymentProvider, session_id: str) -> None:
    """She has come back from a page before any word of it came: ask how it is, and book it."""
    look_at(unit, provider, Subject.PAGE, session_id)
    read_statement(unit, provider)


def _handle(unit: UnitOfWork, provider: PaymentProvider, events: Sequence[Claimed]) -> None:
    failed: dict[tuple[Subject, str], str] = {}
    things = {(one.subject, one.subject_id) for one in events if one.subject_id}
    for subject, number in sorted(things):
        try:
            look_at(unit, provider, subject, number)
        except UnionError as error:
            failed[subject, number] = error.code
    statement_code = None
    try:
        read_statement(unit, provider)
    except UnionError as error:
        statement_code = error.code
    with unit.begin(CARDS) as work:
        for one in events:
            _record(work, one, failed.get((one.subject, one.subject_id)) or statement_code)


def _record(work: Work, one: Claimed, code: str | None) -> None:
    attempts = work.session.scalar(select(CardEvent.attempts).where(CardEvent.id == one.id)) or 0
    now = work.clock.now()
    wait = min(timedelta(seconds=2 ** min(attempts + 1, 10)), LONGEST_WAIT)
    if code is not None:
        log.warning("card_event_failed", card_event_id=one.id, code=code)
    work.session.execute(
        update(CardEvent)
        .where(CardEvent.id == one.id, CardEvent.done_at.is_(None))
        .values(
            done_at=now if code is None else None,
            due_at=now if code is None else now + wait,
            lease_until=None,
            attempts=attempts + 1,
            error_code=code,
        )
    )


def _claim(work: Work, limit: int) -> list[Claimed]:
    now = work.clock.now()
    rows = work.session.execute(
        select(CardEvent.id, CardEvent.subject, CardEvent.subject_id)
        .where(
            CardEvent.done_at.is_(None),
            CardEvent.due_at <= now,
            or_(CardEvent.lease_until.is_(None), CardEvent.lease_until <= now),
        )
        .order_by(CardEvent.due_at, CardEvent.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    claimed = [Claimed(row.id, Subject(row.subject), row.subject_id) for row in rows]
    work.session.execute(
        update(CardEvent)
        .where(CardEvent.id.in_([one.id for one in claimed]))
        .values(lease_until=now + LEASE)
    )
    return claimed
