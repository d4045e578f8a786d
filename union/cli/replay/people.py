"""The simulated people who are paged: a third never answer, a tenth drop out on the way."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from sqlalchemy import select

from union.cli.replay.handsets import Arrived
from union.cli.replay.world import World
from union.crisis import services
from union.crisis.models import Certificate, Incident, Page
from union.crisis.rules.kinds import (
    COMING,
    IN_CHARGE,
    OPEN_INCIDENT,
    AskedAs,
    PageState,
)
from union.crisis.rules.travel import minutes_to
from union.gateways.port import Inbound
from union.infra.work import Work
from union.kernel.actor import Actor
from union.kernel.errors import UnionError
from union.messages.queries import message_of_key
from union.messages.services import UnionDoor, store_inbound

HERS, FORCED = "47", "74"
NEVER_ANSWER = 1 / 3
DROP_OUT = 1 / 10
DECLINE = 0.08
FORCED_HAND = 0.01
TAPS = 0.7
"""Who taps the link where she could as well write."""

OUTSIDE = Actor.system("outside")


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a page stands, as a value that outlives its transaction."""

    id: int
    incident_id: int
    person_id: int
    state: PageState
    asked_as: AskedAs
    km: float | None

    @classmethod
    def of(cls, page: Page) -> Standing:
        """The page's present standing."""
        return cls(page.id, page.incident_id, page.person_id, page.state, page.asked_as, page.km)


