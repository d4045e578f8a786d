"""How reachable people are: drills and real askings together, read as values; nothing is decided.

Nothing here tells of an incident but how soon somebody answered.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on

from union.crisis.models import Certificate, Incident, Page
from union.crisis.models.drills import DrillPage, DrillPlan
from union.crisis.models.rota import RotaAway, RotaWish
from union.crisis.queries.mine import ANSWERS_WITHIN
from union.crisis.rules.drills import ANSWER_WITHIN, Asked, DrillState
from union.crisis.rules.kinds import LIVE_PAGE, OPEN_INCIDENT, TEAM, PageState
from union.kernel.errors import NotFoundError
from union.members.models import Member
from union.messages.models import Attempt

if TYPE_CHECKING:
    from union.infra.work import Work

NO_ANSWER = (PageState.SILENT,)


@dataclass(frozen=True, slots=True)
class Due:
    """Somebody who has no drill this month, and whether she agreed to nights."""

    person_id: int
    at_night: bool


def drills_on(work: Work) -> bool:
    """Whether a coordinator has drills go out every month."""
    newest = select(DrillPlan.is_on).order_by(DrillPlan.id.desc()).limit(1)
    return bool(work.session.scalar(newest))


def without_drill(work: Work, month: date) -> list[Due]:
    """Everybody certified today without a drill in this month."""
    today = work.clock.today()
    has_one = select(DrillPage.person_id).where(DrillPage.month == month)
    rows = work.session.execute(
        select(Certificate.person_id, func.coalesce(RotaWish.drills_at_night, False).label("night"))
        .join(Member, Member.person_id == Certificate.person_id)
        .outerjoin(RotaWish, RotaWish.person_id == Certificate.person_id)
        .where(
            Certificate.revoked_at.is_(None),
            Certificate.starts_on <= today,
            Certificate.ends_on >= today,
            Member.status == "active",
            Member.merged_into.is_(None),
            Certificate.person_id.not_in(has_one),
        )
        .distinct()
        .order_by(Certificate.person_id)
    )
    return [Due(row.person_id, row.night) for row in rows]


def must_wait(work: Work, person_id: int) -> bool:
    """Whether somebody near her needs people now, she is asked for, or she is away."""
    hers = select(Certificate.branch_id).where(Certificate.person_id == person_id)
    here = select(Incident.id).where(
        Incident.state.in_(OPEN_INCIDENT),
        Incident.branch_id.is_(None) | Incident.branch_id.in_(hers),
    )
    asked = select(Page.id).where(Page.person_id == person_id, Page.state.in_(LIVE_PAGE))
    now = work.clock.now()
    away = select(RotaAway.id).where(
        RotaAway.person_id == person_id,
        RotaAway.ended_at.is_(None),
        RotaAway.from_at <= now,
        RotaAway.until_at > now,
    )
    return any(work.session.scalar(one.limit(1)) is not None for one in (here, asked, away))


def askings(work: Work, person_ids: Collection[int] | None = None) -> dict[int, list[Asked]]:
    """Every asking of these people (None: of all) that is over, by drill or for real.

    Who was let go before she could answer was not asked in vain, and is not counted.
    """
    found: defaultdict[int, list[Asked]] = defaultdict(list)
    rows = _drills(work, person_ids) + _pages(work, person_ids)
    ways = _ways(work, [row.message_id for row in rows if row.message_id])
    for row in rows:
        before = row.answered_at or row.asked_at + ANSWER_WITHIN
        taken = tuple(
            (provider, channel)
            for provider, channel, at in ways.get(row.message_id or 0, ())
            if at <= before
        )
        seconds = None
        if row.answered_at is not None:
            seconds = (row.answered_at - row.asked_at).total_seconds()
        found[row.person_id].append(Asked(row.asked_at, seconds, taken))
    return dict(found)


@dataclass(frozen=True, slots=True)
class _Row:
    person_id: int
    message_id: int | None
    asked_at: datetime
    answered_at: datetime | None


def _drills(work: Work, person_ids: Collection[int] | None) -> list[_Row]:
    query = select(
        DrillPage.person_id, DrillPage.message_id, DrillPage.sent_at, DrillPage.answered_at
    ).where(
        DrillPage.state.in_((DrillState.ANSWERED, DrillState.SILENT)),
        DrillPage.duress_at.is_(None),
    )
    if person_ids is not None:
        query = query.where(DrillPage.person_id.in_(person_ids))
    return [
        _Row(row.person_id, row.message_id, row.sent_at, row.answered_at)
        for row in work.session.execute(query)
        if row.sent_at is not None
    ]


def _pages(work: Work, person_ids: Collection[int] | None) -> list[_Row]:
    said = func.coalesce(Page.answered_at, Page.ended_at)
    query = select(
        Page.person_id, Page.message_id, Page.asked_at, Page.answered_at, Page.state, said
    ).where(
        Page.asked_as.in_(TEAM),
        Page.duress_at.is_(None),
        ~Page.came_herself,
        Page.answered_at.is_not(None) | Page.state.in_((PageState.SILENT, PageState.DECLINED)),
    )
    if person_ids is not None:
        query = query.where(Page.person_id.in_(person_ids))
    return [
        _Row(
            person_id,
            message_id,
            asked_at,
            ended_at if state is PageState.DECLINED else answered_at,
        )
        for person_id, message_id, asked_at, answered_at, state, ended_at in work.session.execute(
            query
        )
    ]


def _ways(work: Work, message_ids: Sequence[int]) -> Mapping[int, list[tuple[str, str, datetime]]]:
    ways: defaultdict[int, list[tuple[str, str, datetime]]] = defaultdict(list)
    rows = work.session.execute(
        select(Attempt.message_id, Attempt.provider, Attempt.channel, Attempt.ended_at)
        .where(Attempt.message_id.in_(message_ids), Attempt.state == "handed_over")
        .order_by(Attempt.id)
    )
    for message_id, provider, channel, ended_at in rows:
        if ended_at is not None:
            ways[message_id].append((provider or "", channel, ended_at))
    return ways


def drills_of(work: Work, person_id: int) -> Sequence[DrillPage]:
    """Her drills that went out, the latest first."""
    return work.session.scalars(
        select(DrillPage)
        .where(DrillPage.person_id == person_id, DrillPage.sent_at.is_not(None))
        .order_by(DrillPage.sent_at.desc())
    ).all()


def drills_lately(work: Work, people: Collection[int]) -> Sequence[DrillPage]:
    """The drills that went out to these within the hours an answer has, the newest first."""
    return work.session.scalars(
        select(DrillPage)
        .where(
            DrillPage.person_id.in_(people), DrillPage.sent_at > work.clock.now() - ANSWERS_WITHIN
        )
        .order_by(DrillPage.sent_at.desc())
    ).all()


def drill_by_ref(work: Work, ref: str) -> DrillPage:
    """A drill by its reference; NotFoundError if there is none."""
    found = work.session.scalar(select(DrillPage).where(DrillPage.ref == ref))
    if found is None:
        raise NotFoundError
    return found


def drills_in(work: Work, month: date) -> Mapping[DrillState, int]:
    """How many drills of a month stand where."""
    rows = work.session.execute(
        select(DrillPage.state, func.count(DrillPage.id))
        .where(DrillPage.month == month)
        .group_by(DrillPage.state)
    )
    return {state: int(count) for state, count in rows}


def forced_in_drills(work: Work) -> Sequence[DrillPage]:
    """Drills answered with the pair that means force, about which nobody has spoken with her."""
    return work.session.scalars(
        select(DrillPage)
        .where(DrillPage.duress_at.is_not(None), DrillPage.spoken_at.is_(None))
        .order_by(DrillPage.duress_at.desc())
    ).all()


def last_drills(work: Work) -> Mapping[int, DrillPage]:
    """The latest drill that went out, by person."""
    rows = work.session.scalars(
        select(DrillPage)
        .where(DrillPage.sent_at.is_not(None))
        .ext(distinct_on(DrillPage.person_id))
        .order_by(DrillPage.person_id, DrillPage.sent_at.desc())
    )
    return {one.person_id: one for one in rows}
