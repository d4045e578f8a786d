"""What came of a storm: counted from the union's own rows and from the carrier's book."""

from __future__ import annotations

import statistics
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import func, select

from tests.faults.storm.carrier import Knocked, Mood
from union.crisis.models import Contact, Incident, Page
from union.infra.timers import Timer
from union.infra.work import UnitOfWork, Work
from union.kernel.actor import Actor
from union.messages.models import Attempt, InboundMessage, Message

LATE = 5.0
"""Seconds after which a page is late and must have a reason."""

AFTERMATH = 12.0
"""Seconds after a kill in which what is late is laid to it."""

NOT_ENDED = ("waiting",)


@dataclass(frozen=True, slots=True)
class Kill:
    """Who was killed, and when (seconds since the epoch)."""

    who: str
    at: float


@dataclass
class Account:
    """The figures; lateness in seconds from when a page was first due to the carrier's door."""

    incidents: int = 0
    pages: int = 0
    contacts_lost: int = 0
    pages_lost: list[int] = field(default_factory=list)
    escalations_missed: int = 0
    lateness: list[float] = field(default_factory=list)
    late_why: Counter[str] = field(default_factory=Counter)
    doubles: int = 0
    told_again: int = 0
    worst: dict[str, float] = field(default_factory=dict)
    timers_late: list[float] = field(default_factory=list)

    def lines(self, kills: Sequence[Kill]) -> list[str]:
        """The account in lines for a person."""
        killed = Counter(one.who for one in kills)
        return [
            f"incidents {self.incidents}, pages {self.pages}, kills {len(kills)}",
            f"lost: contacts {self.contacts_lost}, pages {len(self.pages_lost)}",
            f"escalations missed {self.escalations_missed}",
            f"the same key at the door twice {self.doubles}",
            f"told again under another key {self.told_again}",
            f"pages at the door after they were due: {_spread(self.lateness)}",
            f"later than {LATE:.0f} s: {sum(self.late_why.values())} {dict(self.late_why)}",
            f"escalations after they were due: {_spread(self.timers_late)}",
            *(
                f"  {who:14} killed {killed[who]:3}, the longest wait after it {worst:5.1f} s"
                for who, worst in sorted(self.worst.items())
            ),
        ]


def account(
    unit: UnitOfWork, knocks: Sequence[Knocked], kills: Sequence[Kill], told: Collection[str]
) -> Account:
    """Draw it up; ``told`` are the carrier's ids of reports the union said it had taken."""
    found = Account()
    first = _first_knocks(knocks)
    found.doubles = sum(n - 1 for n in Counter(one.key for one in knocks).values())
    with unit.reading(Actor.system("storm")) as work:
        found.incidents = work.session.scalars(select(func.count(Incident.id))).one()
        found.contacts_lost = len(set(told) - _kept(work))
        found.escalations_missed, found.timers_late = _escalations(work)
        attempts = _attempts(work)
    found.pages = len(attempts)
    found.worst = {one.who: 0.0 for one in kills}
    for message_id, (state, tries) in attempts.items():
        _judge(found, message_id, state, tries, first, kills)
    return found


def _judge(
    found: Account,
    message_id: int,
    state: str,
    tries: Sequence[Attempt],
    first: Mapping[str, Knocked],
    kills: Sequence[Kill],
) -> None:
    knocked = [first[one.key] for one in tries if one.key in first]
    said_handed_over = [one for one in tries if one.state == "handed_over"]
    if state in NOT_ENDED or any(one.key not in first for one in said_handed_over):
        found.pages_lost.append(message_id)
    if not knocked:
        return
    due = min(one.due_at for one in tries).timestamp()
    at = min(one.at for one in knocked)
    late = max(0.0, at - due)
    found.lateness.append(late)
    found.told_again += sum(one.mood is not Mood.REFUSES for one in knocked) - 1
    before = [kill for kill in kills if due - AFTERMATH <= kill.at <= at]
    for kill in before:
        if kill.at >= due - LATE:
            found.worst[kill.who] = max(found.worst[kill.who], late)
    if late > LATE:
        why = max(before, key=lambda kill: kill.at).who if before else "many at once"
        found.late_why[why] += 1


def _attempts(work: Work) -> dict[int, tuple[str, list[Attempt]]]:
    """Of each page's message its state and its tries, in their order."""
    rows = work.session.execute(
        select(Attempt, Message.state)
        .join(Message, Message.id == Attempt.message_id)
        .join(Page, Page.message_id == Message.id)
        .order_by(Attempt.id)
    )
    tries: defaultdict[int, list[Attempt]] = defaultdict(list)
    states: dict[int, str] = {}
    for attempt, state in rows:
        tries[attempt.message_id].append(attempt)
        states[attempt.message_id] = state
    work.session.expunge_all()
    return {message_id: (states[message_id], own) for message_id, own in tries.items()}


def _escalations(work: Work) -> tuple[int, list[float]]:
    """Timers of incidents that are due and not done, and how late each done one was."""
    rows = work.session.execute(
        select(Timer.due_at, Timer.done_at).where(
            Timer.subject_type.in_(("incident", "contact", "page")),
            Timer.due_at <= work.clock.now(),
        )
    ).all()
    late = [
        (row.done_at - row.due_at).total_seconds()
        for row in rows
        if row.done_at is not None and row.done_at >= row.due_at
    ]
    return sum(row.done_at is None for row in rows), late


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


def _spread(seconds: Sequence[float]) -> str:
    if len(seconds) < 2:
        return f"{list(seconds)}"
    cut = statistics.quantiles(seconds, n=100, method="inclusive")
    return f"p50 {cut[49]:.2f} s, p99 {cut[98]:.2f} s, worst {max(seconds):.1f} s"
