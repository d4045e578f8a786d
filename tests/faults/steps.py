"""A night in which one thing hangs at each step of a page's way, each held there by a lock.

The steps: a report is committed and nobody nudged; an attempt is claimed and not knocked with;
knocked with and not recorded; an answer is stored and not routed; somebody said yes and is not
briefed; a timer is claimed and not done.
"""

from __future__ import annotations

import os
import re
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta

import requests
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import DBAPIError

from tests.builders.crisis import HERS, make_in_charge, make_responder, report
from tests.builders.members import make_branch
from tests.builders.messages import make_inbound
from tests.faults.processes import TEST, Stage, wait_for
from union.crisis import services
from union.crisis.models import Contact, IncidentEvent, Page
from union.crisis.rules.kinds import AnsweredBy, PageState
from union.gateways.simulator import Phones, set_weather
from union.infra.embedded.valkey import Keeper
from union.infra.outbox import OutboxDelivery
from union.infra.timers import Timer
from union.kernel.actor import Role
from union.messages.services import store_inbound

CREW = ("ticker", "fallback", "facts", "timers", "send-sms", "send-voice", "web")
CALLER, HER = "+915860000001", "5860000002"
DISTRICTS = (("Bidar", 17.91, 77.52), ("Kolar", 13.14, 78.13), ("Udupi", 13.34, 74.74))
PATIENCE = 180.0
STALL = 4.0
SOON = timedelta(seconds=2)


