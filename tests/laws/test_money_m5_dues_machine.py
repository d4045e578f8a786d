"""M1–M7 together: charging, paying, giving back, letting off, closing, repeating, in any order.

A small model in plain numbers goes along. After each step it agrees with the sub-ledgers, every
fund balances, each control account is its sub-ledger (M5), and the chain of seals holds (M7):
asked of everything there is, in one statement, so that the long proof has time for many steps.
What the application's own reads say is held against it for whom a step changed, and whenever a
seal is laid; and for everybody when an example ends.
"""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import HealthCheck, seed, settings
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

from tests.builders.dues import balance, make_payer, pay_as, waive
from tests.builders.ledger import acting_as
from tests.laws.dues_model import FEE, Woman
from tests.laws.machines import in_parts
from tests.laws.money import Books
from union.dues.errors import (
    AlreadyReversedError,
    NoSuchCreditError,
    PartGivenBackError,
    WaiverEndedError,
)
from union.dues.invariants import INVARIANTS
from union.dues.models import Waiver
from union.dues.queries.accounts import account_of, owed_by
from union.dues.queries.corrections import differences
from union.dues.queries.rounds import cash_in_hand
from union.dues.services import (
    GiveCreditBack,
    HandOverCash,
    NewWaiver,
    OpeningArrears,
    ReceivePayment,
    TakeBack,
    charge_month,
    collector_for_person,
    end_waiver,
    give_credit_back,
    hand_over,
    keep_refund,
    open_arrears_batch,
    receive_payment,
    set_rate,
    set_right,
    take_back,
)
from union.kernel.periods import Month
from union.ledger.invariants import INVARIANTS as LEDGER_INVARIANTS
from union.ledger.queries.seals import broken_seals
from union.ledger.services import (
    approve_voucher,
    close_month,
    pay_voucher,
    seal_postings,
    withdraw_voucher,
)

FIRST, LAST = Month(2026, 5), Month(2026, 10)
AMOUNTS = st.sampled_from([100, 1000, 2000, 3999, 12000])
MONTHS = st.integers(FIRST.month, LAST.month).map(lambda number: Month(2026, number))
LAWS = {
    "funds": "SELECT fund_code FROM account_balance GROUP BY 1 HAVING sum(balance_minor) <> 0",
    "legs": "SELECT fund_code FROM journal_leg GROUP BY 1 HAVING sum(amount_minor) <> 0",
    **INVARIANTS,
    **{name: query for name, query in LEDGER_INVARIANTS.items() if "seal" in name},
}
BROKEN = text(
    " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS ({query})" for name, query in LAWS.items())
)
HEAD = text("SELECT max(id) FROM seal")
HELD = text("SELECT person_id, balance_minor FROM member_credit WHERE person_id = ANY(:people)")


