"""Noticing that a way went quiet, and that it is back: looked at by a timer, told as a fact.

Invariant: one open spell for each way and part of it; each spell is told once when it begins
(`way_quiet`) and once when it ends (`way_back`). It reads no words and keeps no number.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.infra.outbox import record_fact
from union.infra.timers import Timer, TimerHandler, finish_timers, set_timer, take_timer
from union.messages.models import InboundMessage, QuietSpell
from union.messages.rules.quiet import (
    SIGNS_OF_RETURN,
    Finding,
    Tried,
    Why,
    failing,
    is_back,
    nothing_in,
    unanswered,
)
from union.messages.services.evidence import Seen, seen_of

if TYPE_CHECKING:
    from union.infra.work import Work

WATCH_WAYS = "ways_watch"
WAYS = ("ways", 0)
EVERY = timedelta(minutes=1)
WATCH_LOCK = 7_301_930

FRESH = timedelta(minutes=15)
"""How old a knock may be to say something of how a gateway is now."""

IN_CHANNELS: Mapping[str, Sequence[str]] = {"in_sms": ("sms",), "in_call": ("missed_call", "call")}
IN_HOURS = (1, 3, 6, 12, 24)
IN_DAYS = 7
BY_RECEIPTS = "by_receipts"
"""Among a spell's facts: whether receipts count for its end, as they did for its beginning."""

BETWEEN = timedelta(minutes=15)
"""After a way came back nothing is said of it for so long."""


def watch_soon(work: Work) -> None:
    """Have the ways looked at from now on; asking twice is asking once."""
    waiting = select(Timer.id).where(Timer.kind == WATCH_WAYS, Timer.done_at.is_(None)).limit(1)
    if work.session.scalar(waiting) is None:
        _again(work, work.clock.now())


def watch_ways(work: Work, timer: Timer) -> None:
    """One look at every way; the next is a minute later, however many asked for it."""
    work.session.execute(select(func.pg_advisory_xact_lock(WATCH_LOCK)))
    if not take_timer(work, timer):
        return
    finish_timers(work, *WAYS, WATCH_WAYS)
    look_at_ways(work)
    _again(work, work.clock.now() + EVERY)


def look_at_ways(work: Work) -> None:
    """Begin and end spells by what went out and came in; whoever calls holds the watch's lock."""
    spells = _Spells(work)
    seen = seen_of(work, spells.open.keys())
    found = {
        key: finding
        for key, one in seen.items()
        if (finding := spells.judge(*key, one)) is not None
    }
    for channel in {channel for channel, _ in found}:
        for part in _parts_to_tell(channel, found, seen):
            spells.begin(channel, part, found[channel, part])
    for channel in IN_CHANNELS:
        spells.judge_inward(channel)


def _parts_to_tell(
    channel: str,
    found: Mapping[tuple[str, str], Finding],
    seen: Mapping[tuple[str, str], Seen],
) -> list[str]:
    """The whole way, or its parts where some are silent while others are well."""
    silent = [part for way, part in found if way == channel and part]
    well = [
        part
        for (way, part), one in seen.items()
        if way == channel and part and part not in silent and one.answers_lately
    ]
    whole = found.get((channel, ""))
    of_the_gateway = whole is not None and whole.why is not Why.UNANSWERED
    if whole is not None and (of_the_gateway or not silent or not well):
        return [""]
    return silent


