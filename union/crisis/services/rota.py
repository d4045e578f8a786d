"""Who serves when. Invariant: nobody is down twice at once, and no hole is made silently.

A change after which nobody could be woken where somebody can be now is refused (LeavesHoleError)
until whoever makes it says that she knows; then the coordinators are told in the same commit.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.errors import (
    DownAlreadyError,
    HoursError,
    LeavesHoleError,
    NotCertifiedError,
)
from union.crisis.models import Certificate
from union.crisis.models.rota import RotaAway, RotaOff, RotaPattern, RotaShift, RotaWish
from union.crisis.queries.rota import Shift, shifts_between, wish_of
from union.crisis.rules.coverage import DAYS_AHEAD
from union.crisis.rules.rota import (
    DUTY_OF,
    HELD_BY,
    TEAM_DUTIES,
    Duty,
    Hours,
    Origin,
    Weekly,
    hours_between,
    is_zone,
)
from union.crisis.services.holes import begin_looking, empty_blocks, look_over, one_at_a_time
from union.identity.queries import people_with_role
from union.kernel.ids import new_ref

if TYPE_CHECKING:
    from union.infra.work import Work

LOOK_BACK = timedelta(days=DAYS_AHEAD)
LONGEST_SHIFT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class NewWeekly:
    """Hours of every week: on these days (1 Monday to 7 Sunday), on the clock of ``zone``."""

    person_id: int
    duty: Duty
    branch_id: int | None
    weekdays: tuple[int, ...]
    from_time: time
    until_time: time
    zone: str
    since_on: date
    until_on: date | None = None

    def on(self, weekday: int) -> Weekly:
        """The hours of one of its days."""
        return Weekly(
            weekday, self.from_time, self.until_time, self.zone, self.since_on, self.until_on
        )


def add_weekly(work: Work, new: NewWeekly) -> list[RotaPattern]:
    """Write weekly hours down, one row for each day; HoursError where they cannot be.

    NotCertifiedError where she may not serve so, DownAlreadyError where she is down already.
    """
    ends_early = new.until_on is not None and new.until_on < new.since_on
    if not new.weekdays or ends_early or not is_zone(new.zone):
        raise HoursError
    may_serve(work, new.person_id, new.duty, new.branch_id, new.since_on)
    one_at_a_time(work)
    now = work.clock.now()
    for weekday in new.weekdays:
        for _, hours in hours_between(new.on(weekday), now, now + LOOK_BACK):
            is_free(work, new.person_id, hours)
    patterns = [
        RotaPattern(
            ref=new_ref(),
            person_id=new.person_id,
            duty=new.duty,
            branch_id=new.branch_id,
            weekday=weekday,
            from_time=new.from_time,
            until_time=new.until_time,
            zone=new.zone,
            since_on=new.since_on,
            until_on=new.until_on,
            made_at=now,
            made_by_person_id=work.actor.person_id,
        )
        for weekday in new.weekdays
    ]
    work.session.add_all(patterns)
    work.session.flush()
    begin_looking(work)
    return patterns


def end_weekly(work: Work, pattern: RotaPattern, last_on: date, *, sure: bool = False) -> None:
    """Her weekly hours end with a day, which may not lie before they began by more than one."""
    if last_on < pattern.since_on - timedelta(days=1):
        raise HoursError(pattern_id=pattern.id)

    def end() -> None:
        pattern.until_on = last_on

    without_new_hole(work, end, sure=sure)


def add_shift(
    work: Work,
    person_id: int,
    duty: Duty,
    branch_id: int | None,
    hours: Hours,
    origin: Origin = Origin.WRITTEN,
) -> RotaShift:
    """Write down hours of one time; refused as ``add_weekly`` refuses."""
    too_long = hours.ends_at - hours.starts_at > LONGEST_SHIFT
    if hours.ends_at <= max(hours.starts_at, work.clock.now()) or too_long:
        raise HoursError
    day = hours.starts_at.astimezone(work.clock.zone).date()
    may_serve(work, person_id, duty, branch_id, day, beside=origin is not Origin.WRITTEN)
    one_at_a_time(work)
    is_free(work, person_id, hours)
    shift = RotaShift(
        ref=new_ref(),
        person_id=person_id,
        duty=duty,
        branch_id=branch_id,
        starts_at=hours.starts_at,
        ends_at=hours.ends_at,
        origin=origin,
        made_at=work.clock.now(),
        made_by_person_id=work.actor.person_id,
    )
    work.session.add(shift)
    work.session.flush()
    begin_looking(work)
    return shift


def leave_out(work: Work, shift: Shift, *, sure: bool = False) -> None:
    """These hours of hers fall away this once."""
    without_new_hole(work, lambda: take_out(work, shift), sure=sure)


def take_out(work: Work, shift: Shift) -> None:
    """As ``leave_out``, where somebody has looked after the hole."""
    now = work.clock.now()
    if shift.pattern_id is None:
        work.session.get_one(RotaShift, shift.shift_id).ended_at = now
    else:
        work.session.add(
            RotaOff(
                pattern_id=shift.pattern_id,
                on_day=shift.on_day,
                made_at=now,
                made_by_person_id=work.actor.person_id,
            )
        )
    work.session.flush()


def say_away(work: Work, person_id: int, hours: Hours, *, sure: bool = False) -> RotaAway:
    """She is away; the engine does not ask her then. LeavesHoleError unless ``sure``."""
    if hours.ends_at <= max(hours.starts_at, work.clock.now()):
        raise HoursError
    away = RotaAway(
        ref=new_ref(),
        person_id=person_id,
        from_at=hours.starts_at,
        until_at=hours.ends_at,
        made_at=work.clock.now(),
        made_by_person_id=work.actor.person_id,
    )
    without_new_hole(work, lambda: work.session.add(away), sure=sure)
    begin_looking(work)
    return away


def days_away(work: Work, first: date, last: date) -> Hours:
    """From the beginning of one day of the union's clock to the end of another."""
    midnight = datetime.combine(first, time(), work.clock.zone)
    end = datetime.combine(last + timedelta(days=1), time(), work.clock.zone)
    return Hours(midnight, end)