@dataclass
class People:
    """Whoever holds a telephone: what reaches her, and what she does about it, and when."""

    world: World
    door: UnionDoor
    arrived_there: Callable[[int, int], None]
    _seen: set[int] = field(default_factory=set)
    _going: set[int] = field(default_factory=set)

    def notice(self) -> None:
        """Look at every telephone; decide once per page what its owner will do."""
        for one in self.world.handsets.newly_arrived():
            with self.world.unit.reading(OUTSIDE) as work:
                found = message_of_key(work, one.key)
                if found is None or found[1].purpose not in ("page", "briefing"):
                    continue
                page = self._page_of(work, found[1].person_id)
            if page is not None:
                self._consider(one, page)

    def sets_out(self, page_id: int, km: float | None) -> None:
        """She knows where to go, and goes; a tenth never get there."""
        if page_id in self._going:
            return
        self._going.add(page_id)
        chance = self.world.chance("way", page_id)
        seconds = minutes_to(km) * 60 * chance.uniform(0.55, 1.05)
        with self.world.unit.reading(OUTSIDE) as work:
            person_id = work.session.get_one(Page, page_id).person_id
        if self.world.chance("drops", person_id).random() < DROP_OUT:
            self.world.after(seconds * 0.6, lambda: self._drop_out(page_id))
        else:
            self.world.after(seconds, lambda: self._arrive(page_id))

    @staticmethod
    def _page_of(work: Work, person_id: int | None) -> Standing | None:
        page = work.session.scalar(
            select(Page).where(Page.person_id == person_id).order_by(Page.id.desc()).limit(1)
        )
        return Standing.of(page) if page else None

    def _consider(self, one: Arrived, page: Standing) -> None:
        chance = self.world.chance("page", page.id)
        if page.state is PageState.ACCEPTED:
            self.world.after(chance.uniform(3, 20), lambda: self._answer(one, page.id, chance))
            return
        if page.id in self._seen or page.state is not PageState.ASKED:
            return
        if self.world.chance("never", page.person_id).random() < NEVER_ANSWER and (
            page.asked_as not in IN_CHARGE
        ):
            return
        if one.way == "push":
            return
        self._seen.add(page.id)
        slow = 20 if one.way == "voice" else 100
        self.world.after(chance.uniform(5, slow), lambda: self._answer(one, page.id, chance))

    def _answer(self, one: Arrived, page_id: int, chance: random.Random) -> None:
        draw = chance.random()
        try:
            if draw < DECLINE and one.script is None:
                self._text(one, page_id, "no")
            elif one.script is not None:
                self._press(one, page_id, FORCED if draw > 1 - FORCED_HAND else HERS)
            elif one.token is not None and chance.random() < TAPS:
                self._open_link(one.token, FORCED if draw > 1 - FORCED_HAND else HERS)
            else:
                self._text(one, page_id, HERS)
        except UnionError:
            # She was too late or the page moved on: she is told so, and nothing changes.
            return
        self._look(page_id)

    def _text(self, one: Arrived, page_id: int, words: str) -> None:
        with self.world.unit.begin(OUTSIDE) as work:
            code = work.session.get_one(Page, page_id).code
            store_inbound(
                work,
                Inbound(
                    provider="replay",
                    provider_id=f"answer-{one.key}-{self.world.events}",
                    channel="sms",
                    from_number=one.number,
                    to_number="",
                    body=f"{code} {words}",
                    at=self.world.clock.now(),
                ),
            )

    def _press(self, one: Arrived, page_id: int, digits: str) -> None:
        for number, keys in enumerate((digits, "1")):
            script = self.door.pressed(
                Inbound(
                    provider="replay",
                    provider_id=f"keys-{one.key}-{number}-{self.world.events}",
                    channel="keypad",
                    from_number=one.number,
                    to_number="",
                    body=keys,
                    at=self.world.clock.now(),
                    key=one.key,
                )
            )
            if script.gather != 1:
                break
        self._look(page_id)

    def _open_link(self, token: str, digits: str) -> None:
        with self.world.unit.begin(OUTSIDE) as work:
            page = services.page_of_token(work, token)
            if page is not None:
                services.answer_link(work, page.id, digits)

    def _look(self, page_id: int) -> None:
        """Whether she now knows where to go."""
        with self.world.unit.reading(OUTSIDE) as work:
            page = Standing.of(work.session.get_one(Page, page_id))
        if page.state in COMING and page.asked_as not in IN_CHARGE:
            self.sets_out(page_id, page.km)
        elif page.state in COMING:
            incident_id, by = page.incident_id, page.person_id
            self.world.after(200, lambda: self._take_in_hand(incident_id, by))

    def _drop_out(self, page_id: int) -> None:
        with self.world.unit.begin(OUTSIDE) as work:
            if work.session.get_one(Page, page_id).state in COMING:
                services.drop_out(work, page_id)

    def _arrive(self, page_id: int) -> None:
        with self.world.unit.begin(OUTSIDE) as work:
            page = work.session.get_one(Page, page_id)
            if page.state not in (*COMING, PageState.DROPPED_OUT):
                return
            services.arrive(work, page_id)
            incident_id, person_id = page.incident_id, page.person_id
        self.arrived_there(incident_id, person_id)
        self.world.after(3600, lambda: self._check_in(page_id))

    def _check_in(self, page_id: int) -> None:
        with self.world.unit.begin(OUTSIDE) as work:
            page = work.session.get_one(Page, page_id)
            incident = work.session.get_one(Incident, page.incident_id)
            if page.state is not PageState.ARRIVED or incident.state not in OPEN_INCIDENT:
                return
            services.check_in(work, page_id)
        self.world.after(3600, lambda: self._check_in(page_id))

    def _take_in_hand(self, incident_id: int, by: int) -> None:
        """A coordinator or the duty officer: call somebody lately lapsed, or look further."""
        with self.world.unit.begin(Actor(by, None, frozenset())) as work:
            incident = work.session.get_one(Incident, incident_id)
            if incident.state not in OPEN_INCIDENT:
                return
            lapsed = self._lapsed(work, incident)
            if lapsed is None:
                services.widen_now(work, incident_id)
            else:
                services.call_lapsed(work, incident_id, lapsed, AskedAs.RESPONDER, "nobody else")

    @staticmethod
    def _lapsed(work: Work, incident: Incident) -> int | None:
        asked = select(Page.person_id).where(Page.incident_id == incident.id)
        return work.session.scalar(
            select(Certificate.person_id)
            .where(
                Certificate.branch_id == incident.branch_id,
                Certificate.role.in_(("responder", "team_lead")),
                Certificate.ends_on < work.clock.today(),
                Certificate.person_id.not_in(asked),
            )
            .order_by(Certificate.ends_on.desc())
            .limit(1)
        )