class _Spells:
    """The open spells, and the ends of the last ones, while they are judged."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.open: dict[tuple[str, str], QuietSpell] = {}
        self.ended: dict[tuple[str, str], datetime] = {}
        ended = work.clock.now() - timedelta(days=IN_DAYS)
        rows = work.session.scalars(
            select(QuietSpell)
            .where(QuietSpell.back_at.is_(None) | (QuietSpell.back_at >= ended))
            .order_by(QuietSpell.id)
        )
        for row in rows:
            if row.back_at is None:
                self.open[row.channel, row.part] = row
            else:
                self.ended[row.channel, row.part] = row.back_at

    def judge(self, channel: str, part: str, seen: Seen) -> Finding | None:
        """A way out, or a part of one: end its spell if it is back, else what speaks for one."""
        spell = self.open.get((channel, part))
        if spell is not None:
            since = seen.after(spell.noticed_at)
            signs = since.arrived if spell.facts.get(BY_RECEIPTS) else since.answered
            if is_back(Why(spell.why), signs, since.tried):
                self._end(spell)
            return None
        if not self._may_begin(channel, part):
            return None
        after = seen.after(self.ended.get((channel, part)))
        fresh = after.tried_since(self.work.clock.now() - FRESH)
        return _finding(after, fresh)

    def judge_inward(self, channel: str) -> None:
        """What comes in by text, or by ringing."""
        spell = self.open.get((channel, ""))
        count = _counter(self.work, IN_CHANNELS[channel])
        now = self.work.clock.now()
        if spell is not None:
            if count(spell.noticed_at, now) >= SIGNS_OF_RETURN:
                self._end(spell)
        elif self._may_begin(channel, ""):
            finding = _inward(count, now)
            if finding is not None:
                self.begin(channel, "", finding)

    def _may_begin(self, channel: str, part: str) -> bool:
        ended = self.ended.get((channel, part))
        whole_is_quiet = bool(part) and (channel, "") in self.open
        return not whole_is_quiet and (ended is None or ended + BETWEEN <= self.work.clock.now())

    def begin(self, channel: str, part: str, finding: Finding) -> None:
        """A spell of quiet begins, and is told."""
        now = self.work.clock.now()
        spell = QuietSpell(
            channel=channel,
            part=part,
            why=finding.why.value,
            facts=dict(finding.facts),
            since=min(finding.since, now),
            noticed_at=now,
        )
        self.work.session.add(spell)
        self.work.session.flush()
        self.open[channel, part] = spell
        record_fact(self.work, "way_quiet", spell_id=spell.id)

    def _end(self, spell: QuietSpell) -> None:
        spell.back_at = self.work.clock.now()
        self.work.session.flush()
        del self.open[spell.channel, spell.part]
        record_fact(self.work, "way_back", spell_id=spell.id)


def _finding(seen: Seen, fresh: Sequence[Tried]) -> Finding | None:
    """The gateway's own word first; then what arrived; then answers, for receipts may lie.

    What was found by answers ends by answers: a receipt would end it at once, and not truly.
    """
    failed = failing(fresh)
    if failed is not None:
        return failed
    lost = unanswered(seen.arrived)
    if lost is not None:
        return replace(lost, facts={**lost.facts, BY_RECEIPTS: 1})
    return unanswered(seen.answered)


def _inward(count: Callable[[datetime, datetime], int], now: datetime) -> Finding | None:
    """The shortest stretch of hours that says something, against the same on the days before."""
    for hours in IN_HOURS:
        begins = now - timedelta(hours=hours)
        before = [
            count(begins - timedelta(days=back), now - timedelta(days=back))
            for back in range(1, IN_DAYS + 1)
        ]
        found = nothing_in(count(begins, now), before, begins)
        if found is not None:
            return found
    return None


def _counter(work: Work, channels: Sequence[str]) -> Callable[[datetime, datetime], int]:
    """How many came in between two instants."""
    earliest = work.clock.now() - timedelta(days=IN_DAYS + 1)
    at = work.session.scalars(
        select(InboundMessage.stored_at).where(
            InboundMessage.channel.in_(channels),
            InboundMessage.stored_at >= earliest,
            InboundMessage.attempt_id.is_(None),
        )
    ).all()

    def count(begins: datetime, ends: datetime) -> int:
        return sum(begins <= one < ends for one in at)

    return count


def _again(work: Work, due_at: datetime) -> None:
    subject_type, subject_id = WAYS
    set_timer(
        work, kind=WATCH_WAYS, subject_type=subject_type, subject_id=subject_id, due_at=due_at
    )


TIMERS: Mapping[str, TimerHandler] = {WATCH_WAYS: watch_ways}
"""Who acts when a timer of messages is due."""