class Dues(RuleBasedStateMachine):
    """Over ``books``; each example goes on in the union that the last one left."""

    books: Books
    members = Bundle("members")
    receipts = Bundle("receipts")
    waivers = Bundle("waivers")

    @initialize()
    def begin(self):
        with self.books.work() as work:
            self.walker = make_payer(work, fee_minor=0).person_id
            self.collector = collector_for_person(work, self.walker).id
            self.category = f"c{self.walker}"
            set_rate(work, self.category, FEE, Month(2026, 1))
        self.model: dict[int, Woman] = {}
        self.seen: dict[int, tuple[int, int]] = {}
        self.head: int | None = None
        self.rates = {Month(2026, 1): FEE}
        self.in_hand = 0
        self.month = FIRST
        self.number = 0
        self.reversed: set[int] = set()

    @rule(target=members, months=st.integers(-3, 3))
    def joins(self, months: int):
        """Somebody comes over from the old register, behind or ahead."""
        if self.month > LAST:
            return multiple()
        with self.books.work() as work:
            person_id = make_payer(work, fee_minor=None).person_id
            pay_as(work, person_id, self.category, Month(2026, 1))
            paid = self.month.previous().shift(months)
            opening = OpeningArrears(person_id, None, FEE, paid)
            open_arrears_batch(work, [opening], self.month)
        self.model[person_id] = Woman(self.month, max(-months, 0), max(months, 0))
        return person_id

    @rule()
    def charge(self):
        if self.month > LAST:
            return
        with self.books.work() as work:
            charge_month(work, self.month)
        for one in self.model.values():
            one.charge(self.month, self.rates)
        self.month = self.month.next()

    @rule()
    def charge_again(self):
        """A month that was charged is charged again: nothing but what nobody was charged yet."""
        if self.month == FIRST:
            return
        before = self.month.previous()
        left = sum(one.charge(before, self.rates) for one in self.model.values())
        with self.books.work() as work:
            income = balance(work, "4010")
            charge_month(work, before)
            assert balance(work, "4010") == income - left

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
        self._given(asked)
        return (asked, payment_id)

    def _given(self, asked: ReceivePayment, sign: int = 1) -> None:
        self.model[asked.person_id].given += sign * asked.amount_minor
        self.in_hand += sign * asked.amount_minor if asked.receipt_no else 0

    @rule(receipt=receipts)
    def pays_the_same_again(self, receipt):
        """A replay is the payment that stands, or stays taken back."""
        asked, payment_id = receipt
        if payment_id in self.reversed and asked.receipt_no:
            return
        with self.books.work() as work:
            assert receive_payment(work, asked).id == payment_id

    @rule(target=receipts, receipt=receipts)
    def books_a_number_anew(self, receipt):
        """A number of a book whose payment was taken back is booked once more, and stands."""
        asked, payment_id = receipt
        if payment_id not in self.reversed or not asked.receipt_no:
            return multiple()
        with self.books.work() as work:
            anew = receive_payment(work, asked).id
            assert receive_payment(work, asked).id == anew
        if anew in self.model[asked.person_id].anew:
            return multiple()
        assert anew != payment_id
        self.model[asked.person_id].anew.add(anew)
        self._given(asked)
        return (asked, anew)

    @rule(receipt=receipts)
    def takes_back(self, receipt):
        asked, payment_id = receipt
        try:
            with self.books.work() as work:
                take_back(work, TakeBack(payment_id, "twice"))
        except AlreadyReversedError:
            assert payment_id in self.reversed
        except PartGivenBackError:
            assert self.model[asked.person_id].went_back > 0
        else:
            assert payment_id not in self.reversed
            self.reversed.add(payment_id)
            self._given(asked, -1)

    @rule(person_id=members, amount=AMOUNTS, paid=st.booleans())
    def gives_credit_back(self, person_id: int, amount: int, paid):
        """By a voucher of two hands that is paid, or let go so that the credit is hers again."""
        woman = self.model[person_id]
        enough = amount <= woman.ahead
        try:
            with self.books.work(self.books.treasurer) as work:
                voucher = give_credit_back(work, GiveCreditBack(person_id, amount))
                if not paid:
                    withdraw_voucher(work, voucher.ref)
                    keep_refund(work, {"voucher_id": voucher.id})
                else:
                    for hand in (self.books.treasurer, self.books.signatory):
                        with acting_as(work, hand):
                            approve_voucher(work, voucher.ref, voucher.content_hash)
                    pay_voucher(work, voucher.ref)
        except NoSuchCreditError:
            assert not enough
        else:
            assert enough
            woman.went_back += amount if paid else 0

    @rule(target=waivers, person_id=members, month=MONTHS, longer=st.integers(0, 2))
    def lets_off(self, person_id: int, month: Month, longer):
        with self.books.work() as work:
            new = NewWaiver(person_id, month, month.shift(longer), "hardship")
            waiver_id = waive(work, new).id
        self.model[person_id].off[waiver_id] = (month, month.shift(longer))
        self.model[person_id].set_right(self.rates)
        return (person_id, waiver_id)

    @rule(waiver=waivers, month=MONTHS)
    def ends_it(self, waiver, month: Month):
        person_id, waiver_id = waiver
        try:
            with self.books.work() as work:
                end_waiver(work, work.session.get_one(Waiver, waiver_id), month)
        except WaiverEndedError:
            return
        self.model[person_id].end(waiver_id, month)
        self.model[person_id].set_right(self.rates)

    @rule(month=MONTHS, amount=st.sampled_from([0, 500, 2500]))
    def sets_a_rate_for_the_past(self, month: Month, amount: int):
        if self.rates.get(month) == amount:
            return
        with self.books.work() as work:
            set_rate(work, self.category, amount, month)
            set_right(work, list(self.model))
        self.rates[month] = amount
        for one in self.model.values():
            one.set_right(self.rates)

    @rule(amount=AMOUNTS, whole=st.booleans())
    def hands_over(self, amount: int, whole):
        with self.books.work() as work:
            hand_over(work, HandOverCash(self.collector, amount, work.clock.today(), whole))
        self.in_hand = 0 if whole else self.in_hand - amount

    @rule()
    def closes_a_month(self):
        """The oldest open month before this one closes: whatever comes late posts forward."""
        with self.books.work(self.books.treasurer) as work:
            first = work.session.scalar(
                text("SELECT min(first_on) FROM accounting_period WHERE status = 'open'")
            )
            if Month.of(first) < LAST:
                close_month(work, Month.of(first), {})

    @rule()
    def seals(self):
        with self.books.work() as work:
            seal_postings(work)

    @invariant()
    def the_books_and_the_model_agree(self):
        expected = {number: (one.owed, one.ahead) for number, one in self.model.items()}
        changed = [number for number, sums in expected.items() if self.seen.get(number) != sums]
        with self.books.work() as work:
            assert work.session.scalars(BROKEN).all() == []
            owed = owed_by(work.session, list(expected))
            held = dict(work.session.execute(HELD, {"people": list(expected)}).all())
            assert {n: (owed.get(n, 0), held.get(n, 0)) for n in expected} == expected
            self._reads_agree(work, changed)
            assert cash_in_hand(work.session, self.collector) == self.in_hand
            head = work.session.scalar(HEAD)
            if head != self.head:
                assert list(broken_seals(work.session)) == []
        self.seen, self.head = expected, head

    def _reads_agree(self, work, people):
        for person_id in people:
            account, expected = account_of(work.session, person_id), self.model[person_id]
            assert (account.owed_minor, account.credit_minor) == (expected.owed, expected.ahead)

    def teardown(self):
        """All of it once more; nothing is left to set right; who was here leaves the next alone."""
        with self.books.work() as work:
            self._reads_agree(work, self.model)
            assert list(broken_seals(work.session)) == []
            assert differences(work.session) == []
            work.session.execute(
                text("UPDATE member SET status = 'left', status_on = '2026-12-01'")
            )


def test_what_each_step_asks_sees_a_changed_leg(own_books):
    with own_books.work() as work:
        seal_postings(work)
        assert work.session.scalars(BROKEN).all() == []
    with own_books.attack(owner=True) as cursor:
        cursor.execute("ALTER TABLE journal_leg DISABLE TRIGGER USER")
        cursor.execute("UPDATE journal_leg SET amount_minor = amount_minor + 1 WHERE position = 1")
    with own_books.work() as work:
        assert {"legs", "ledger.sealed_entries_unchanged"} <= set(work.session.scalars(BROKEN))


@in_parts(6, 15)
def test_in_any_order_the_books_agree(own_books, examples, steps, part):
    own_books.unit.clock.move_to(datetime(2026, 10, 31, 6, tzinfo=UTC))
    machine = type(f"DuesOfThese{part}", (Dues,), {"books": own_books})
    run_state_machine_as_test(
        seed(part)(machine) if part else machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