def end_away(work: Work, away: RotaAway) -> None:
    """She is back, or never went."""
    away.ended_at = away.ended_at or work.clock.now()
    work.session.flush()


def set_wish(work: Work, person_id: int, zone: str, *, at_night: bool, offers: bool) -> None:
    """Her clock, whether drills may come at night, whether she is asked for free hours."""
    if not is_zone(zone):
        raise HoursError
    wish = wish_of(work, person_id)
    if wish is None:
        wish = RotaWish(person_id=person_id)
        work.session.add(wish)
    wish.zone, wish.drills_at_night, wish.takes_offers = zone, at_night, offers
    wish.made_at = work.clock.now()
    work.session.flush()


def may_serve(
    work: Work,
    person_id: int,
    duty: Duty,
    branch_id: int | None,
    day: date,
    *,
    beside: bool = False,
) -> None:
    """NotCertifiedError unless she is certified, or in office, for this duty on that day or later.

    In a district: by a certificate of that district, or with ``beside`` of any.
    """
    if duty not in TEAM_DUTIES:
        if branch_id is not None or person_id not in people_with_role(work, HELD_BY[duty]):
            raise NotCertifiedError
        return
    roles = [role for role, serves in DUTY_OF.items() if serves is duty]
    query = select(Certificate.id).where(
        Certificate.person_id == person_id,
        Certificate.role.in_(roles),
        Certificate.revoked_at.is_(None),
        Certificate.ends_on >= day,
    )
    if not beside:
        query = query.where(Certificate.branch_id == branch_id)
    if branch_id is None or work.session.scalar(query.limit(1)) is None:
        raise NotCertifiedError


def is_free(work: Work, person_id: int, hours: Hours) -> None:
    """DownAlreadyError if she is down for anything in these hours."""
    if shifts_between(work, hours.starts_at, hours.ends_at, [person_id]):
        raise DownAlreadyError


def without_new_hole(work: Work, change: Callable[[], object], *, sure: bool) -> None:
    """Do a change; LeavesHoleError, which undoes it all, if it leaves a hole and nobody said so.

    Looks as far ahead as holes are told; what lies further is told when it comes near.
    """
    one_at_a_time(work)
    before = empty_blocks(work).keys()
    change()
    work.session.flush()
    fresh = [hole for key, hole in empty_blocks(work).items() if key not in before]
    if not fresh:
        return
    if not sure:
        raise LeavesHoleError(holes=len(fresh), **_named(fresh))
    look_over(work)


def _named(fresh: Collection[tuple[int | None, Duty, date, str]]) -> dict[str, str]:
    """The first such half days as codes, for a page to put in words."""
    first = sorted(fresh, key=lambda hole: (hole[2], hole[3]))[:6]
    return {"halves": " ".join(f"{day.isoformat()}/{part}/{duty}" for _, duty, day, part in first)}
