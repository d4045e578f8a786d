"""Who is down for which hours, and who is away: shifts as values, asked of any stretch of time.

``operators_on``, ``second_phones_on`` and ``duty_officers_on`` never find nobody while somebody
holds the office: an empty rota, or one whose people are all away, means everybody (C7).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import (
    BigInteger,
    BindParameter,
    Date,
    DateTime,
    TableValuedAlias,
    Text,
    column,
    func,
    literal,
    null,
    select,
)

from union.crisis.models.rota import RotaAway, RotaPattern, RotaSwap, RotaWish
from union.crisis.rules.rota import HELD_BY, Duty, Hours, SwapState
from union.identity.queries import people_with_role
from union.kernel.actor import Role
from union.kernel.errors import NotFoundError

if TYPE_CHECKING:
    from union.infra.work import Work

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Shift:
    """Hours somebody is down for, of a pattern's day or for one time; ``key`` names them."""

    pattern_id: int | None
    on_day: date | None
    shift_id: int | None
    ref: str
    person_id: int
    duty: Duty
    branch_id: int | None
    hours: Hours

    @property
    def key(self) -> str:
        """What names these hours in a form: a reference, and for a pattern the day."""
        return self.ref if self.on_day is None else f"{self.ref}.{self.on_day.isoformat()}"


@dataclass(frozen=True, slots=True)
class Serving:
    """Who is down for what at one instant, by person; and who is away."""

    duties: dict[int, frozenset[tuple[Duty, int | None]]]
    away: frozenset[int]


Instant = datetime | BindParameter[datetime]


def between(since: Instant, before: Instant) -> TableValuedAlias:
    """The database's own list of shifts that touch a stretch of time, as a table."""
    instants = DateTime(timezone=True)
    ends = (
        one if isinstance(one, BindParameter) else literal(one, instants) for one in (since, before)
    )
    return func.rota_between(*ends).table_valued(
        column("pattern_id", BigInteger),
        column("on_day", Date),
        column("shift_id", BigInteger),
        column("ref", Text),
        column("person_id", BigInteger),
        column("duty", Text),
        column("branch_id", BigInteger),
        column("starts_at", instants),
        column("ends_at", instants),
        name="down",
    )


def shifts_between(
    work: Work, since: datetime, before: datetime, person_ids: Collection[int] | None = None
) -> list[Shift]:
    """Shifts that touch a stretch of time, the earliest first; of these people, or of all."""
    down = between(since, before)
    query = select(down).order_by(down.c.starts_at, down.c.ends_at, down.c.person_id)
    if person_ids is not None:
        query = query.where(down.c.person_id.in_(person_ids))
    return [
        Shift(
            pattern_id=row.pattern_id,
            on_day=row.on_day,
            shift_id=row.shift_id,
            ref=row.ref,
            person_id=row.person_id,
            duty=Duty(row.duty),
            branch_id=row.branch_id,
            hours=Hours(row.starts_at, row.ends_at),
        )
        for row in work.session.execute(query)
    ]


def shift_by_key(work: Work, key: str) -> Shift:
    """The hours a form named, if they are still to come; NotFoundError otherwise."""
    now = work.clock.now()
    found = (one for one in shifts_between(work, now, now + timedelta(days=400)) if one.key == key)
    shift = next(found, None)
    if shift is None:
        raise NotFoundError
    return shift


def serving_at(work: Work, at: datetime) -> Serving:
    """Everybody's duties at an instant and everybody who is away then, in one question."""
    down = between(at, at + INSTANT)
    gone = select(RotaAway.person_id, literal(""), null()).where(
        RotaAway.ended_at.is_(None), RotaAway.from_at <= at, RotaAway.until_at > at
    )
    rows = work.session.execute(
        select(down.c.person_id, down.c.duty, down.c.branch_id).union_all(gone)
    )
    duties: defaultdict[int, set[tuple[Duty, int | None]]] = defaultdict(set)
    away: set[int] = set()
    for person_id, duty, branch_id in rows:
        if duty:
            duties[person_id].add((Duty(duty), branch_id))
        else:
            away.add(person_id)
    return Serving({who: frozenset(held) for who, held in duties.items()}, frozenset(away))


