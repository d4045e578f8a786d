"""What was told, and what came in; it writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from union.infra.work import Work
from union.messages.models import Attempt, InboundMessage, Message
from union.messages.rules.attempts import Lane


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a message: its state, a code, and when a gateway last took it."""

    message_id: int
    state: str
    code: str | None
    channel: str | None
    handed_at: datetime | None


def message_of_key(work: Work, key: str) -> tuple[Attempt, Message] | None:
    """The attempt sent under an idempotency key, with its message."""
    row = work.session.execute(
        select(Attempt, Message)
        .join(Message, Message.id == Attempt.message_id)
        .where(Attempt.key == key)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def told(work: Work, message_ids: Collection[int]) -> Mapping[int, Told]:
    """What became of each message, in one query."""
    latest = (
        select(Attempt.message_id, func.max(Attempt.number).label("number"))
        .where(Attempt.message_id.in_(message_ids))
        .group_by(Attempt.message_id)
        .subquery()
    )
    rows = work.session.execute(
        select(Message.id, Message.state, Message.code, Attempt.channel, Attempt.ended_at)
        .outerjoin(latest, latest.c.message_id == Message.id)
        .outerjoin(
            Attempt,
            (Attempt.message_id == Message.id) & (Attempt.number == latest.c.number),
        )
        .where(Message.id.in_(message_ids))
    )
    return {row.id: Told(row.id, row.state, row.code, row.channel, row.ended_at) for row in rows}


def from_same_number(work: Work, e164: str, since: datetime) -> Sequence[int]:
    """Ids of what came in from a number since an instant; the blind index may err, rarely."""
    return work.session.scalars(
        select(InboundMessage.id)
        .where(
            InboundMessage.from_index == work.vault.blind_index("phone", e164),
            InboundMessage.at >= since,
        )
        .order_by(InboundMessage.id)
    ).all()


def due_lanes(work: Work, overdue_by: timedelta = timedelta(0)) -> Sequence[Lane]:
    """The ways, each with its provider, that have an attempt due for at least so long."""
    rows = work.session.execute(
        select(Attempt.channel, Attempt.via)
        .where(Attempt.state == "due", Attempt.due_at <= work.clock.now() - overdue_by)
        .distinct()
    )
    return [(row.channel, row.via) for row in rows]


def next_attempt_at(work: Work) -> datetime | None:
    """When the next attempt is due or lease ends, for drivers with a clock of their own."""
    due = work.session.scalar(select(func.min(Attempt.due_at)).where(Attempt.state == "due"))
    ends = work.session.scalar(
        select(func.min(Attempt.lease_until)).where(Attempt.state == "leased")
    )
    return min((at for at in (due, ends) if at is not None), default=None)
