"""M5: charging, paying, opening, handing over and repeating, in any order chance comes up with.

A small model in plain numbers goes along; after each step it, the sub-ledgers and the books agree.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import text

from tests.builders.dues import balance, make_payer
from tests.laws.money import Books
from union.dues.invariants import INVARIANTS
from union.dues.queries.accounts import account_of
from union.dues.queries.rounds import cash_in_hand
from union.dues.services import (
    HandOverCash,
    OpeningArrears,
    ReceivePayment,
    charge_month,
    collector_for_person,
    hand_over,
    open_arrears_batch,
    receive_payment,
)
from union.kernel.periods import Month

FEE = 2000
FIRST = Month(2026, 5)
LAST = Month(2026, 10)
AMOUNTS = st.sampled_from([100, 1000, 2000, 3999, 12000])


class Woman:
    """What the model knows of her: months charged, and all she gave."""

    def __init__(self, months: int, given: int) -> None:
        self.charged = months * FEE
        self.given = given

    @property
    def owed(self) -> int:
        return max(self.charged - self.given, 0)

    @property
    def ahead(self) -> int:
        return max(self.given - self.charged, 0)


class Dues(RuleBasedStateMachine):
    """Over ``books``; each example goes on in the union that the last one left."""

    books: Books
    members = Bundle("members")
    receipts = Bundle("receipts")

    @initialize()
    def begin(self):
        with self.books.work() as work:
            self.walker = make_payer(work, fee_minor=0).person_id
            self.collector = collector_for_person(work, self.walker).id
        self.model: dict[int, Woman] = {}
        self.in_hand = 0
        self.month = FIRST
        self.number = 0

    @rule(target=members, months=st.integers(-3, 3))
    def joins(self, months: int):
        """Somebody comes over from the old register, behind or ahead."""
        if self.month > LAST:
            return multiple()
        with self.books.work() as work:
            person_id = make_payer(work, fee_minor=FEE).person_id
            paid = self.month.previous().shift(months)
            opening = OpeningArrears(person_id, None, FEE, paid)
            open_arrears_batch(work, [opening], self.month)
        behind, ahead = max(-months, 0), max(months, 0)
        self.model[person_id] = Woman(behind, ahead * FEE)
        return person_id

    @rule()
    def charge(self):
        if self.month > LAST:
            return
        with self.books.work() as work:
            charge_month(work, self.month)
        for one in self.model.values():
            one.charged += FEE
        self.month = self.month.next()

    @rule()
    def charge_again(self):
        """A month that was charged is charged again: nothing happens."""
        with self.books.work() as work:
            if self.month > FIRST:
                before = balance(work, "4010")
                charge_month(work, self.month.previous())
                assert before == balance(work, "4010")

    @rule(target=receipts, person_id=members, amount=AMOUNTS, walked=st.booleans())
    def pays(self, person_id: int, amount: int, walked):
        self.number += 1
        asked = ReceivePayment(
            person_id,
            amount,
            self.books.unit.clock.today(),
            collector_person_id=self.walker if walked else None,
            receipt_no=self.number if walked else None,
            source=None if walked else f"desk:{self.walker}:{self.number}",
        )
        with self.books.work() as work:
            payment_id = receive_payment(work, asked).id
        self.model[person_id].given += amount
        self.in_hand += amount if walked else 0
        return (asked, payment_id)

    @rule(receipt=receipts)
    def pays_the_same_again(self, receipt):
        asked, payment_id = receipt
        with self.books.work() as work:
            assert receive_payment(work, asked).id == payment_id

    @rule(amount=AMOUNTS, whole=st.booleans())
    def hands_over(self, amount: int, whole):
        with self.books.work() as work:
            hand_over(work, HandOverCash(self.collector, amount, work.clock.today(), whole))
        self.in_hand = 0 if whole else self.in_hand - amount

    @invariant()
    def the_books_and_the_model_agree(self):
        with self.books.work() as work:
            for name, query in INVARIANTS.items():
                assert work.session.execute(text(query)).all() == [], name
            for person_id, expected in self.model.items():
                account = account_of(work.session, person_id)
                assert account.owed_minor == expected.owed
                assert account.credit_minor == expected.ahead
            assert cash_in_hand(work.session, self.collector) == self.in_hand

    def teardown(self):
        """No example charges what another left: its members leave."""
        with self.books.work() as work:
            work.session.execute(
                text("UPDATE member SET status = 'left', status_on = '2020-01-01'")
            )


@pytest.mark.parametrize(
    "size",
    [(6, 15), pytest.param((500, 50), marks=pytest.mark.prove)],
    ids=["small", "long"],
)
def test_in_any_order_the_books_agree(own_books, size):
    own_books.unit.clock.move_to(datetime(2026, 10, 31, 6, tzinfo=UTC))
    examples, steps = size
    run_state_machine_as_test(
        type("DuesOfThese", (Dues,), {"books": own_books}),
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
