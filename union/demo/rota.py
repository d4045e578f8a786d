"""Hours of the demonstration's people, so that its rota has somebody down, away and asking."""

from __future__ import annotations

from datetime import time, timedelta
from typing import NamedTuple

from sqlalchemy import select

from union.crisis.models import Certificate, RotaPattern
from union.crisis.queries.rota import shifts_between
from union.crisis.rules.kinds import TeamRole
from union.crisis.rules.rota import Duty
from union.crisis.services.rota import NewWeekly, add_weekly, days_away, say_away
from union.crisis.services.swaps import ask_swap
from union.identity.queries import people_with_role
from union.infra.work import Work
from union.kernel.actor import Role

EVERY_DAY = (1, 2, 3, 4, 5, 6, 7)
NIGHTS = ((1, 3, 5), (2, 4, 6))


class Down(NamedTuple):
    """One line of a rota: who, for what, where, on which days, from when until when."""

    person_id: int
    duty: Duty
    branch_id: int | None
    weekdays: tuple[int, ...]
    from_time: time
    until_time: time


def begin_rota(work: Work) -> None:
    """Write some hours down, once: the desk's, the nights of one district, an absence, a swap."""
    if work.session.scalar(select(RotaPattern.id).limit(1)) is not None:
        return
    for role, duty, begins, ends in (
        (Role.OPERATOR, Duty.OPERATOR, time(8), time(20)),
        (Role.DUTY_OFFICER, Duty.DUTY_OFFICER, time(8), time(8)),
    ):
        for person_id in people_with_role(work, role)[:1]:
            _write(work, Down(person_id, duty, None, EVERY_DAY, begins, ends))
    people = _of_one_district(work)
    for (person_id, branch_id), days in zip(people, NIGHTS, strict=False):
        _write(work, Down(person_id, Duty.RESPONDER, branch_id, days, time(20), time(7)))
    if len(people) > len(NIGHTS):
        first = work.clock.today() + timedelta(days=3)
        hours = days_away(work, first, first + timedelta(days=6))
        say_away(work, people[len(NIGHTS)][0], hours, sure=True)
    now = work.clock.now()
    hers = shifts_between(work, now, now + timedelta(days=9), [people[0][0]] if people else [])
    if hers:
        ask_swap(work, hers[-1])


def _of_one_district(work: Work) -> list[tuple[int, int]]:
    """Who goes there in the first district of the file with a paper in force."""
    today = work.clock.today()
    rows = work.session.execute(
        select(Certificate.person_id, Certificate.branch_id)
        .where(
            Certificate.role == TeamRole.RESPONDER,
            Certificate.revoked_at.is_(None),
            Certificate.starts_on <= today,
            Certificate.ends_on > today + timedelta(days=30),
        )
        .order_by(Certificate.id)
    ).all()
    return [(row.person_id, row.branch_id) for row in rows if row.branch_id == rows[0].branch_id]


def _write(work: Work, down: Down) -> None:
    zone, since_on = work.clock.zone.key, work.clock.today()
    add_weekly(work, NewWeekly(*down, zone, since_on))
