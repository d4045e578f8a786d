"""Notices shuffled, doubled, delayed and dropped: once asked, the books are the company’s truth.

The same storm small in every run, and by the thousand in `make prove`.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text

from tests.builders.cards import TEST, Company, make_card_payer, make_company, open_page
from tests.builders.dues import ask_laws
from union.checkout.invariants import INVARIANTS
from union.checkout.models import CardDispute, CardEvent, CardInstruction, CardLine
from union.checkout.queries.held import booked_at_provider
from union.checkout.services import (
    ask_end,
    ask_refund,
    ask_rest,
    keep_notice,
    reconcile,
    work_cards,
)
from union.checkout.services.reconciling import MOST_ROUNDS
from union.dues.invariants import INVARIANTS as DUES_INVARIANTS
from union.dues.models import Payment
from union.gateways.payments.stand_in import lasting, paying
from union.gateways.payments.stand_in.world import RefusedError
from union.infra.work import UnitOfWork
from union.kernel.errors import UnionError
from union.ledger.queries.balances import trial_balance
from union.ledger.services import open_books

CARDS = (*paying.CARDS, paying.WORKS, paying.WORKS)


class Storm:
    """A company that does things at random, and a post that loses, repeats and mixes its words."""

    def __init__(self, unit: UnitOfWork, company: Company, seed: int, payers: int = 6) -> None:
        self.unit, self.company, self.chance = unit, company, random.Random(seed)
        with unit.begin(TEST) as work:
            open_books(work)
        self.payers = [make_card_payer(unit) for _ in range(payers)]
        self.pages: list[str] = []
        self.post: list[tuple[bytes, str]] = []
        self.fate: Counter[str] = Counter()

    def step(self) -> None:
        """One thing happens at the company, or by us, and the post brings a few words."""
        acts = (self.ask, self.pay, self.pay, self.pay, self.turn, self.turn, self.wish)
        try:
            self.chance.choice(acts)()
        except (RefusedError, UnionError):
            self.fate["refused"] += 1
        self.carry()
        if self.chance.random() < 0.1:
            self.company.stand_in.weather.append(self.chance.choice(["away", "lost", "well"]))
        if self.chance.random() < 0.3:
            self.unit.clock.advance(timedelta(minutes=self.chance.randrange(1, 90)))
            work_cards(self.unit, self.company.provider, limit=self.chance.choice([1, 5, 50]))

    def ask(self) -> None:
        person, monthly = self.chance.choice(self.payers), self.chance.random() < 0.4
        amount = self.chance.randrange(100, 50000, 7)
        _checkout, session = open_page(self.unit, self.company, person, amount, monthly=monthly)
        self.pages.append(session)

    def pay(self) -> None:
        if not self.pages:
            return self.ask()
        number = self.pages.pop(self.chance.randrange(len(self.pages)))
        with self.company.world() as world:
            lasting.pay_page(world, number, self.chance.choice(CARDS))
        return None

    def turn(self) -> None:
        """The company's own day: renewals, disputes, refunds, payouts, slow banks."""
        with self.company.world() as world:
            kind, act = self.chance.choice(
                [
                    ("subscription", lambda one: lasting.renew(world, one, paid=self.maybe())),
                    ("subscription", lambda one: lasting.try_again(world, one, paid=self.maybe())),
                    ("charge", lambda one: paying.open_dispute(world, one)),
                    ("charge", lambda one: paying.refund(world, {"charge": one})),
                    ("dispute", lambda one: paying.decide_dispute(world, one, won=self.maybe())),
                    ("refund", lambda one: paying.fail_refund(world, one)),
                    ("payout", lambda one: paying.arrive(world, one, well=self.maybe())),
                    ("checkout.session", lambda one: lasting.expire_page(world, one)),
                    (
                        "checkout.session",
                        lambda one: lasting.answer_slow(world, one, well=self.maybe()),
                    ),
                ]
            )
            things = world.every(kind)
            if things:
                act(self.chance.choice(things)["id"])
            if self.chance.random() < 0.05:
                paying.pay_out(world)

    def wish(self) -> None:
        """One of us ends an instruction, lets it rest or go on, or gives something back."""
        with self.unit.begin(TEST) as work:
            if self.maybe():
                living = select(CardInstruction.ref).where(CardInstruction.state != "ended")
                refs = list(work.session.scalars(living.order_by(CardInstruction.id)))
                if refs and self.maybe():
                    ask_end(work, self.chance.choice(refs), "by_her")
                elif refs:
                    ask_rest(work, self.chance.choice(refs), rests=self.maybe())
            else:
                paid = select(CardLine).where(CardLine.kind == "payment").order_by(CardLine.id)
                lines = work.session.scalars(paid).all()
                if lines:
                    line = self.chance.choice(lines)
                    part = self.chance.randrange(1, line.amount_minor + 1)
                    ask_refund(work, line.ref, part, "mistake")

    def maybe(self) -> bool:
        return self.chance.random() < 0.5

    def carry(self) -> None:
        """The post: some words are lost, some come twice, the rest in any order, or later."""
        for word in self.company.notices():
            fate = self.chance.choices(["lost", "once", "twice"], [25, 50, 25])[0]
            self.fate[fate] += 1
            self.post += [word] * ("lost", "once", "twice").index(fate)
        self.chance.shuffle(self.post)
        for _ in range(self.chance.randrange(4)):
            if self.post:
                self.hand_over(self.post.pop())

    def hand_over(self, word: tuple[bytes, str]) -> None:
        notice = self.company.provider.read_notice(*word)
        with self.unit.begin(TEST) as work:
            keep_notice(work, "stripe", notice)

    def calm(self) -> None:
        """The last words come, too late; the company is asked; nothing is left to do."""
        self.company.stand_in.weather.clear()
        for word in self.post:
            self.hand_over(word)
        for _hour in range(3):
            self.unit.clock.advance(timedelta(hours=1))
            reconcile(self.unit, self.company.provider)
        for _round in range(MOST_ROUNDS):
            if not work_cards(self.unit, self.company.provider):
                return


