"""Hours that change hands. Invariant: they leave one and reach the other in one commit, or stay.

Both see every swap. Who takes hours may serve so, is not away and not down for anything then; what
would leave a hole says so first. A coordinator may answer for either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.errors import AnsweredError, AwayError, HoursError
from union.crisis.models.covering import RotaHole, RotaOffer
from union.crisis.models.rota import RotaAway, RotaShift, RotaSwap
from union.crisis.queries.rota import Shift, shifts_between
from union.crisis.rules.rota import Hours, Origin, SwapState
from union.crisis.services.holes import look_over, look_when_you_can, one_at_a_time
from union.crisis.services.rota import add_shift, may_serve, take_out, without_new_hole
from union.kernel.ids import new_ref
from union.messages.services import send

if TYPE_CHECKING:
    from union.infra.work import Work


def ask_swap(work: Work, shift: Shift, to_person_id: int | None = None) -> RotaSwap:
    """She asks another, or whoever could, to take these hours; the one named is told."""
    if shift.hours.ends_at <= work.clock.now() or to_person_id == shift.person_id:
        raise HoursError
    if to_person_id is not None:
        _could(work, to_person_id, shift)
    swap = RotaSwap(
        ref=new_ref(),
        person_id=shift.person_id,
        to_person_id=to_person_id,
        duty=shift.duty,
        branch_id=shift.branch_id,
        pattern_id=shift.pattern_id,
        on_day=shift.on_day,
        shift_id=shift.shift_id,
        starts_at=shift.hours.starts_at,
        ends_at=shift.hours.ends_at,
        state=SwapState.ASKED,
        asked_at=work.clock.now(),
    )
    work.session.add(swap)
    work.session.flush()
    if to_person_id is not None:
        send(work, look_when_you_can(to_person_id))
    return swap


def take_swap(work: Work, swap_id: int, person_id: int, *, sure: bool = False) -> RotaSwap:
    """These hours are hers now. AnsweredError if somebody was quicker."""
    swap = _lock(work, swap_id)
    shift = _still_hers(work, swap)
    _could(work, person_id, shift)

    def change() -> None:
        take_out(work, shift)
        made = add_shift(work, person_id, swap.duty, swap.branch_id, shift.hours, Origin.SWAP)
        _answer(work, swap, SwapState.TAKEN, made)

    without_new_hole(work, change, sure=sure)
    send(work, look_when_you_can(swap.person_id))
    return swap


def decline_swap(work: Work, swap_id: int) -> None:
    """The one asked cannot, or a coordinator says no: the hours stay where they are."""
    swap = _lock(work, swap_id)
    _answer(work, swap, SwapState.DECLINED)
    send(work, look_when_you_can(swap.person_id))


def withdraw_swap(work: Work, swap_id: int) -> None:
    """She keeps her hours after all."""
    _answer(work, _lock(work, swap_id), SwapState.WITHDRAWN)


def answer_offer(work: Work, offer_id: int, *, takes: bool) -> RotaShift | None:
    """She takes the hours of a hole, or cannot; the same answer twice changes nothing.

    AnsweredError where others filled it meanwhile: she is thanked and has her day.
    """
    one_at_a_time(work)
    offer = work.session.get_one(RotaOffer, offer_id, with_for_update=True, populate_existing=True)
    hole = work.session.get_one(
        RotaHole, offer.hole_id, with_for_update=True, populate_existing=True
    )
    if offer.shift_id is not None:
        return work.session.get_one(RotaShift, offer.shift_id)
    if not takes:
        offer.answered_at = offer.answered_at or work.clock.now()
        work.session.flush()
        return None
    if hole.filled_at is not None or hole.ends_at <= work.clock.now():
        raise AnsweredError
    shift = add_shift(
        work,
        offer.person_id,
        hole.duty,
        hole.branch_id,
        Hours(hole.starts_at, hole.ends_at),
        Origin.OFFER,
    )
    offer.answered_at, offer.shift_id = work.clock.now(), shift.id
    work.session.flush()
    look_over(work)
    return shift


def _lock(work: Work, swap_id: int) -> RotaSwap:
    one_at_a_time(work)
    swap = work.session.get_one(RotaSwap, swap_id, with_for_update=True, populate_existing=True)
    if swap.state is not SwapState.ASKED:
        raise AnsweredError(swap_id=swap_id)
    return swap


def _answer(work: Work, swap: RotaSwap, state: SwapState, made: RotaShift | None = None) -> None:
    swap.state, swap.answered_at = state, work.clock.now()
    swap.answered_by_person_id = work.actor.person_id
    swap.taken_shift_id = None if made is None else made.id
    work.session.flush()


def _still_hers(work: Work, swap: RotaSwap) -> Shift:
    """The hours as the rota has them now; AnsweredError if they are gone or have passed."""
    found = (
        one
        for one in shifts_between(work, swap.starts_at, swap.ends_at, [swap.person_id])
        if (one.pattern_id, one.on_day, one.shift_id)
        == (swap.pattern_id, swap.on_day, swap.shift_id)
    )
    shift = next(found, None)
    if shift is None or shift.hours.ends_at <= work.clock.now():
        raise AnsweredError(swap_id=swap.id)
    return shift


def _could(work: Work, person_id: int, shift: Shift) -> None:
    day = shift.hours.starts_at.astimezone(work.clock.zone).date()
    may_serve(work, person_id, shift.duty, shift.branch_id, day, beside=True)
    away = select(RotaAway.id).where(
        RotaAway.person_id == person_id,
        RotaAway.ended_at.is_(None),
        RotaAway.from_at < shift.hours.ends_at,
        RotaAway.until_at > shift.hours.starts_at,
    )
    if work.session.scalar(away.limit(1)) is not None:
        raise AwayError
