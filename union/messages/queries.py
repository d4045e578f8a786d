"""Reads about reaching people, and of what was told them; it writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Row, any_, bindparam, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY

from union.infra.keystore import KeyGoneError
from union.infra.work import Work
from union.members.models import ContactPoint, Member, MemberLanguage, ReachRule
from union.members.queries.reach import NUMBER
from union.messages.models import Attempt, InboundMessage, Message
from union.messages.rules.reach import ALSO_CALLED, DUES_TOPIC, Channel, Reach

RegisterRow = Row[*tuple[Any, ...]]

_asked, _kept, _entry = (Member.__table__.alias(name) for name in ("asked", "kept", "entry"))
_point, _rule = ContactPoint.__table__, ReachRule.__table__
_spoken = MemberLanguage.__table__

# Built once, of bare columns: it stands between every page and its door.
_REGISTER = (
    select(
        _asked.c.person_id.label("asked_for"),
        _kept.c.status,
        _entry.c.key_ref,
        _point.c.ref,
        _point.c.number,
        _rule.c.asked.label("rule_asked"),
        _rule.c.channels.label("rule_channels"),
        _rule.c.not_before,
        _rule.c.not_after,
        func.array(
            select(_spoken.c.language)
            .where(_spoken.c.person_id == _kept.c.person_id)
            .order_by(_spoken.c.rank, _spoken.c.id)
            .scalar_subquery()
        ).label("languages"),
    )
    .join(_kept, _kept.c.person_id == func.coalesce(_asked.c.merged_into, _asked.c.person_id))
    .join(
        _entry,
        or_(_entry.c.person_id == _kept.c.person_id, _entry.c.merged_into == _kept.c.person_id),
    )
    .outerjoin(_rule, _rule.c.person_id == _kept.c.person_id)
    .outerjoin(_point, (_point.c.person_id == _entry.c.person_id) & _point.c.ended_at.is_(None))
    .where(_asked.c.person_id == any_(bindparam("person_ids", type_=ARRAY(BigInteger))))
    .order_by(_entry.c.person_id != _asked.c.person_id, _point.c.rank, _point.c.id)
)

NOBODY = Reach(here=False)
_WISHED_WAYS = {"sms": Channel.SMS, **ALSO_CALLED}


@dataclass(frozen=True, slots=True)
class Told:
    """What became of a message: its state, a code, and when a gateway last took it."""

    message_id: int
    state: str
    code: str | None
    channel: str | None
    handed_at: datetime | None


def reach_of(
    work: Work, person_ids: Collection[int], keys: Collection[UUID] = ()
) -> Mapping[int, Reach]:
    """How each person may be reached, in one query for any number of people.

    Numbers of entries merged into hers count as hers. Who is not in the register, has left or
    died, or whose key is gone has `here` False or no address. `keys` are opened along.
    """
    rows = _register_rows(work, person_ids) if person_ids else ()
    work.vault.preload({*keys, *(row.key_ref for row in rows if row.number is not None)})
    by_person: defaultdict[int, list[RegisterRow]] = defaultdict(list)
    for row in rows:
        by_person[row.asked_for].append(row)
    found = {person_id: _reach(work, own) for person_id, own in by_person.items()}
    return {person_id: found.get(person_id, NOBODY) for person_id in person_ids}


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


def due_channels(work: Work, overdue_by: timedelta = timedelta(0)) -> Sequence[str]:
    """The ways with an attempt due for at least so long; one index scan."""
    return work.session.scalars(
        select(Attempt.channel)
        .where(Attempt.state == "due", Attempt.due_at <= work.clock.now() - overdue_by)
        .distinct()
    ).all()


def next_attempt_at(work: Work) -> datetime | None:
    """When the next attempt is due or lease ends, for drivers with a clock of their own."""
    due = work.session.scalar(select(func.min(Attempt.due_at)).where(Attempt.state == "due"))
    ends = work.session.scalar(
        select(func.min(Attempt.lease_until)).where(Attempt.state == "leased")
    )
    return min((at for at in (due, ends) if at is not None), default=None)


def _register_rows(work: Work, person_ids: Collection[int]) -> Sequence[RegisterRow]:
    return work.session.execute(_REGISTER, {"person_ids": list(person_ids)}).all()


def _reach(work: Work, rows: Sequence[RegisterRow]) -> Reach:
    first = rows[0]
    if first.status != "active":
        return NOBODY
    number = _first_number(work, rows)
    ways = (Channel.SMS, Channel.VOICE, Channel.PUSH)
    wished = {_WISHED_WAYS[way] for way in first.rule_channels or () if way in _WISHED_WAYS}
    begins: time | None = first.not_before
    ends: time | None = first.not_after
    return Reach(
        addresses={} if number is None else {way.value: number for way in ways},
        topics=frozenset({DUES_TOPIC}) if first.rule_asked and wished else frozenset(),
        wished=frozenset(way.value for way in wished),
        languages=tuple(first.languages),
        hours_from=begins,
        hours_until=ends,
    )


def _first_number(work: Work, rows: Sequence[RegisterRow]) -> str | None:
    for row in rows:
        if row.number is None:
            continue
        try:
            return work.vault.decrypt(row.key_ref, NUMBER, row.ref, row.number)
        except KeyGoneError:
            continue
    return None
