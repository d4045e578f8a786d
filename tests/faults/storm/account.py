"""What came of a storm: counted from the union's own rows and from the carrier's book."""

from __future__ import annotations

import bisect
import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from sqlalchemy import func, or_, select

from tests.faults.storm.carrier import Knocked, Mood
from union.crisis.models import Contact, Incident
from union.infra.timers import Timer
from union.infra.work import UnitOfWork, Work
from union.kernel.actor import Actor
from union.messages.models import Attempt, InboundMessage, Message

LATE = 5.0
"""Seconds after which a page is late and must have a reason."""

ALONE, AMONG = "alone", "among others"
WORDS_OF_A_PAGE = ("page", "briefing")
"""The purposes of what is told to who is asked: the asking itself, and where to go."""

OVERDUE = 30.0
"""Seconds after which a try that nobody took up counts as forgotten."""

GRACE = 10.0
"""Seconds an escalation may be late and still come; then it is missed."""

LATEST_SHOWN = 20
MANY = 100


@dataclass(frozen=True, slots=True)
class Kill:
    """Who was killed, and when (seconds since the epoch)."""

    who: str
    at: float


class Tried(NamedTuple):
    """One attempt at a page's message."""

    key: str
    state: str
    due: float

    def comes(self, now: float) -> bool:
        """Whether it is still to come, or with somebody."""
        return self.state in {"due", "leased"} and self.due > now - OVERDUE


class Wait(NamedTuple):
    """Something that was due and then was done (seconds since the epoch)."""

    due: float
    at: float

    @property
    def seconds(self) -> float:
        """How late it was."""
        return max(0.0, self.at - self.due)


class Late(NamedTuple):
    """A page that came late, and after whose death."""

    message_id: int
    seconds: float
    why: str


class Blame:
    """Lays what was late to those who were killed before it came."""

    def __init__(self, kills: Sequence[Kill]) -> None:
        self._kills = sorted(kills, key=lambda one: one.at)
        self._at = [one.at for one in self._kills]

    def of(self, wait: Wait) -> tuple[str, ...]:
        """Everybody killed since shortly before it was due, until it came."""
        first = bisect.bisect_left(self._at, wait.due - LATE)
        last = bisect.bisect_right(self._at, wait.at)
        return tuple(sorted({one.who for one in self._kills[first:last]}))


@dataclass
class Account:
    """The figures; lateness in seconds from when a page was first due to the carrier's door."""

    contacts: int = 0
    incidents: int = 0
    still_open: int = 0
    pages: int = 0
    contacts_lost: int = 0
    pages_lost: list[int] = field(default_factory=list)
    escalations_missed: list[str] = field(default_factory=list)
    lateness: list[float] = field(default_factory=list)
    late: list[Late] = field(default_factory=list)
    doubles: int = 0
    told_again: Counter[str] = field(default_factory=Counter)
    worst: dict[tuple[str, str, str], float] = field(default_factory=dict)
    """The longest wait by who was killed, alone or among others, and by what was waited for."""

    timers_late: list[float] = field(default_factory=list)
    reports_late: list[float] = field(default_factory=list)

    def lines(self, kills: Sequence[Kill]) -> list[str]:
        """The account in lines for a person."""
        killed = Counter(one.who for one in kills)
        why = Counter(one.why for one in self.late)
        latest = sorted(self.late, key=lambda one: -one.seconds)[:LATEST_SHOWN]
        again, before = self.told_again.total(), _counted(self.told_again)
        head = f"contacts {self.contacts}, incidents {self.incidents}, pages {self.pages}"
        late = f"pages later than {LATE:.0f} s: {len(self.late)}"
        return [
            f"{head}, kills {len(kills)}: {_counted(killed)}",
            f"lost: contacts {self.contacts_lost}, pages {len(self.pages_lost)}",
            f"incidents that never ended {self.still_open}",
            f"escalations missed {len(self.escalations_missed)}",
            *(f"  {one}" for one in self.escalations_missed[:LATEST_SHOWN]),
            f"handed over twice with the same key {self.doubles}",
            f"handed over again with another key {again}; the carrier before: {before}",
            f"pages at the door after they were due: {_spread(self.lateness)}",
            f"{late}; killed shortly before: {_counted(why)}",
            *(f"  page {one.message_id}: {one.seconds:.1f} s, {one.why}" for one in latest),
            f"escalations after they were due: {_spread(self.timers_late)}",
            f"reports until they were taken: {_spread(self.reports_late)}",
            "the longest waits, from when it was due, around each kind of kill:",
            *(f"  {who} ({many}): {self._worst_of(who)}" for who, many in killed.most_common()),
        ]

    def _worst_of(self, who: str) -> str:
        found = {
            how: [
                f"{what} {seconds:.1f} s"
                for (one, company, what), seconds in sorted(self.worst.items())
                if (one, company) == (who, how)
            ]
            for how in (ALONE, AMONG)
        }
        return "; ".join(f"{how} {', '.join(waits)}" for how, waits in found.items() if waits)

    def lay(self, what: str, waits: Sequence[Wait], blame: Blame) -> list[float]:
        """Remember the longest of these by who was killed; how late each of them was."""
        for wait in waits:
            killed = blame.of(wait)
            for who in killed:
                key = (who, ALONE if len(killed) == 1 else AMONG, what)
                self.worst[key] = max(self.worst.get(key, 0.0), wait.seconds)
        return [wait.seconds for wait in waits]


