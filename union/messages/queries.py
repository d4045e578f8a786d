"""Reads about reaching people, and of what was told them; it writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Row, func, or_, select
from sqlalchemy.orm import aliased

from union.infra.keystore import KeyGoneError
from union.infra.work import Work
from union.members.models import ContactPoint, Member, MemberLanguage, ReachRule
from union.members.queries.reach import NUMBER
from union.messages.models import Attempt, InboundMessage, Message
from union.messages.rules.reach import ALSO_CALLED, DUES_TOPIC, Channel, Reach

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


def reach_of(work: Work, person_ids: Collection[int]) -> Mapping[int, Reach]:
    """How each person may be reached, in two queries for any number of people.

    Numbers of entries merged into hers count as hers. Who is not in the register, has left or
    died, or whose key is gone has `here` False and no address.
    """
    wanted = set(person_ids)
    if not wanted:
        return {}
    rows = _register_rows(work, wanted)
    work.vault.preload({row.key_ref for row in rows if row.number is not None})
    by_person: defaultdict[int, list[Row[*tuple[Any, ...]]]] = defaultdict(list)
    for row in rows:
        by_person[row.asked_for].append(row)
    spoken = _languages(work, wanted)
    found = {
        person_id: replace(_reach(work, by_person[person_id]), languages=spoken.get(person_id, ()))
        for person_id in by_person
    }
    return {person_id: found.get(person_id, NOBODY) for person_id in wanted}


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


def _register_rows(work: Work, person_ids: Collection[int]) -> Sequence[Row[*tuple[Any, ...]]]:
    asked, kept, entry = aliased(Member), aliased(Member), aliased(Member)
    return work.session.execute(
        select(
            asked.person_id.label("asked_for"),
            kept.status.label("status"),
            entry.key_ref.label("key_ref"),
            ContactPoint.ref.label("ref"),
            ContactPoint.number.label("number"),
            ReachRule.asked.label("rule_asked"),
            ReachRule.channels.label("rule_channels"),
            ReachRule.not_before.label("not_before"),
            ReachRule.not_after.label("not_after"),
        )
        .join(kept, kept.person_id == func.coalesce(asked.merged_into, asked.person_id))
        .join(entry, or_(entry.person_id == kept.person_id, entry.merged_into == kept.person_id))
        .outerjoin(ReachRule, ReachRule.person_id == kept.person_id)
        .outerjoin(
            ContactPoint,
            (ContactPoint.person_id == entry.person_id) & ContactPoint.ended_at.is_(None),
        )
        .where(asked.person_id.in_(person_ids))
        .order_by(entry.person_id != asked.person_id, ContactPoint.rank, ContactPoint.id)
    ).all()


def _reach(work: Work, rows: Sequence[Row[*tuple[Any, ...]]]) -> Reach:
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
        hours_from=begins,
        hours_until=ends,
    )


def _first_number(work: Work, rows: Sequence[Row[*tuple[Any, ...]]]) -> str | None:
    for row in rows:
        if row.number is None:
            continue
        try:
            return work.vault.decrypt(row.key_ref, NUMBER, row.ref, row.number)
        except KeyGoneError:
            continue
    return None


def _languages(work: Work, person_ids: Collection[int]) -> Mapping[int, tuple[str, ...]]:
    found: defaultdict[int, list[str]] = defaultdict(list)
    rows = work.session.execute(
        select(MemberLanguage.person_id, MemberLanguage.language)
        .where(MemberLanguage.person_id.in_(person_ids))
        .order_by(MemberLanguage.rank, MemberLanguage.id)
    )
    for row in rows:
        found[row.person_id].append(row.language)
    return {person_id: tuple(codes) for person_id, codes in found.items()}
