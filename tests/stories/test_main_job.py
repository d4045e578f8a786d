"""The whole main job, once, on real files: register, dues, cash, a call, a case, a claim."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, text

from union.cli.check import find_invariants, find_violations
from union.cli.replay.workers import Workers
from union.crisis import services as crisis
from union.crisis.models import Incident, Page
from union.crisis.rules.kinds import AsSheWished, ClosedBy, IncidentState, Outcome
from union.demo.making import digits_of, make
from union.gateways.simulator import store
from union.gateways.simulator.phones import Phones
from union.identity.models import Account
from union.identity.queries import actor_of_account
from union.infra.db import owner_engine
from union.kernel.actor import Actor
from union.kernel.clock import ManualClock
from union.ledger.models import Voucher
from union.ledger.services import approve_voucher, pay_voucher
from union.legal.models import LegalCase
from union.members.models import Member
from union.messages.models import Attempt
from union.messages.services.calls import UnionDoor
from union.welfare import rules as welfare
from union.welfare.models import Claim
from union.welfare.services.claims import NewClaim, ask_benefit
from union.welfare.services.decisions import Ruling, decide_claim
from union.wiring import CALLS, House, build_house

NIGHT = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
LOOKING = Actor.system("story")
CALLER = "+915100200300"


@pytest.fixture
def clock():
    return ManualClock(NIGHT)


@pytest.fixture
def house(parts, clock):
    engine = owner_engine(parts.settings.simulator_url)
    store.create_schema(engine)
    engine.dispose()
    house = build_house(parts.settings, clock)
    make(house, lambda _step: None)
    yield house
    house.close()


@pytest.fixture
def workers(house, clock):
    return Workers(house.unit, clock, house.gateways)


def as_(house, name: str):
    """A unit of work in which the person of this sign-in name acts."""
    with house.unit.reading(LOOKING) as work:
        account = work.session.scalars(select(Account).where(Account.sign_in_name == name)).one()
        return house.unit.begin(actor_of_account(work, account))


def nothing_broken(house) -> None:
    with house.unit.reading(LOOKING) as work:
        assert find_violations(work, find_invariants()) == {}


def books_stand(house) -> None:
    with house.unit.reading(LOOKING) as work:
        rows = work.session.execute(
            text("SELECT fund_code, sum(balance_minor) FROM account_balance GROUP BY 1")
        )
        assert {fund: total for fund, total in rows if total} == {}


@dataclass
class Night:
    """One night of the union, with everything a person would do by hand."""

    house: House
    clock: ManualClock
    workers: Workers
    coming: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.phones = Phones(self.house.outside, self.clock)
        self.door = UnionDoor(self.house.unit, CALLS)

    def call_for_help(self) -> None:
        """A text with a place and nothing else; whoever is rung answers until enough are coming."""
        self.phones.write(CALLER, "help Kolar lodge lane police", self.door)
        self.workers.settle()
        for _ in range(40):
            if self.incident().state is IncidentState.FILLED:
                return
            if self.phones.ringing():
                self.one_answers_by_phone()
            else:
                self.clock.advance(timedelta(seconds=30))
            self.workers.settle()
        pytest.fail("nobody came")

    def one_answers_by_phone(self) -> None:
        """She picks up, presses her digits, hears the place, and goes."""
        call = self.phones.ringing()[0]
        self.phones.answer(call.id)
        with self.house.unit.reading(LOOKING) as work:
            message = select(Attempt.message_id).where(Attempt.key == call.key)
            page_id, card = work.session.execute(
                select(Page.id, Member.card_number)
                .join(Member, Member.person_id == Page.person_id)
                .where(Page.message_id == message.scalar_subquery())
            ).one()
        told = self.phones.press(call.id, digits_of(card)[0], self.door)
        assert "lodge lane" in " ".join(told.say)
        self.phones.press(call.id, "1", self.door)
        self.coming.append(page_id)

    def incident(self) -> Incident:
        with self.house.unit.reading(LOOKING) as work:
            return work.session.scalars(select(Incident)).one()

    def go_and_close(self) -> None:
        """They arrive, and one who saw her closes; she is still held, so somebody follows it up."""
        self.clock.advance(timedelta(minutes=25))
        with self.house.unit.begin(LOOKING) as work:
            for page_id in self.coming:
                crisis.arrive(work, page_id)
            witness = work.session.get_one(Page, self.coming[0]).person_id
        closing = crisis.Closing(
            how=ClosedBy.SAW_HER,
            outcome=Outcome.STILL_HELD,
            as_she_wished=AsSheWished.PARTLY,
            witness_person_id=witness,
        )
        with as_(self.house, "operator") as work:
            crisis.close_incident(work, self.incident().id, closing)
        self.workers.settle()

    def pay_the_sick(self) -> None:
        """Ten days of fever, three of them hers: seven are paid, by two hands."""
        with as_(self.house, "member") as work:
            days = (date(2026, 11, 2), date(2026, 11, 11))
            asked = NewClaim(work.actor.person_id, *days, welfare.Evidence.DOCTOR, "fever")
            claim_ref = ask_benefit(work, asked).ref
        with as_(self.house, "welfare") as work:
            decision = decide_claim(work, claim_ref, Ruling(welfare.Outcome.GRANT))
            assert (decision.days, decision.amount_minor) == (7, 105000)
        with self.house.unit.reading(LOOKING) as work:
            newest = select(Voucher).order_by(Voucher.id.desc()).limit(1)
            voucher = work.session.scalars(newest).one()
        for name in ("treasurer", "signatory"):
            with as_(self.house, name) as work:
                approve_voucher(work, voucher.ref, voucher.content_hash)
        with as_(self.house, "treasurer") as work:
            pay_voucher(work, voucher.ref)
        self.workers.settle()


def test_from_a_register_to_somebody_helped(house, clock, workers):
    night = Night(house, clock, workers)
    nothing_broken(house)
    books_stand(house)

    night.call_for_help()
    nothing_broken(house)

    night.go_and_close()
    assert night.incident().state is IncidentState.CLOSED
    with house.unit.reading(LOOKING) as work:
        case = work.session.scalars(select(LegalCase)).one()
        assert case.incident_id == night.incident().id
        assert case.assignee_person_id is not None

    night.pay_the_sick()
    with house.unit.reading(LOOKING) as work:
        assert work.session.scalars(select(Claim.state)).one() == welfare.ClaimState.PAID
    books_stand(house)
    nothing_broken(house)
