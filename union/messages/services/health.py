"""How well each way carries, in counts and times: nobody stands in it, and nothing is changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.messages.models import Attempt, DeliveryReceipt, InboundMessage, Message, QuietSpell
from union.messages.rules.reach import Channel
from union.messages.services.evidence import ARRIVED
from union.messages.services.watching import IN_CHANNELS

if TYPE_CHECKING:
    from union.infra.work import Work

COUNTED_OVER = timedelta(hours=24)
ENDED_SHOWN = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class WayHealth:
    """One way out: when it last took a word, when one was last answered, and a day's counts."""

    channel: str
    handed_at: datetime | None
    answered_at: datetime | None
    receipt_at: datetime | None
    handed: int
    refused: int
    unreachable: int
    providers: Sequence[tuple[str, int]] = ()

    @property
    def used(self) -> bool:
        """Whether anything was ever tried by it of late."""
        return bool(self.handed_at or self.refused or self.unreachable)


@dataclass(frozen=True, slots=True)
class InwardHealth:
    """One way in: when something last came, and how much in a day."""

    channel: str
    came_at: datetime | None
    came: int


@dataclass(frozen=True, slots=True)
class Health:
    """Every way, the spells of quiet that are on, and those that ended in these days."""

    ways: Sequence[WayHealth]
    inward: Sequence[InwardHealth]
    quiet: Sequence[QuietSpell]
    ended: Sequence[QuietSpell]


def open_spells(work: Work) -> list[QuietSpell]:
    """What is quiet at present, whole ways first."""
    return list(
        work.session.scalars(
            select(QuietSpell)
            .where(QuietSpell.back_at.is_(None))
            .order_by(QuietSpell.part, QuietSpell.since)
        )
    )


def health_of_ways(work: Work) -> Health:
    """How every way is."""
    now = work.clock.now()
    ended = work.session.scalars(
        select(QuietSpell)
        .where(QuietSpell.back_at >= now - ENDED_SHOWN)
        .order_by(QuietSpell.back_at.desc())
    ).all()
    counts, providers = _counts(work, now - COUNTED_OVER)
    return Health(
        [_way(work, channel.value, counts, providers) for channel in Channel],
        [_inward(work, channel, now - COUNTED_OVER) for channel in IN_CHANNELS],
        open_spells(work),
        ended,
    )


def _counts(
    work: Work, since: datetime
) -> tuple[Mapping[tuple[str, str], int], Mapping[str, list[tuple[str, int]]]]:
    counts: defaultdict[tuple[str, str], int] = defaultdict(int)
    providers: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    rows = work.session.execute(
        select(Attempt.channel, Attempt.state, Attempt.code, Attempt.provider, func.count())
        .where(Attempt.state.in_(("handed_over", "failed")), Attempt.ended_at >= since)
        .group_by(Attempt.channel, Attempt.state, Attempt.code, Attempt.provider)
        .order_by(Attempt.provider)
    )
    for channel, state, code, provider, count in rows:
        counts[channel, state if code is None else code] += count
        if provider is not None:
            providers[channel].append((provider, count))
    return counts, providers


def _way(
    work: Work,
    channel: str,
    counts: Mapping[tuple[str, str], int],
    providers: Mapping[str, Sequence[tuple[str, int]]],
) -> WayHealth:
    handed = Attempt.channel == channel, Attempt.state == "handed_over"
    keyed = (
        select(func.max(InboundMessage.stored_at))
        .join(Attempt, Attempt.id == InboundMessage.attempt_id)
        .where(Attempt.channel == channel)
    )
    heard = (
        select(func.max(Message.heard_at))
        .join(Attempt, Attempt.message_id == Message.id)
        .where(*handed)
    )
    receipt = (
        select(func.max(DeliveryReceipt.at))
        .join(Attempt, Attempt.id == DeliveryReceipt.attempt_id)
        .where(Attempt.channel == channel, DeliveryReceipt.word.in_(ARRIVED))
    )
    answers = [work.session.scalar(one) for one in (keyed, heard)]
    unreachable = ("gateway_unreachable", "gateway_failed", "lease_ended")
    return WayHealth(
        channel=channel,
        handed_at=work.session.scalar(select(func.max(Attempt.ended_at)).where(*handed)),
        answered_at=max((at for at in answers if at is not None), default=None),
        receipt_at=work.session.scalar(receipt),
        handed=counts.get((channel, "handed_over"), 0),
        refused=counts.get((channel, "gateway_refused"), 0),
        unreachable=sum(counts.get((channel, code), 0) for code in unreachable),
        providers=providers.get(channel, ()),
    )


def _inward(work: Work, channel: str, since: datetime) -> InwardHealth:
    ours = InboundMessage.channel.in_(IN_CHANNELS[channel]), InboundMessage.attempt_id.is_(None)
    last = select(func.max(InboundMessage.stored_at)).where(*ours)
    count = select(func.count()).where(*ours, InboundMessage.stored_at >= since)
    return InwardHealth(channel, work.session.scalar(last), work.session.scalar(count) or 0)
