"""Where the crisis machine plays: who there is, what may be said, and what of it is true."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from hypothesis import strategies as st
from sqlalchemy import select, text

from tests.builders.crisis import (
    FORCED,
    HERS,
    NIGHT,
    Workers,
    as_person,
    make_in_charge,
    make_responder,
)
from tests.builders.members import make_branch
from tests.builders.messages import make_inbound
from union.crisis import services
from union.crisis.invariants import INVARIANTS
from union.crisis.models import Incident, Page
from union.crisis.rules.kinds import COMING, OPEN_INCIDENT, AnsweredBy, PageState, TeamRole
from union.infra.work import UnitOfWork
from union.kernel.actor import Role
from union.kernel.clock import ManualClock
from union.kernel.errors import UnionError
from union.messages.invariants import INVARIANTS as MESSAGE_INVARIANTS
from union.messages.services import store_inbound
from union.wiring import TIMERS

LAWS = {**INVARIANTS, **MESSAGE_INVARIANTS}
BROKEN = text(
    " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS ({query})" for name, query in LAWS.items())
)
YES_STATES = (PageState.ACCEPTED, *COMING)
WORD = "jasmine"
PLACES = [("Bidar", "Bidar lodge lane"), ("Bidar", "Bidar bus stand"), ("Kolar", "Kolar market")]
WAYS = [AnsweredBy.KEYPAD, AnsweredBy.SMS, AnsweredBy.LINK, AnsweredBy.APP]
AT_ONCE = (AnsweredBy.LINK, AnsweredBy.APP)
PAIRS = [HERS, HERS, HERS, FORCED, "11"]
ACTS = [services.set_out, services.arrive, services.check_in, services.drop_out]
SPANS = [timedelta(seconds=s) for s in (2, 46, 100, 160, 1500, 6000)]
NTH = st.integers(0, 40)
PHONES = [f"+9158200000{number:02d}" for number in range(10)]
OURS = [kind for kind in TIMERS if kind.startswith("crisis_")]
ASKED_ONCE_MORE = text(
    "SELECT later.id FROM page later JOIN page forced USING (incident_id, person_id)"
    " JOIN incident_event asked ON asked.page_id = later.id AND asked.code = 'asked'"
    " JOIN incident_event duress ON duress.page_id = forced.id AND duress.code = 'duress'"
    " WHERE forced.duress_at < later.asked_at AND NOT later.came_herself"
    " AND later.asked_as NOT IN ('coordinator', 'duty_officer')"
    " AND (duress.incident_id = asked.incident_id OR EXISTS (SELECT FROM incident_event joined"
    " WHERE joined.incident_id = duress.incident_id AND joined.code = 'merged_into'"
    " AND joined.at < later.asked_at))"
)
"""Somebody forced is never asked again in the same incident, nor in one it was joined to since."""


@dataclass
class Said:
    """What people have really said, by page."""

    yes: set[int] = field(default_factory=set)
    knows: set[int] = field(default_factory=set)
    forced: set[int] = field(default_factory=set)
    there: set[int] = field(default_factory=set)


@dataclass
class Union:
    """Where it happens: everybody there is, over all examples."""

    unit: UnitOfWork
    clock: ManualClock
    workers: Workers
    people: list[int] = field(default_factory=list)
    operator: int = 0

    def begin(self):
        return self.unit.begin(NIGHT)

    def set_up(self) -> None:
        with self.begin() as work:
            for place, point in (("Bidar", (17.91, 77.52)), ("Kolar", (13.14, 78.13))):
                branch = make_branch(work, place, *point)
                roles = [TeamRole.RESPONDER] * 4 + [TeamRole.PARALEGAL]
                for role in roles:
                    phone = PHONES[len(self.people)].removeprefix("+91")
                    fields = {"role": role, "point": point, "phone": phone}
                    self.people.append(make_responder(work, branch, **fields))
            self.operator = make_in_charge(work, Role.OPERATOR)
            for role in (Role.COORDINATOR, Role.DUTY_OFFICER):
                make_in_charge(work, role)


class Hands:
    """What every act of the machine needs: a commit of its own, and the nth of what there is."""

    union: Union
    since: int

    def _newest(self, kind) -> int:
        with self.union.begin() as work:
            newest = select(kind.id).order_by(kind.id.desc()).limit(1)
            return work.session.scalar(newest) or 0

    def _nth(self, work, kind, nth: int, *where):
        rows = work.session.scalars(select(kind).where(*where).order_by(kind.id)).all()
        return rows[nth % len(rows)] if rows else None

    def _page(self, work, nth: int) -> Page | None:
        return self._nth(work, Page, nth, Page.id > self.since)

    def _incident(self, work, nth: int) -> Incident | None:
        return self._nth(work, Incident, nth, Incident.state.in_(OPEN_INCIDENT))

    def _try(self, act) -> object:
        """One commit; what is refused changes nothing."""
        try:
            with as_person(self.union.unit, self.union.operator) as work:
                return act(work)
        except UnionError:
            return None

    def _comes_in(self, number: str, body: str, channel: str) -> None:
        def act(work):
            inbound = make_inbound(work.clock.now(), body=body, from_number=number, channel=channel)
            stored = store_inbound(work, inbound)
            for _ in range(2):
                services.route_inbound(work, {"inbound_id": stored.inbound_id})

        self._try(act)

    def _rung(self, work, page: Page) -> bool:
        tried = text("SELECT EXISTS (SELECT FROM attempt WHERE message_id = :id)")
        return bool(work.session.scalar(tried, {"id": page.message_id}))
