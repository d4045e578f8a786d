"""What pages, clocks, lessons and hours of a rota are to people: who was called, whose they are.

A forced answer is told by nothing here: who was called stays called, as it looks to her.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, func, literal, or_, select

from union.crisis.models import Certificate, Incident, Page, RotaAway, RotaPattern
from union.crisis.models.after import Lesson, MedicalClock, MedicalHandover
from union.infra.abouts import called_to
from union.infra.people import people_with
from union.kernel.access import About
from union.members.models import Member, Membership

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from sqlalchemy import Select

    from union.infra.abouts import AboutQuery, ViewArgs
    from union.infra.work import Work

ME = "me"
"""How an address names whoever opens it."""


def about_page(work: Work, args: ViewArgs) -> About | None:
    """Who was asked."""
    return called_to(work, select(Page.person_id).where(Page.ref == args["ref"]))


def about_looking_back(work: Work, args: ViewArgs) -> About | None:
    """Who said yes and knew where, unforced."""
    went = and_(
        Page.incident_id == Incident.id, Page.briefed_at.is_not(None), Page.duress_at.is_(None)
    )
    return _called_where(
        work,
        select(Page.person_id, Incident.branch_id)
        .select_from(Incident)
        .outerjoin(Page, went)
        .where(Incident.ref == args["ref"]),
    )


def about_clock(work: Work, args: ViewArgs) -> About | None:
    """Who keeps it."""
    hers = select(MedicalClock.kept_by_person_id, Incident.branch_id).join(
        Incident, Incident.id == MedicalClock.incident_id
    )
    return _called_where(work, hers.where(MedicalClock.ref == args["ref"]))


def about_handover(work: Work, args: ViewArgs) -> About | None:
    """Who is asked to carry it on."""
    hers = select(MedicalHandover.to_person_id).where(MedicalHandover.ref == args["ref"])
    return called_to(work, hers)


def about_lesson(work: Work, args: ViewArgs) -> About | None:
    """Who is to see to it."""
    hers = select(Lesson.owner_person_id, Incident.branch_id).join(
        Incident, Incident.id == Lesson.incident_id
    )
    return _called_where(work, hers.where(Lesson.ref == args["ref"]))


def about_rota(work: Work, args: ViewArgs) -> About | None:
    """Whose hours an address speaks of."""
    return _hers_where(work, _who(work, args["who"]))


def about_absence(work: Work, args: ViewArgs) -> About | None:
    """Whose absence, if it is hers of whom the address speaks."""
    here = and_(RotaAway.ref == args["ref"], RotaAway.person_id.in_(_who(work, args["who"])))
    return _hers_where(work, select(RotaAway.person_id).where(here))


def about_pattern(work: Work, args: ViewArgs) -> About | None:
    """Whose weekly hours, if they are hers of whom the address speaks."""
    hers = RotaPattern.person_id.in_(_who(work, args["who"]))
    here = and_(RotaPattern.ref == args["ref"], hers)
    return _hers_where(work, select(RotaPattern.person_id).where(here))


def _called_where(work: Work, named: Select[Any, Any]) -> About | None:
    """Who was called, and to an incident of which branch.

    Where nobody knows the branch, the crisis office of any may look: somebody must come.
    """
    found = people_with(work, named)
    return None if found is None else About(called=found[0], concerns=found[1] or None)


def _hers_where(work: Work, named: Select[int]) -> About | None:
    """Whose it is, and every branch she serves or stands in; of any where there is none."""
    hers = named.subquery().c[0]
    serves = select(Certificate.person_id, Certificate.branch_id).where(
        Certificate.revoked_at.is_(None)
    )
    stands = select(Membership.person_id, Membership.branch_id).where(Membership.until_on.is_(None))
    place = serves.union_all(stands).subquery()
    joined = select(Member.person_id).where(Member.merged_into == hers)
    there = or_(place.c.person_id == hers, place.c.person_id.in_(joined))
    found = people_with(
        work, select(hers, place.c.branch_id).select_from(hers.table).outerjoin(place, there)
    )
    return None if found is None else About(owners=found[0], concerns=found[1] or None)


def _who(work: Work, who: str) -> Select[int]:
    if who == ME and work.actor.person_id is not None:
        return select(literal(work.actor.person_id))
    kept = func.coalesce(Member.merged_into, Member.person_id)
    return select(kept).where(Member.ref == who)


ABOUTS: Mapping[str, AboutQuery] = {
    "crisis.page": about_page,
    "crisis.looking_back": about_looking_back,
    "crisis.clock": about_clock,
    "crisis.handover": about_handover,
    "crisis.lesson": about_lesson,
    "crisis.rota": about_rota,
    "crisis.absence": about_absence,
    "crisis.pattern": about_pattern,
}
