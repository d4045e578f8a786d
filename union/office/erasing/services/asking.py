"""Somebody asks to be erased, two officers agree, she is told, and may still say no.

Invariant: two different people, neither of them she under any entry, and three days from when she
was told by every way she has. Nothing is destroyed here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from union.infra import audit
from union.infra.key_ends import ERASURE, Erasure, hindrances, stop_orders
from union.infra.people import is_present, one_person, whose
from union.infra.timers import finish_timers, set_timer
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref
from union.members.models import ContactPoint, Member
from union.members.queries import all_entries_of
from union.members.services.stopping import number_of
from union.messages.services import Outgoing, send_all
from union.office.erasing.errors import (
    ErasureAskedAlreadyError,
    ErasureByTwoError,
    ErasureOverError,
    waits_for,
)
from union.office.erasing.rules import WAIT, Asked, Stopped, may_erase
from union.office.queries.naming import person_by_card

if TYPE_CHECKING:
    from union.infra.work import Work

ERASE = "erase"
"""The timer that carries an order out."""

TEMPLATE = "papers_end"


def ask_for_herself(work: Work) -> Erasure | None:
    """She asks; two officers must agree. ErasureAskedAlreadyError, ErasureWaitsError.

    Forced by somebody, it looks asked, and nothing is written.
    """
    if work.actor.person_id is None:
        raise NotFoundError
    if work.actor.duress:
        return None
    return _ask(work, work.actor.person_id, Asked.HERSELF)


def ask_for_her(work: Work, card: str, how: Asked) -> Erasure:
    """An officer writes down that she asked at the office, or that a court ordered it.

    That is the first hand. NotFoundError, ErasureByTwoError for herself, and as above.
    """
    if not may_erase(work.actor) or how is Asked.HERSELF:
        raise NotAllowedError
    person_id = person_by_card(work, card)
    if person_id is None:
        raise NotFoundError
    if is_present(work, person_id):
        raise ErasureByTwoError
    order = _ask(work, person_id, how)
    order.first_by, order.first_at = work.actor.person_id, work.clock.now()
    work.session.flush()
    return order


def agree(work: Work, ref: str) -> Erasure:
    """An officer's yes: the second of two tells her and begins the days in which she may say no.

    NotFoundError, ErasureOverError, ErasureByTwoError, ErasureWaitsError.
    """
    if not may_erase(work.actor):
        raise NotAllowedError
    order = order_by_ref(work, ref, lock=True)
    if not order.may_be_stopped or order.second_by is not None:
        raise ErasureOverError
    if is_present(work, order.person_id, order.first_by):
        raise ErasureByTwoError
    _refuse_hindered(work, order.person_id)
    now = work.clock.now()
    if order.first_by is None:
        order.first_by, order.first_at = work.actor.person_id, now
    else:
        order.second_by, order.second_at = work.actor.person_id, now
        order.told_at, order.not_before = now, now + WAIT
        set_timer(work, kind=ERASE, subject_type=ERASURE, subject_id=order.id, due_at=now + WAIT)
        _tell_her(work, order)
    work.session.flush()
    _log(work, "erasure_agreed", order)
    return order


def stop(work: Work, ref: str) -> None:
    """An officer stops it, because she said no, or because it was a mistake; ErasureOverError."""
    if not may_erase(work.actor):
        raise NotAllowedError
    order = order_by_ref(work, ref, lock=True)
    if not order.may_be_stopped:
        raise ErasureOverError
    _stop(work, order.person_id, Stopped.OFFICE)


def stop_mine(work: Work) -> None:
    """She says no on her own page; ErasureOverError where there is nothing to stop."""
    if work.actor.person_id is None:
        raise NotFoundError
    _stop(work, work.actor.person_id, Stopped.PAGE)


def order_by_ref(work: Work, ref: str, *, lock: bool = False) -> Erasure:
    """One order; NotFoundError."""
    asked = select(Erasure).where(Erasure.ref == ref)
    order = work.session.scalar(asked.with_for_update() if lock else asked)
    if order is None:
        raise NotFoundError
    return order


def _ask(work: Work, person_id: int, how: Asked) -> Erasure:
    hers = whose(work.session, {person_id})[person_id]
    _refuse_hindered(work, hers)
    open_one = select(Erasure.id).where(
        one_person(Erasure.person_id) == hers,
        Erasure.stopped_at.is_(None),
        Erasure.ended_at.is_(None),
    )
    if work.session.scalar(open_one) is not None:
        raise ErasureAskedAlreadyError
    order = Erasure(ref=new_ref(), person_id=hers, asked_at=work.clock.now(), asked_how=how)
    work.session.add(order)
    work.session.flush()
    _log(work, "erasure_asked", order)
    return order


def _stop(work: Work, person_id: int, how: Stopped) -> None:
    stopped = stop_orders(work, [person_id], how, work.actor.person_id)
    if not stopped:
        raise ErasureOverError
    for order in stopped:
        finish_timers(work, ERASURE, order.id)
        _log(work, "erasure_stopped", order)


def _refuse_hindered(work: Work, person_id: int) -> None:
    found = hindrances(work.session, person_id)
    if found:
        raise waits_for(found[0])


def _tell_her(work: Work, order: Erasure) -> None:
    """By every way she has: each number by a text and by a call, her app, her mail."""
    entries = all_entries_of(work.session, order.person_id)
    points = work.session.scalars(
        select(ContactPoint)
        .where(ContactPoint.person_id.in_(entries), ContactPoint.ended_at.is_(None))
        .order_by(ContactPoint.id)
    ).all()
    told = [
        Outgoing(
            "changed",
            TEMPLATE,
            (way,),
            to_ref=number_of(work, point),
            key_ref=work.session.get_one(Member, point.person_id).key_ref,
        )
        for point in points
        for way in ("sms", "voice")
    ]
    told += [
        Outgoing("changed", TEMPLATE, (way,), person_id=order.person_id) for way in ("push", "mail")
    ]
    send_all(work, told)


def _log(work: Work, action: str, order: Erasure) -> None:
    audit.log(
        work,
        action,
        object_type=ERASURE,
        object_id=order.id,
        subject_person_id=order.person_id,
    )
