"""Hours for tests: Friday nights, some hours from now on, and what is told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta

from sqlalchemy import select

from union.crisis.models import RotaPattern
from union.crisis.queries.rota import Shift, shifts_between
from union.crisis.rules.rota import Duty, Hours
from union.crisis.services import rota
from union.infra.work import Work
from union.messages.models import Message

FRIDAY = date(2026, 10, 16)


def weekly(work: Work, person_id: int, branch_id: int | None, **fields) -> Sequence[RotaPattern]:
    """She is down for every Friday's night there, but for what ``fields`` says otherwise."""
    new = rota.NewWeekly(
        person_id=person_id,
        duty=Duty.RESPONDER,
        branch_id=branch_id,
        weekdays=(5,),
        from_time=time(20),
        until_time=time(7),
        zone="Asia/Kolkata",
        since_on=FRIDAY,
    )
    return rota.add_weekly(work, replace(new, **fields))


def ahead(work: Work, **span: float) -> Hours:
    """Eight hours that begin so far from now."""
    starts_at = work.clock.now() + timedelta(**span)
    return Hours(starts_at, starts_at + timedelta(hours=8))


def shifts(work: Work, *people: int) -> list[Shift]:
    """The shifts of two weeks from now on; of these people, or of all."""
    now = work.clock.now()
    return shifts_between(work, now, now + timedelta(days=14), people or None)


def messages(work: Work, purpose: str = "rota") -> list[tuple[int, str]]:
    """Who was told by which text, the oldest first."""
    rows = select(Message.person_id, Message.template).where(Message.purpose == purpose)
    return [tuple(row) for row in work.session.execute(rows.order_by(Message.id))]