def account(
    unit: UnitOfWork,
    knocks: Sequence[Knocked],
    kills: Sequence[Kill],
    told: Mapping[str, Wait],
    ended_at: float,
) -> Account:
    """Draw it up, of what was due before the union was told to stop (seconds since the epoch).

    ``told`` are the reports the union said it had taken, by the carrier's id.
    """
    found, blame = Account(), Blame(kills)
    found.doubles = sum(n - 1 for n in Counter(one.key for one in knocks).values())
    with unit.reading(Actor.system("storm")) as work:
        found.incidents, found.still_open = _incidents(work)
        kept = _kept(work)
        found.escalations_missed, escalations = _escalations(work, ended_at)
        states, tries = _attempts(work)
    found.contacts = len(kept.intersection(told))
    found.contacts_lost = len(told) - found.contacts
    found.timers_late = found.lay("an escalation", escalations, blame)
    found.reports_late = found.lay("a report", list(told.values()), blame)
    first = _first_knocks(knocks)
    found.pages = len(states)
    found.pages_lost = [
        message_id
        for message_id, own in tries.items()
        if _is_lost(own, first, ended_at, ended=states[message_id] != "waiting")
    ]
    _judge(found, tries, first, blame)
    return found


def _is_lost(
    tries: Sequence[Tried], first: Mapping[str, Knocked], now: float, *, ended: bool
) -> bool:
    """Nobody will ever try it again, or it is said to be handed over and never was at the door."""
    forgotten = not ended and not any(one.comes(now) for one in tries)
    return forgotten or any(one.state == "handed_over" and one.key not in first for one in tries)


def _judge(
    found: Account,
    tries: Mapping[int, Sequence[Tried]],
    first: Mapping[str, Knocked],
    blame: Blame,
) -> None:
    waits = []
    for message_id, own in tries.items():
        knocked = sorted((first[one.key] for one in own if one.key in first), key=lambda k: k.at)
        if not knocked:
            continue
        wait = Wait(min(one.due for one in own), knocked[0].at)
        waits.append(wait)
        if wait.seconds > LATE:
            why = " and ".join(blame.of(wait)) or "nobody was killed"
            found.late.append(Late(message_id, wait.seconds, why))
        taken = [one.mood for one in knocked if one.mood is not Mood.REFUSES]
        found.told_again.update(mood.value for mood in taken[:-1])
    found.lateness = found.lay("a page", waits, blame)


def _incidents(work: Work) -> tuple[int, int]:
    rows = work.session.execute(select(Incident.state, func.count()).group_by(Incident.state))
    count: Counter[str] = Counter({state.value: many for state, many in rows})
    return count.total(), count["seeking"] + count["filled"]


def _attempts(work: Work) -> tuple[dict[int, str], dict[int, list[Tried]]]:
    """Of each message to who is asked its state and its tries, in their order, be there none.

    Without those that were withheld before anything was tried: they are told to nobody.
    """
    rows = work.session.execute(
        select(
            Message.id,
            Message.state,
            Attempt.key,
            Attempt.state,
            func.extract("epoch", Attempt.due_at),
        )
        .outerjoin(Attempt, Attempt.message_id == Message.id)
        .where(Message.purpose.in_(WORDS_OF_A_PAGE))
        .where(or_(Attempt.id.is_not(None), Message.state != "withheld"))
        .order_by(Message.id, Attempt.id)
    )
    states: dict[int, str] = {}
    tries: dict[int, list[Tried]] = {}
    for message_id, state, key, tried, due in rows:
        states[message_id] = state
        own = tries.setdefault(message_id, [])
        if key is not None:
            own.append(Tried(key, tried, float(due)))
    return states, tries


def _escalations(work: Work, ended_at: float) -> tuple[list[str], list[Wait]]:
    """Timers of ours that were due in time and not done, and of each done one when it was due."""
    rows = work.session.execute(
        select(
            Timer.kind, func.extract("epoch", Timer.due_at), func.extract("epoch", Timer.done_at)
        ).where(Timer.subject_type.in_(("incident", "contact", "page")))
    ).all()
    done = [Wait(float(due), float(at)) for _, due, at in rows if at is not None and at >= due]
    missed = [
        f"{kind}, due {ended_at - float(due):.0f} s before the end"
        for kind, due, at in rows
        if at is None and float(due) <= ended_at - GRACE
    ]
    return missed, done


def _kept(work: Work) -> set[str]:
    """The carrier's ids of texts that have become contacts."""
    return set(
        work.session.scalars(
            select(InboundMessage.provider_id).join(
                Contact, Contact.inbound_id == InboundMessage.id
            )
        )
    )


def _first_knocks(knocks: Sequence[Knocked]) -> dict[str, Knocked]:
    first: dict[str, Knocked] = {}
    for one in knocks:
        first.setdefault(one.key, one)
    return first


def _counted(counter: Counter[str]) -> str:
    return ", ".join(f"{what} {many}" for what, many in counter.most_common()) or "none"


def _spread(seconds: Sequence[float]) -> str:
    if len(seconds) < 2:
        return f"{list(seconds)}"
    cut = statistics.quantiles(seconds, n=MANY, method="inclusive")
    return f"p50 {cut[49]:.2f} s, p99 {cut[98]:.2f} s, worst {max(seconds):.1f} s"