def compare(storm: Storm) -> Counter[str]:
    """Everything the books say beside everything the company knows."""
    with storm.company.world() as world, storm.unit.begin(TEST) as work:
        session = work.session
        ask_laws(work)
        assert booked_at_provider(session) == world.held()
        charges = [one["amount"] for one in world.every("charge") if one["paid"]]
        taken = session.execute(
            select(func.count(), func.coalesce(func.sum(Payment.amount_minor), 0))
        ).one()
        assert tuple(taken) == (len(charges), sum(charges))
        lines = {one.provider_id: one for one in session.scalars(select(CardLine))}
        truth = {one["id"]: one for one in world.every("balance_transaction")}
        assert lines.keys() == truth.keys()
        for number, one in truth.items():
            line = lines[number]
            assert (line.amount_minor, line.fee_minor) == (one["amount"], one["fee"])
        for one in session.scalars(select(CardInstruction)):
            if one.provider_id is not None:
                there = world.get(one.provider_id)["status"]
                assert {"active": "active", "past_due": "failing", "canceled": "ended"}[
                    there
                ] == one.state
                paused = bool(world.get(one.provider_id)["pause_collection"])
                assert one.state == "ended" or paused == one.rests == one.rest_wanted
                assert one.rest_due_at is None
        states = {"needs_response": "open", "won": "won", "lost": "lost"}
        told = {one.provider_id: one.state for one in session.scalars(select(CardDispute))}
        assert told == {one["id"]: states[one["status"]] for one in world.every("dispute")}
        events = session.scalars(select(CardEvent)).all()
        assert {one.event_id for one in events} == {one["id"] for one in world.every("event")}
        assert all(one.done_at is not None for one in events)
        owed = "SELECT ledger_control_balance('1195')"
        still_open = -sum(
            line.amount_minor
            for line in lines.values()
            if line.kind == "dispute" and told[line.object_id] == "open"
        )
        assert session.scalar(text(owed)) == still_open
        assert trial_balance(session, work.clock.today()).difference_minor == 0
        for query in (*INVARIANTS.values(), *DUES_INVARIANTS.values()):
            assert session.execute(text(query)).all() == []
        return Counter(one.how for one in events) + storm.fate


@pytest.mark.parametrize("seed", [1, 2])
def test_a_small_storm_leaves_the_books_as_the_company_knows_them(unit, clock, seed):
    storm = Storm(unit, make_company(clock), seed)
    for _step in range(60):
        storm.step()
    storm.calm()
    fates = compare(storm)
    assert fates["lost"] > 0
    assert fates["twice"] > 0
    assert fates["asked"] > 0


@pytest.mark.prove
@pytest.mark.parametrize("seed", range(10))
def test_thousands_of_words_lost_doubled_and_late(committing, clock, seed):
    storm = Storm(committing, make_company(clock), seed, payers=25)
    for _step in range(int(os.environ.get("STORM_STEPS", "600"))):
        storm.step()
    storm.calm()
    compare(storm)
