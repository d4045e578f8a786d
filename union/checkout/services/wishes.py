"""Telling the provider what was wished. Invariant: told until it has answered, and done once.

A wish is committed before this; the provider is spoken to outside any transaction, each wish
under a key of its own, and what it does not answer stays open: silence is neither yes nor no.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from union.checkout.models import CardCheckout, CardInstruction, CardLine, CardRefund
from union.checkout.rules.refunds import RefundWish, answer_among
from union.checkout.rules.standing import OVER
from union.checkout.services.asking import KEY_LIVES, still_hers
from union.checkout.services.looking import CARDS, apply_look, never_began
from union.gateways.payments import (
    PaymentKeyReusedError,
    PaymentProvider,
    PaymentsRefusedError,
    RefundAsked,
    RefundLook,
)
from union.infra.work import UnitOfWork, Work
from union.kernel.errors import UnionError

LEASE = timedelta(seconds=30)
NOT_BEGUN_WAIT = timedelta(minutes=10)
OLD_WAIT = timedelta(hours=1)
"""How often a refund that nobody answered for a day is asked after."""

log = structlog.get_logger()


def tell_endings(unit: UnitOfWork, provider: PaymentProvider, limit: int) -> int:
    """Tell the provider which instructions end; how many were told."""
    now = unit.clock.now()
    with unit.begin(CARDS) as work:
        due = work.session.scalars(
            select(CardInstruction)
            .where(CardInstruction.end_due_at <= now, CardInstruction.state != "ended")
            .order_by(CardInstruction.end_due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for one in due:
            _wait_for_answer(work, one, now)
    begun = [(one.ref, one.provider_id) for one in due if one.provider_id is not None]
    for ref, provider_id in begun:
        try:
            look = provider.end_instruction(f"end-{ref}", provider_id)
        except UnionError as error:
            log.warning("card_ending_failed", code=error.code)
            continue
        with unit.begin(CARDS) as work:
            apply_look(work, provider.name, look, unit.clock.now())
    return len(begun)


def tell_rests(unit: UnitOfWork, provider: PaymentProvider, limit: int) -> int:
    """Tell the provider which instructions rest and which go on; how many were told."""
    now = unit.clock.now()
    with unit.begin(CARDS) as work:
        due = work.session.scalars(
            select(CardInstruction)
            .where(CardInstruction.rest_due_at <= now)
            .order_by(CardInstruction.rest_due_at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for one in due:
            one.rest_due_at = now + LEASE
    told = [
        (one.ref, one.rest_round, one.provider_id, one.rest_wanted)
        for one in due
        if one.provider_id is not None
    ]
    for ref, number, provider_id, rests in told:
        try:
            look = provider.rest_instruction(f"rest-{ref}-{number}", provider_id, rests=rests)
        except UnionError as error:
            # One that ended meanwhile is told by its own notice, or by the hourly asking.
            log.warning("card_rest_waits", code=error.code)
            continue
        with unit.begin(CARDS) as work:
            # Heard, unless something else was wished meanwhile: that is told next.
            work.session.execute(
                update(CardInstruction)
                .where(CardInstruction.ref == ref, CardInstruction.rest_round == number)
                .values(rest_due_at=None)
            )
            apply_look(work, provider.name, look, unit.clock.now())
    return len(told)


def tell_refunds(unit: UnitOfWork, provider: PaymentProvider, limit: int) -> int:
    """Ask for the refunds that nobody has answered yet; how many were asked for.

    Under the same key while the provider surely keeps it; later what it knows is asked first.
    """
    now = unit.clock.now()
    with unit.begin(CARDS) as work:
        rows = work.session.execute(
            select(CardRefund, CardLine.charge_id)
            .join(CardLine, CardLine.id == CardRefund.line_id)
            .where(CardRefund.due_at <= now)
            .order_by(CardRefund.due_at)
            .limit(limit)
            .with_for_update(skip_locked=True, of=CardRefund)
        ).all()
        wishes = [
            RefundWish(one.ref, charge or "", one.amount_minor, one.asked_at)
            for one, charge in rows
        ]
        for one, _charge in rows:
            one.due_at = now + (LEASE if now - one.asked_at < KEY_LIVES else OLD_WAIT)
    for wish in wishes:
        young = now - wish.asked_at < KEY_LIVES
        try:
            look = _send(provider, wish) if young else _ask_after(unit, provider, wish)
        except PaymentKeyReusedError as error:
            log.warning("card_refund_waits", code=error.code)
        except PaymentsRefusedError:
            _refused(unit, provider, wish)
        except UnionError as error:
            log.warning("card_refund_waits", code=error.code)
        else:
            _answered(unit, provider, wish, look)
    return len(wishes)


def _send(provider: PaymentProvider, wish: RefundWish) -> RefundLook:
    asked = RefundAsked(wish.ref, wish.charge_id, wish.amount_minor)
    return provider.refund(f"refund-{wish.ref}", asked)


def _ask_after(unit: UnitOfWork, provider: PaymentProvider, wish: RefundWish) -> RefundLook | None:
    """What came of an old wish; sent anew only if nothing did and her money is still with us."""
    found = _known_of(unit, provider, wish)
    if found is not None:
        return found
    with unit.reading(CARDS) as work:
        line = work.session.scalars(
            select(CardLine)
            .join(CardRefund, CardRefund.line_id == CardLine.id)
            .where(CardRefund.ref == wish.ref)
        ).one()
        fits = still_hers(work, line) >= 0
    return _send(provider, wish) if fits else None


def _known_of(unit: UnitOfWork, provider: PaymentProvider, wish: RefundWish) -> RefundLook | None:
    looks = provider.refunds_of(wish.charge_id)
    with unit.reading(CARDS) as work:
        ids = [one.id for one in looks]
        others = select(CardRefund.provider_id).where(CardRefund.provider_id.in_(ids))
        taken = {number for number in work.session.scalars(others) if number is not None}
    return answer_among(wish, looks, taken)


def _refused(unit: UnitOfWork, provider: PaymentProvider, wish: RefundWish) -> None:
    """A no may only mean that it went before: what the provider knows has the last word."""
    try:
        look = _known_of(unit, provider, wish)
    except PaymentsRefusedError:
        look = None
    except UnionError as error:
        log.warning("card_refund_waits", code=error.code)
        return
    _answered(unit, provider, wish, look)


def _answered(
    unit: UnitOfWork, provider: PaymentProvider, wish: RefundWish, look: RefundLook | None
) -> None:
    """Write the provider's word down; None: it knows of no such refund and will make none."""
    now = unit.clock.now()
    with unit.begin(CARDS) as work:
        if look is not None:
            apply_look(work, provider.name, replace(look, ref=wish.ref), now)
            return
        work.session.execute(
            update(CardRefund)
            .where(CardRefund.ref == wish.ref, CardRefund.state == "asked")
            .values(state="failed", due_at=None, looked_at=now)
        )


def _wait_for_answer(work: Work, one: CardInstruction, now: datetime) -> None:
    if one.provider_id is not None:
        one.end_due_at = now + LEASE
        return
    one.end_due_at = now + NOT_BEGUN_WAIT
    pages = work.session.scalars(
        select(CardCheckout.state).where(CardCheckout.instruction_id == one.id)
    ).all()
    if OVER.issuperset(pages):
        never_began(work, one)
