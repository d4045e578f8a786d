"""What the pages of keeping show: rules with their days, wishes that wait, holds, what is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from union.infra.holds import WORDS, HeldThing, LegalHold
from union.infra.people import is_present
from union.infra.retention import RetentionDay, RetentionRun, RetentionWish, days_of
from union.infra.work import Work
from union.kernel.keeping import Rule
from union.office.queries.naming import name_people
from union.office.retention.collected import KEPT
from union.office.retention.policy import is_placer, may_see_hold


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A rule, and the days that count now."""

    rule: Rule
    days: int


@dataclass(frozen=True, slots=True)
class WishLine:
    """Other days that wait for a second person."""

    ref: str
    kind: str
    days: int
    at: datetime
    mine: bool


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold as whoever may lift it sees it; ``who`` is a person's name, else ""."""

    ref: str
    what: HeldThing
    who: str
    why: str
    words: str
    until_on: date
    asked_to_lift: bool
    mine_to_lift: bool


def rules_now(work: Work) -> tuple[RuleLine, ...]:
    """Every kind of record, in the order of the page."""
    return tuple(RuleLine(one.rule, days_of(work.session, one.rule)) for one in KEPT)


def wishes(work: Work) -> tuple[WishLine, ...]:
    """What waits for a second person."""
    rows = work.session.scalars(
        select(RetentionWish).where(RetentionWish.answered_at.is_(None)).order_by(RetentionWish.id)
    )
    return tuple(
        WishLine(
            one.ref, one.kind, one.days, one.proposed_at, mine=is_present(work, one.proposed_by)
        )
        for one in rows
    )


def holds_open(work: Work) -> tuple[HoldLine, ...]:
    """The holds that stand, of what she answers for and of nothing else."""
    open_ones = select(LegalHold).where(LegalHold.ended_at.is_(None))
    rows = [
        one
        for one in work.session.scalars(open_ones.order_by(LegalHold.until_at, LegalHold.id))
        if may_see_hold(work.actor, one)
    ]
    people = {one.subject_id for one in rows if one.subject_type == HeldThing.PERSON}
    names = name_people(work, people) if people else {}
    return tuple(
        HoldLine(
            ref=one.ref,
            what=HeldThing(one.subject_type),
            who=names.get(one.subject_id, "") if one.subject_type == HeldThing.PERSON else "",
            why=one.why if _tells_all(work, one) else "",
            words=_words(work, one),
            until_on=_last_day(work, one),
            asked_to_lift=one.lift_by is not None,
            mine_to_lift=one.lift_by is None or not is_present(work, one.lift_by),
        )
        for one in rows
    )


def holds_waiting(work: Work) -> int:
    """How many holds of what she answers for another asked to end, and wait for her hand."""
    asked = select(LegalHold).where(LegalHold.ended_at.is_(None), LegalHold.lift_by.is_not(None))
    return sum(
        may_see_hold(work.actor, one) and not is_present(work, one.lift_by)
        for one in work.session.scalars(asked)
    )


def _last_day(work: Work, hold: LegalHold) -> date:
    """The last whole day on which it is held."""
    return (hold.until_at - timedelta(seconds=1)).astimezone(work.clock.zone).date()


def _words(work: Work, hold: LegalHold) -> str:
    if not _tells_all(work, hold):
        return ""
    return work.vault.decrypt(hold.key_ref, WORDS, hold.ref, hold.words)


def _tells_all(work: Work, hold: LegalHold) -> bool:
    """Why a case is held is told to nobody but whoever holds it."""
    return hold.subject_type != HeldThing.CASE or is_placer(work.actor, hold)


def last_day(work: Work) -> datetime | None:
    """When the union last saw to its records."""
    return work.session.scalar(select(func.max(RetentionDay.begun_at)))


def late_kinds(work: Work) -> Sequence[str]:
    """Kinds that a run of an earlier night has not come through."""
    newest = select(func.max(RetentionRun.day)).scalar_subquery()
    return work.session.scalars(
        select(RetentionRun.kind)
        .where(RetentionRun.done_at.is_(None), RetentionRun.day < newest)
        .distinct()
        .order_by(RetentionRun.kind)
    ).all()
