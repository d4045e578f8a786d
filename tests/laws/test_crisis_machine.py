"""Incident × people × faults, in any order: C1 is asked of the database after every step, C3 of a
model that knows what each of them has really said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, text

from tests.builders.crisis import HERS, ROUTES, Workers, as_person, press_keys, report
from tests.laws.crisis_desk import Desk
from tests.laws.crisis_night import (
    ACTS,
    ASKED_ONCE_MORE,
    AT_ONCE,
    BROKEN,
    NTH,
    OURS,
    PAIRS,
    PHONES,
    PLACES,
    SPANS,
    WAYS,
    WORD,
    YES_STATES,
    Said,
    Union,
)
from tests.laws.machines import in_parts
from union.crisis import services
from union.crisis.models import Contact, Incident, Page
from union.crisis.queries.open import pages_of, standing
from union.crisis.rules.kinds import (
    COMING,
    IN_CHARGE,
    OPEN_INCIDENT,
    AsSheWished,
    ClosedBy,
    ContactChannel,
    ContactState,
    DealtHow,
    IncidentState,
    Kind,
    Outcome,
)
from union.crisis.rules.needs import shortfall
from union.crisis.rules.progress import coming
from union.crisis.services import Heard, SlipAct
from union.crisis.services.search import needs_of
from union.gateways.port import THERE, YES
from union.infra.timers import Timer
from union.messages.services import claim_due
from union.wiring import TIMERS

OTHER_PIN = ContactChannel.OTHER_PIN
"""Opened by a notebook, of a member we know; nobody reports by it."""


class Night(Desk, RuleBasedStateMachine):
    """Over ``union``; each example begins when the last one's incidents have ended."""

    @initialize()
    def begin(self):
        self.said = Said()
        self.since = self._newest(Page)

    @rule(
        where=st.sampled_from(PLACES),
        kind=st.sampled_from([Kind.CLIENT_VIOLENCE, Kind.ARREST_OR_RAID, Kind.UNKNOWN]),
        channel=st.sampled_from([one for one in ContactChannel if one is not OTHER_PIN]),
        herself=NTH,
    )
    def reports(self, where, kind, channel, herself):
        """A place is enough; a responder who was rung herself goes at once."""
        own = channel is ContactChannel.OWN_RESPONDER
        goer = self.union.people[herself % len(self.union.people)] if own else None
        district, place = where
        fields = {"place": place, "district": district, "kind": kind, "channel": channel}
        self._try(lambda work: report(work, coming_person_id=goer, **fields))

    @rule(
        words=st.sampled_from(["", "help Bidar bus stand", "no", "there", f"11 {WORD}"]),
        channel=st.sampled_from(["sms", "missed_call", "call"]),
        nth=NTH,
        line=st.sampled_from(["", YES, THERE]),
    )
    def comes_in_and_is_told_twice(self, words, channel, nth, line):
        """From a stranger or one of ours, without her digits; whoever hears of it runs twice."""
        number = PHONES[nth] if nth < len(self.union.people) else "+915810009999"
        self._comes_in(number, line if channel == "missed_call" else words, channel)

    @rule(nth=NTH, digits=st.sampled_from(PAIRS), word=st.sampled_from(["", " there", " help"]))
    def writes_her_digits(self, nth, digits, word):
        """From her own telephone, about one of her pages."""

        def her_pages(work):
            page = self._page(work, nth)
            if page is None:
                return None
            hers = Page.person_id == page.person_id
            rows = select(Page.id, Page.duress_at).where(hers, Page.id > self.since)
            return page.code, page.person_id, work.session.execute(rows).all()

        found = self._try(her_pages)
        if found is None or found[1] not in self.union.people:
            return
        code, person, rows = found
        if digits == HERS:
            self.said.yes |= {row.id for row in rows}
            self.said.there |= {row.id for row in rows if word == " there"}
        self._comes_in(PHONES[self.union.people.index(person)], f"{code} {digits}{word}", "sms")
        self._see_forced()

    @rule(nth=NTH, digits=st.sampled_from(PAIRS), by=st.sampled_from(WAYS))
    def answers(self, nth, digits, by):
        """By keypad, text, link or app; a link and the app show where in the same breath."""

        def act(work):
            page = self._page(work, nth)
            if page is None:
                return None
            at_once = by in AT_ONCE
            answer = services.answer_here if at_once else services.answer_page
            return page.id, answer(work, page.id, digits, by), at_once

        found = self._try(act)
        if found is None:
            return
        page_id, heard, at_once = found
        if digits == HERS and page_id not in self.said.forced:
            assert heard is not Heard.LOOKS_ACCEPTED
            self.said.yes.add(page_id)
            self.said.knows |= {page_id} if at_once else set()
        else:
            assert heard is not Heard.ACCEPTED
        self._see_forced()

    @rule(
        nth=NTH,
        digits=st.sampled_from(PAIRS),
        keys=st.lists(st.sampled_from(list("1234905")), max_size=3),
    )
    def presses(self, nth, digits, keys):
        """A call to her, in which she gives her digits or somebody presses what comes to mind."""

        def act(work):
            page = self._page(work, nth)
            if page is not None and page.message_id is not None and self._rung(work, page):
                press_keys(work, page, digits, *keys)
                return page.id
            return None

        page_id = self._try(act)
        if page_id is not None and digits == HERS:
            self.said.yes.add(page_id)
            self.said.knows |= {page_id} if "1" in keys else set()
            self.said.there |= {page_id} if "4" in keys else set()
        self._see_forced()

    @rule(nth=NTH, comes=st.booleans(), knows=st.booleans())
    def speaks_with_us(self, nth, comes, knows):
        """A living voice, written down by whoever heard it."""

        def act(work):
            page = self._page(work, nth)
            if page is None:
                return None
            services.record_live_answer(work, page.id, comes=comes)
            if comes and knows:
                services.briefed(work, page.id)
            return page.id

        page_id = self._try(act)
        if page_id is not None and comes:
            self.said.yes.add(page_id)
            self.said.knows |= {page_id} if knows else set()

    @rule(nth=NTH, act=st.sampled_from(ACTS))
    def goes_on(self, nth, act):
        """She who knows where to go says how it goes."""

        def do(work):
            page = self._page(work, nth)
            if page is None:
                return None
            act(work, page.id)
            return page.id

        page_id = self._try(do)
        if page_id is not None and act is services.arrive:
            self.said.there.add(page_id)

    @rule(nth=NTH, digits=st.sampled_from(PAIRS), act=st.sampled_from(list(SlipAct)[1:]))
    def says_on_her_slip(self, nth, digits, act):
        def do(work):
            page = self._page(work, nth)
            if page is None:
                return None
            services.say_on_slip(work, page.id, digits, act)
            return page.id

        page_id = self._try(do)
        if page_id is not None and digits == HERS and act is SlipAct.THERE:
            self.said.there.add(page_id)
        self._see_forced()

    @rule(span=st.sampled_from(SPANS), workers=st.booleans())
    def time_passes(self, span, workers):
        """With the workers at it, or with every nudge lost and nobody there."""
        if workers:
            self.union.workers.run_for(span)
        else:
            self.union.clock.advance(span)

    @rule(way=st.sampled_from(["sms", "voice", "timer", "outbox_delivery"]))
    def a_worker_dies_between_claim_and_record(self, way):
        """What it had claimed belongs to nobody until its lease ends."""
        with self.union.begin() as work:
            if way in ("sms", "voice"):
                claim_due(work, way, "https://example.test")
                return
            now = work.clock.now()
            claimed = (
                f"UPDATE {way} SET lease_until = :until WHERE done_at IS NULL AND due_at <= :now"
            )
            work.session.execute(text(claimed), {"until": now + timedelta(seconds=8), "now": now})

    @rule(nth=NTH)
    def a_handler_runs_once_more(self, nth):
        """A timer that is done already does nothing a second time."""
        with self.union.begin() as work:
            timer = self._nth(work, Timer, nth, Timer.done_at.is_not(None), Timer.kind.in_(OURS))
            before = self._all_states(work)
            if timer is not None:
                TIMERS[timer.kind](work, timer)
            assert self._all_states(work) == before

    def _all_states(self, work) -> list[object]:
        pages = select(Page.id, Page.state, Page.seems).order_by(Page.id)
        return [tuple(row) for row in work.session.execute(pages)]

    def _see_forced(self) -> None:
        with self.union.begin() as work:
            rows = select(Page.id).where(Page.duress_at.is_not(None), Page.id > self.since)
            self.said.forced |= set(work.session.scalars(rows))

    @invariant()
    def nobody_is_forgotten_and_only_human_answers_count(self):
        with self.union.begin() as work:
            assert work.session.scalars(BROKEN).all() == []
            rows = select(Page).where(Page.id > self.since, Page.came_herself.is_(False))
            pages = work.session.scalars(rows).all()
            counted = {p.id for p in pages if p.state in YES_STATES}
            knowing = {p.id for p in pages if p.state in COMING and p.asked_as not in IN_CHARGE}
            arrived = {p.id for p in pages if p.arrived_at is not None}
            assert counted <= self.said.yes
            assert knowing <= self.said.yes & self.said.knows
            assert not counted & self.said.forced
            assert arrived <= self.said.there
            assert work.session.scalars(ASKED_ONCE_MORE).all() == []
            open_ones = select(Incident).where(Incident.state.in_(OPEN_INCIDENT))
            for one in work.session.scalars(open_ones):
                short = shortfall(needs_of(one), coming(standing(pages_of(work.session, one.id))))
                assert bool(short) is (one.state is IncidentState.SEEKING)

    def teardown(self):
        """Whatever is left ends by the caller's own word, so that the next begins in peace."""
        with as_person(self.union.unit, self.union.operator) as work:
            open_ones = select(Incident.id).where(Incident.state.in_(OPEN_INCIDENT))
            for incident_id in work.session.scalars(open_ones).all():
                services.leave_safe_word(work, incident_id, WORD)
                heard = services.Closing(
                    ClosedBy.HEARD_SAFE_WORD,
                    Outcome.TALKED_THROUGH,
                    AsSheWished.YES,
                    self.union.operator,
                    WORD,
                )
                services.close_incident(work, incident_id, heard)
            left = select(Contact.id).where(Contact.state != ContactState.DEALT)
            for contact_id in work.session.scalars(left).all():
                services.deal_with(work, contact_id, DealtHow.NO_NEED)
            work.session.execute(
                text("UPDATE timer SET done_at = :at WHERE done_at IS NULL"),
                {"at": work.clock.now()},
            )


@in_parts(8, 20)
def test_in_any_order_nobody_is_forgotten(committing, clock, examples, steps, part):
    unit = replace(committing, routes=ROUTES)
    union = Union(unit, clock, Workers(unit, clock))
    union.set_up()
    machine = type(f"NightOfThese{part}", (Night,), {"union": union})
    run_state_machine_as_test(
        seed(part)(machine) if part else machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