def operators_on(work: Work, at: datetime) -> list[int]:
    """Who answers the hotline at an instant; everybody who may, where the rota names nobody."""
    return _on(work, Duty.OPERATOR, at)


def second_phones_on(work: Work, at: datetime) -> list[int]:
    """Whom a call goes to when the first does not answer; every operator if nobody is named."""
    return _on(work, Duty.SECOND_PHONE, at)


def duty_officers_on(work: Work, at: datetime) -> list[int]:
    """The duty officer of that hour; every duty officer if the rota names none."""
    return _on(work, Duty.DUTY_OFFICER, at)


def present(work: Work, person_ids: Sequence[int], at: datetime | None = None) -> list[int]:
    """Those of them who are not away then, or now; all of them if all are (C7)."""
    away = serving_at(work, at or work.clock.now()).away
    return [one for one in person_ids if one not in away] or list(person_ids)


def _on(work: Work, duty: Duty, at: datetime) -> list[int]:
    holders = people_with_role(work, HELD_BY[duty])
    serving = serving_at(work, at)
    here = [one for one in holders if one not in serving.away]
    down = [one for one in here if (duty, None) in serving.duties.get(one, ())]
    return down or here or holders


def in_charge_of_rota(work: Work) -> list[int]:
    """The coordinators, who are told of holes."""
    return people_with_role(work, Role.COORDINATOR)


def patterns_of(work: Work, person_id: int) -> Sequence[RotaPattern]:
    """Her weekly hours that still hold or are to come."""
    return work.session.scalars(
        select(RotaPattern)
        .where(
            RotaPattern.person_id == person_id,
            RotaPattern.until_on.is_(None) | (RotaPattern.until_on >= work.clock.today()),
        )
        .order_by(RotaPattern.weekday, RotaPattern.from_time, RotaPattern.id)
    ).all()


def pattern_by_ref(work: Work, ref: str) -> RotaPattern:
    """Weekly hours by their reference; NotFoundError if there are none."""
    found = work.session.scalar(select(RotaPattern).where(RotaPattern.ref == ref))
    if found is None:
        raise NotFoundError
    return found


def absences(work: Work, person_id: int | None = None) -> Sequence[RotaAway]:
    """Who is away now or will be, the earliest first; of one person, or of all."""
    query = select(RotaAway).where(
        RotaAway.ended_at.is_(None), RotaAway.until_at > work.clock.now()
    )
    if person_id is not None:
        query = query.where(RotaAway.person_id == person_id)
    return work.session.scalars(query.order_by(RotaAway.from_at, RotaAway.id)).all()


def away_by_ref(work: Work, ref: str) -> RotaAway:
    """An absence by its reference; NotFoundError if there is none."""
    found = work.session.scalar(select(RotaAway).where(RotaAway.ref == ref))
    if found is None:
        raise NotFoundError
    return found


def wish_of(work: Work, person_id: int) -> RotaWish | None:
    """What she wishes, if she ever said."""
    return work.session.get(RotaWish, person_id)


def open_swaps(work: Work) -> Sequence[RotaSwap]:
    """Every wish to swap that nobody has answered and whose hours have not begun."""
    return work.session.scalars(
        select(RotaSwap)
        .where(RotaSwap.state == SwapState.ASKED, RotaSwap.starts_at > work.clock.now())
        .order_by(RotaSwap.starts_at, RotaSwap.id)
    ).all()


def swaps_of(work: Work, person_id: int) -> Sequence[RotaSwap]:
    """Swaps of hours to come that she asked for or answered, the earliest hours first."""
    return work.session.scalars(
        select(RotaSwap)
        .where(
            (RotaSwap.person_id == person_id)
            | (RotaSwap.to_person_id == person_id)
            | (RotaSwap.answered_by_person_id == person_id),
            RotaSwap.ends_at > work.clock.now(),
        )
        .order_by(RotaSwap.starts_at, RotaSwap.id)
    ).all()


def swap_by_ref(work: Work, ref: str) -> RotaSwap:
    """A swap by its reference; NotFoundError if there is none."""
    found = work.session.scalar(select(RotaSwap).where(RotaSwap.ref == ref))
    if found is None:
        raise NotFoundError
    return found
