"""What a page about the rota shows: one person's hours and what she is asked, or everybody's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models.covering import RotaHole, RotaOffer
from union.crisis.models.rota import RotaAway, RotaPattern, RotaSwap, RotaWish
from union.crisis.queries.coverage import blocks_ahead, open_offers
from union.crisis.queries.rota import (
    Shift,
    absences,
    open_swaps,
    patterns_of,
    shifts_between,
    swaps_of,
    wish_of,
)
from union.crisis.queries.training import Held, held
from union.crisis.queries.waiting import Naming, branch_names, member_names
from union.crisis.rules.coverage import DAYS_AHEAD
from union.crisis.rules.rota import DUTY_OF, HELD_BY, TEAM_DUTIES, Duty
from union.identity.queries import people_with_role
from union.kernel.errors import NotFoundError
from union.members.models import Branch, Member
from union.members.queries import member_by_ref

if TYPE_CHECKING:
    from union.infra.work import Work

FAR = timedelta(days=21)


@dataclass(frozen=True, slots=True)
class Hers:
    """One person's rota: her hours to come, and everything she may answer."""

    person_id: int
    shifts: Sequence[Shift]
    weekly: Sequence[RotaPattern]
    away: Sequence[RotaAway]
    swaps: Sequence[RotaSwap]
    may_take: Sequence[RotaSwap]
    offers: Sequence[tuple[RotaOffer, RotaHole]]
    wish: RotaWish | None
    papers: Sequence[Held]
    names: Mapping[int, str]
    branches: Mapping[int, str]

    @property
    def asked(self) -> int:
        """How many questions wait for her."""
        return len(self.offers) + len(self.may_take)


def hers(work: Work, person_id: int, name: Naming = member_names) -> Hers:
    """Everything of one person's rota; whoever calls this has made sure that it is hers to see."""
    now = work.clock.now()
    swaps = [one for one in swaps_of(work, person_id) if one.person_id == person_id]
    may_take = [one for one in open_swaps(work) if may_take_it(work, person_id, one)]
    people = {one.person_id for one in may_take} | {
        who for one in swaps for who in (one.to_person_id, one.answered_by_person_id) if who
    }
    return Hers(
        person_id=person_id,
        shifts=shifts_between(work, now, now + FAR, [person_id]),
        weekly=patterns_of(work, person_id),
        away=absences(work, person_id),
        swaps=swaps,
        may_take=may_take,
        offers=open_offers(work, person_id),
        wish=wish_of(work, person_id),
        papers=[one for one in held(work, person_id) if one.ends_on >= work.clock.today()],
        names=name(work, people),
        branches=branch_names(work),
    )


def may_take_it(work: Work, person_id: int, swap: RotaSwap) -> bool:
    """Whether these hours were offered to her, or to anybody who could, and she could."""
    if swap.person_id == person_id:
        return False
    if swap.to_person_id is not None:
        return swap.to_person_id == person_id
    return person_id in who_could(work, swap.duty, swap.branch_id)


def who_could(work: Work, duty: Duty, branch_id: int | None) -> list[int]:
    """Who serves so: in that district by a paper in force, or by office at the desk."""
    if duty not in TEAM_DUTIES:
        return people_with_role(work, HELD_BY[duty])
    today = work.clock.today()
    found = [
        one.person_id
        for one in held(work, branch_id=branch_id)
        if DUTY_OF[one.role] is duty and one.holds_on(today)
    ]
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class Everybody:
    """The whole rota of the days ahead, as a coordinator sees it."""

    shifts: Sequence[Shift]
    away: Sequence[RotaAway]
    swaps: Sequence[RotaSwap]
    empty_halves: int
    names: Mapping[int, str]
    refs: Mapping[int, str]
    branches: Mapping[int, str]


def everybody(work: Work, name: Naming = member_names) -> Everybody:
    """Who is down, who is away, what is asked and what is free, fourteen days ahead."""
    now = work.clock.now()
    shifts = shifts_between(work, now, now + timedelta(days=DAYS_AHEAD))
    away, swaps = absences(work), open_swaps(work)
    people = {one.person_id for one in shifts} | {one.person_id for one in away}
    people |= {one.person_id for one in swaps}
    people |= {one.to_person_id for one in swaps if one.to_person_id}
    rows = work.session.execute(
        select(Member.person_id, Member.ref).where(Member.person_id.in_(people))
    )
    return Everybody(
        shifts=shifts,
        away=away,
        swaps=swaps,
        empty_halves=len(blocks_ahead(work)),
        names=name(work, people),
        refs={row.person_id: row.ref for row in rows},
        branches=branch_names(work),
    )


def person_of_ref(work: Work, ref: str) -> int | None:
    """The person of a member's reference, as the entry that is kept; None if nobody's."""
    member = member_by_ref(work.session, ref)
    return None if member is None else member.merged_into or member.person_id


def serves_as(work: Work, person_id: int) -> list[tuple[str, Duty, str]]:
    """What she can be down for: a value for a form, the duty, and the district's name."""
    today = work.clock.today()
    refs = {row.id: row.ref for row in work.session.execute(select(Branch.id, Branch.ref))}
    found = [
        (f"{DUTY_OF[one.role]}.{refs[one.branch_id]}", DUTY_OF[one.role], one.branch)
        for one in held(work, person_id)
        if one.revoked_at is None and one.ends_on >= today
    ]
    found += [
        (duty.value, duty, "")
        for duty, role in HELD_BY.items()
        if person_id in people_with_role(work, role)
    ]
    return list(dict.fromkeys(found))


def read_serves(work: Work, value: str) -> tuple[Duty, int | None]:
    """The duty and district that a form's value stands for; ValueError if it is none."""
    duty, _, ref = value.partition(".")
    if not ref:
        return Duty(duty), None
    branch_id = work.session.scalar(select(Branch.id).where(Branch.ref == ref))
    return Duty(duty), branch_id


def branch_of_ref(work: Work, ref: str) -> Branch:
    """A district by its reference; NotFoundError if there is none."""
    found = work.session.scalar(select(Branch).where(Branch.ref == ref))
    if found is None:
        raise NotFoundError
    return found