@dataclass
class Night:
    """What hangs where. ``stage`` has all of ``CREW`` running."""

    stage: Stage
    keeper: Keeper
    port: int
    claimed: list[int] = field(default_factory=list)
    knocked: list[int] = field(default_factory=list)
    incidents: list[int] = field(default_factory=list)
    answering: int = 0

    @property
    def unit(self):
        return self.stage.house.unit

    def set_up(self) -> None:
        """Three incidents, each in a district of its own; one has somebody who said yes."""
        with self.unit.begin(TEST) as work:
            for role in (Role.COORDINATOR, Role.DUTY_OFFICER):
                make_in_charge(work, role)
            for place in DISTRICTS:
                branch = make_branch(work, *place)
                for _ in range(2):
                    make_responder(work, branch, point=place[1:])
            her = make_responder(work, make_branch(work, *DISTRICTS[0]), phone=HER)
            self.incidents = [
                report(work, place=f"{name} market", district=name).incident_id
                for name, *_ in DISTRICTS
            ]
            self.answering = work.session.scalars(
                select(Page.id).where(Page.person_id == her)
            ).one()
            services.answer_page(work, self._first(work, 1).id, HERS, AnsweredBy.SMS)
        self.settled()

    def _first(self, work, nth: int) -> Page:
        of_it = Page.incident_id == self.incidents[nth]
        return work.session.scalars(select(Page).where(of_it).order_by(Page.id)).first()

    def settled(self) -> None:
        """Wait until nothing is left to tell."""
        wait_for(lambda: not self._count("message WHERE state = 'waiting'"), PATIENCE)

    def _count(self, what: str) -> int:
        with self.unit.reading(TEST) as work:
            return work.session.scalar(text(f"SELECT count(*) FROM {what}"))

    @contextmanager
    def hanging(self) -> Iterator[None]:
        """Everything hangs at its step while this holds."""
        house, outside = self.stage.house, self.stage.outside
        set_weather(outside, "voice", "slow", STALL)
        knocks = len(self.stage.knocks())
        self.knocked = self.stage.page(2, channels=("voice", "sms"))
        wait_for(lambda: len(self.stage.knocks()) == knocks + 2, PATIENCE)
        self._timers_are_due_soon()
        with outside.connect() as doors, house.engine.connect() as rows:
            doors.execute(text("LOCK TABLE knock IN ACCESS EXCLUSIVE MODE"))
            rows.execute(text("SELECT id FROM incident ORDER BY id FOR UPDATE"))
            self.claimed = self.stage.page(2, channels=("sms", "voice"))
            self._answers_by_text()
            wait_for(self._all_hang, PATIENCE)
            stopped = int(self.keeper._process.pid)
            os.kill(stopped, signal.SIGSTOP)
            threading.Thread(target=self._reports, daemon=True).start()
            wait_for(self._is_reported, PATIENCE)
            try:
                yield
            finally:
                with suppress(ProcessLookupError):
                    os.kill(stopped, signal.SIGCONT)
                for held in (doors, rows):
                    let_go(held)
        with suppress(DBAPIError):
            set_weather(outside, "voice", "well")

    def _answers_by_text(self) -> None:
        with self.unit.begin(TEST) as work:
            code = work.session.get_one(Page, self.answering).code
            words = {"body": f"{code} {HERS}", "from_number": f"+91{HER}"}
            store_inbound(work, make_inbound(work.clock.now(), **words))

    def _timers_are_due_soon(self) -> None:
        """Before anything is locked: whoever moves a timer of an incident locks the incident.

        At one instant, so that both are claimed before the first of them hangs.
        """
        ours = Timer.subject_id == self.incidents[2]
        with self.unit.begin(TEST) as work:
            both_at = work.clock.now() + SOON
            for which in (Timer.kind == "crisis_brief", (Timer.kind == "crisis_step") & ours):
                soon = update(Timer).where(which, Timer.done_at.is_(None))
                work.session.execute(soon.values(due_at=both_at))

    def _all_hang(self) -> bool:
        return not self.not_hanging()

    def not_hanging(self) -> set[str]:
        """What is held at its step nowhere yet."""
        with self.unit.reading(TEST) as work:
            timers = select(Timer.kind).where(
                Timer.lease_until.is_not(None), Timer.done_at.is_(None)
            )
            held = {*work.session.scalars(timers)}
            routing = select(OutboxDelivery.id).where(
                OutboxDelivery.done_at.is_(None), OutboxDelivery.lease_until.is_not(None)
            )
            held |= {"answer"} if work.session.scalars(routing).first() else set()
        tried = self.stage.attempts(self.claimed)
        leased = {one.message_id for one in tried if one.state == "leased"}
        held |= {"claim"} if leased == {*self.claimed} else set()

        return {"crisis_brief", "crisis_step", "answer", "claim"} - held

    def _reports(self) -> None:
        """A text for help, over the pages, as a hand would send it from a telephone."""
        phones = Phones(self.stage.outside, self.stage.house.clock)
        phones.place(CALLER, "somebody")
        ref = next(one.ref for one in phones.all() if one.number == CALLER)
        address = f"http://127.0.0.1:{self.port}/outside/phones/{ref}"
        with requests.Session() as hand, suppress(requests.RequestException):
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', hand.get(address).text)
            said = {"act": "write", "words": "help Bidar bus stand", "csrf_token": token[1]}
            hand.post(address, data=said, timeout=PATIENCE)

    def _is_reported(self) -> bool:
        return self._count("inbound_message") >= 2

    def recovers(self) -> None:
        """Each of the six has gone on; nothing was lost and nothing knocked twice."""
        messages = [*self.claimed, *self.knocked]
        wait_for(lambda: self.stage.handed_over(messages) == set(messages), PATIENCE)
        wait_for(self._each_went_on, PATIENCE)
        self.settled()
        assert self.stage.no_key_came_twice()

    def _each_went_on(self) -> bool:
        with self.unit.reading(TEST) as work:
            answered = work.session.get_one(Page, self.answering).state is PageState.ACCEPTED
            told = select(IncidentEvent.id).where(IncidentEvent.code == "briefing_sent")
            briefed = work.session.scalars(told).first()
            done = select(Timer.id).where(
                Timer.kind == "crisis_step",
                Timer.subject_id == self.incidents[2],
                Timer.done_at.is_not(None),
            )
            stepped = work.session.scalars(done).first()
            called = work.session.scalars(
                select(Contact.id).where(Contact.inbound_id.is_not(None))
            ).first()
        return answered and None not in (briefed, stepped, called)

    def lateness(self) -> float:
        """The worst, in seconds, of a page from when it was due to its first taken knock."""
        return max(self.stage.lateness([*self.claimed, *self.knocked]))


def let_go(held: Connection) -> None:
    """End what it held; PostgreSQL may have ended it already."""
    try:
        held.rollback()
    except DBAPIError:
        held.invalidate()
