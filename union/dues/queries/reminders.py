"""Who would be reminded of what, by which way and when: the preview, asked anew when it is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import func, select, text

from union.dues.models import DuesRun, Reminder, ReminderRound
from union.dues.queries.known import KNOWN
from union.dues.queries.rules import rule_on
from union.dues.queries.standing import StandingView, standings
from union.dues.rules.reminders import Behind, Why, left_in_peace, level
from union.infra.work import Work
from union.kernel.periods import Month
from union.members.models import ImportBatch
from union.messages.models import Message
from union.messages.queries import reach_of
from union.messages.rules.reach import Purpose, Reach, Verdict, decide

WAYS = ("sms", "push", "voice")
"""Ways a reminder may go, the quietest first; of these she chose her own."""


@dataclass(frozen=True, slots=True)
class Reminding:
    """One member behind: the reminder that is hers, by which way and when, or why none."""

    person_id: int
    level: int
    months: int
    way: str | None
    at: datetime | None
    why_not: Why | None


@dataclass(frozen=True, slots=True)
class RoundView:
    """One sending: how many were reminded and in which state their words are."""

    round: ReminderRound
    states: Mapping[str, int]


def remindings(work: Work) -> list[Reminding]:
    """Everybody far enough behind for a reminder today, those left in peace with the reason."""
    today = work.clock.today()
    rule = rule_on(work.session, today)
    far = [
        one
        for one in standings(work, today).values()
        if one.months_behind is not None and one.months_behind >= min(rule.remind_months)
    ]
    before = _before(work, far)
    this_month = _this_month(work)
    found = []
    reaches = reach_of(work, [one.person_id for one in far])
    for one in sorted(far, key=lambda view: (-(view.months_behind or 0), view.person_id)):
        behind = Behind(
            months=one.months_behind,
            last_level=before.get(one.person_id, 0),
            this_month=one.person_id in this_month,
            with_us=one.with_us,
            suspended=one.facts.suspended,
            let_off=one.facts.let_off,
            paid_something=one.facts.paid_something,
        )
        hers = level(behind, rule.remind_months)
        found.append(_judge(work, one, behind, hers, reaches[one.person_id]))
    return found


def _judge(work: Work, one: StandingView, behind: Behind, hers: int, reach: Reach) -> Reminding:
    now = work.clock.now()
    way, at, why = None, None, left_in_peace(behind)
    if why is None:
        ways = reach.ways_for(Purpose.REMINDER, WAYS)
        said = decide(Purpose.REMINDER, reach, now.astimezone(work.clock.zone))
        if said.verdict is Verdict.WITHHOLD:
            why = Why(said.code or Why.NO_CONSENT)
        elif not ways:
            why = Why.NO_WAY
        else:
            way, at = ways[0], said.until or now
    return Reminding(one.person_id, hers, one.months_behind or 0, way, at, why)


def seen_as(found: Collection[Reminding]) -> str:
    """A short mark of who would get what: what is sent is what was looked at, or nothing."""
    lines = sorted(f"{one.person_id}:{one.level}" for one in found if one.why_not is None)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def register_came_in_today(work: Work) -> bool:
    """Whether a register was taken over today: nobody is reminded on that day."""
    begins = datetime.combine(work.clock.today(), time(0), work.clock.zone)
    files = select(ImportBatch.id).where(
        ImportBatch.imported_at >= begins, ImportBatch.rolled_back_at.is_(None)
    )
    opened = select(DuesRun.id).where(DuesRun.kind == "opening", DuesRun.started_at >= begins)
    return any(work.session.scalar(one.limit(1)) is not None for one in (files, opened))


def reminder_rounds(work: Work, limit: int = 12) -> list[RoundView]:
    """The latest sendings, with what became of their words."""
    rounds = work.session.scalars(
        select(ReminderRound).order_by(ReminderRound.id.desc()).limit(limit)
    ).all()
    rows = work.session.execute(
        select(Reminder.round_id, Message.state, func.count())
        .join(Message, Message.id == Reminder.message_id)
        .where(Reminder.round_id.in_([one.id for one in rounds]))
        .group_by(Reminder.round_id, Message.state)
    ).all()
    return [
        RoundView(one, {state: count for number, state, count in rows if number == one.id})
        for one in rounds
    ]


def waiting_messages(
    work: Work, *, round_id: int | None = None, person_ids: Collection[int] | None = None
) -> Sequence[tuple[int, int]]:
    """Reminders not yet handed to a gateway, as (message, person), of a round or of people."""
    query = (
        select(Reminder.message_id, Reminder.person_id)
        .join(Message, Message.id == Reminder.message_id)
        .where(Message.state == "waiting")
        .order_by(Reminder.message_id)
    )
    if round_id is not None:
        query = query.where(Reminder.round_id == round_id)
    if person_ids is not None:
        query = query.where(Reminder.person_id.in_(person_ids))
    return [(message_id, person_id) for message_id, person_id in work.session.execute(query)]


def known_payers(work: Work) -> set[int]:
    """Whose money is known of and not booked."""
    return set(work.session.scalars(text(KNOWN)))


def _this_month(work: Work) -> set[int]:
    month = Month.of(work.clock.today()).first_day
    return set(work.session.scalars(select(Reminder.person_id).where(Reminder.month == month)))


def _before(work: Work, far: Collection[StandingView]) -> dict[int, int]:
    """The latest level of each since her arrears began: fewer months behind begin anew."""
    rows = work.session.execute(
        select(Reminder.person_id, Reminder.level, Reminder.months_behind)
        .where(Reminder.person_id.in_([one.person_id for one in far]))
        .order_by(Reminder.id)
    )
    behind = {one.person_id: one.months_behind or 0 for one in far}
    return {person: reached for person, reached, months in rows if months <= behind[person]}
