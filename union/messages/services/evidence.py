"""What can be seen of each way: words handed over and what came back, by way and part of a way.

Nothing found out here is kept: which series a number is of is looked up anew each time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, func, select

from union.messages.models import Attempt, DeliveryReceipt, InboundMessage, Message
from union.messages.queries import reach_of
from union.messages.rules.quiet import FEWEST_PEOPLE, GRACE, Tried, Word
from union.messages.rules.reach import Channel

if TYPE_CHECKING:
    from union.infra.work import Work

LOOKS_BACK = timedelta(days=7)
MOST_OF_A_WAY = 300
LATELY = 5
ANSWERED_TEMPLATES = ("page", "briefing", "trial")
"""Words that ask for an answer; the rest are only read, and silence after them is no sign."""

ARRIVED = ("delivered", "answered")
NOT_THE_WAYS_FAULT = frozenset({"gateway_gone", "no_address", "key_gone"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of one way or part: words by answers, by any sign, and knocks; oldest first."""

    answered: Sequence[Word] = ()
    arrived: Sequence[Word] = ()
    tried: Sequence[Tried] = field(default=())

    def after(self, instant: datetime | None) -> Seen:
        """Only what went out after an instant."""
        if instant is None:
            return self
        return Seen(
            [one for one in self.answered if one.at > instant],
            [one for one in self.arrived if one.at > instant],
            [one for one in self.tried if one.at > instant],
        )

    @property
    def answers_lately(self) -> bool:
        """Whether any of the last few words had a sign."""
        return any(word.heard for word in self.arrived[-LATELY:])

    def tried_since(self, instant: datetime) -> list[Tried]:
        """The knocks since an instant."""
        return [one for one in self.tried if one.at >= instant]


def seen_of(work: Work, wanted: Collection[tuple[str, str]] = ()) -> Mapping[tuple[str, str], Seen]:
    """Everything seen of every way, and of the parts that are wanted or have people enough."""
    rows = [row for channel in Channel for row in _newest(work, channel.value)]
    reaches = reach_of(work, {row.person_id for row in rows if row.person_id is not None})
    answered: defaultdict[tuple[str, str], list[Word]] = defaultdict(list)
    arrived: defaultdict[tuple[str, str], list[Word]] = defaultdict(list)
    tried: defaultdict[tuple[str, str], list[Tried]] = defaultdict(list)
    for row in rows:
        reach = reaches.get(row.person_id or 0)
        part = "" if reach is None else reach.part.get(row.channel, "")
        word = _word(work, row)
        for key in _keys(row, part):
            tried[key].extend(_tried(row))
            if word is not None:
                answered[key].append(word)
                arrived[key].append(replace(word, heard=word.heard or row.receipts > 0))
    return {
        key: Seen(answered[key], arrived[key], tried[key])
        for key in tried
        if not key[1]
        or key in wanted
        or len({one.person_id for one in tried[key]}) >= FEWEST_PEOPLE
    }


def _keys(row: Row[*tuple[Any, ...]], part: str) -> Iterator[tuple[str, str]]:
    yield (row.channel, "")
    if part:
        yield (row.channel, part)


def _newest(work: Work, channel: str) -> list[Row[*tuple[Any, ...]]]:
    """The last words tried by a way, the oldest first."""
    receipts = (
        select(func.count())
        .where(DeliveryReceipt.attempt_id == Attempt.id, DeliveryReceipt.word.in_(ARRIVED))
        .scalar_subquery()
    )
    keys = select(func.count()).where(InboundMessage.attempt_id == Attempt.id).scalar_subquery()
    other = Attempt.__table__.alias("other")
    handed = (
        select(func.count())
        .where(other.c.message_id == Message.id, other.c.state == "handed_over")
        .scalar_subquery()
    )
    rows = work.session.execute(
        select(
            Attempt.channel,
            Attempt.state,
            Attempt.code,
            Attempt.due_at,
            Attempt.ended_at,
            Message.person_id,
            Message.template,
            Message.state.label("message_state"),
            Message.heard_at,
            receipts.label("receipts"),
            keys.label("keys"),
            handed.label("handed"),
        )
        .join(Message, Message.id == Attempt.message_id)
        .where(
            Attempt.channel == channel,
            Attempt.state.in_(("handed_over", "failed")),
            Attempt.ended_at >= work.clock.now() - LOOKS_BACK,
        )
        .order_by(Attempt.ended_at.desc(), Attempt.id.desc())
        .limit(MOST_OF_A_WAY)
    ).all()
    return list(reversed(rows))


def _tried(row: Row[*tuple[Any, ...]]) -> list[Tried]:
    if row.code in NOT_THE_WAYS_FAULT:
        return []
    late = max(0.0, (row.ended_at - row.due_at).total_seconds())
    return [Tried(row.person_id or 0, row.ended_at, row.code, late)]


def _word(work: Work, row: Row[*tuple[Any, ...]]) -> Word | None:
    """A word that says something by its answer or the lack of one; None for any other.

    An answer to a message that went by several ways is nobody's; one called off in time, or too
    young to have been answered, says nothing.
    """
    if row.state != "handed_over" or row.template not in ANSWERED_TEMPLATES:
        return None
    if row.person_id is None:
        return None
    if row.keys or (row.heard_at is not None and row.handed == 1):
        return Word(row.person_id, row.ended_at, heard=True)
    says_nothing = row.heard_at is not None or row.message_state == "withdrawn"
    if says_nothing or row.ended_at > work.clock.now() - GRACE:
        return None
    return Word(row.person_id, row.ended_at, heard=False)
