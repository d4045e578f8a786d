"""Whatever is done to the books, in whatever order: every invariant holds after each step."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from tests.builders.ledger import (
    acting_as,
    make_approved_voucher,
    make_books,
    make_mistake,
    make_person_as,
    make_receipt,
    make_voucher,
)
from union.kernel.actor import Actor, Role
from union.kernel.errors import UnionError
from union.ledger.invariants import INVARIANTS
from union.ledger.queries import trial_balance
from union.ledger.queries.seals import broken_seals
from union.ledger.services import pay_voucher, reverse_entry, seal_postings, withdraw_voucher

amounts = st.integers(1, 10**7)
accounts = st.sampled_from(["1010", "1110"])
funds = st.sampled_from(["general", "welfare"])
days_ago = st.integers(0, 200)
picks = st.integers(0, 50)

steps = st.one_of(
    st.tuples(st.just("receive"), amounts, accounts, funds, days_ago),
    st.tuples(st.just("prepare"), amounts),
    st.tuples(st.just("approve"), amounts),
    st.tuples(st.just("pay"), picks),
    st.tuples(st.just("withdraw"), picks),
    st.tuples(st.just("reverse"), picks),
    st.tuples(st.just("seal"), st.integers(1, 5)),
)


class Desk:
    """Does one step after another; a refusal in words is as good as a deed."""

    def __init__(self, work):
        self.work = work
        self.treasurer = make_person_as(work, Role.TREASURER)
        self.entries = []
        self.vouchers = []

    def receive(self, amount_minor, account, fund, ago):
        day = self.work.clock.today() - timedelta(days=ago)
        self.entries.append(make_receipt(self.work, amount_minor, account, fund, happened_on=day))

    def prepare(self, amount_minor):
        self.vouchers.append(make_voucher(self.work, amount_minor=amount_minor))

    def approve(self, amount_minor):
        self.vouchers.append(make_approved_voucher(self.work, amount_minor=amount_minor))

    def pay(self, pick):
        with acting_as(self.work, self.treasurer):
            self.entries.append(pay_voucher(self.work, self.one_of(self.vouchers, pick).ref))

    def withdraw(self, pick):
        withdraw_voucher(self.work, self.one_of(self.vouchers, pick).ref)

    def reverse(self, pick):
        entry = self.one_of(self.entries, pick)
        way = self.mistaken if entry.kind == "payment" else self.opposite
        self.entries.append(way(entry))

    def mistaken(self, payment):
        return make_mistake(self.work, payment)

    def opposite(self, entry):
        return reverse_entry(self.work, entry.id)

    def seal(self, limit):
        seal_postings(self.work, limit)

    @staticmethod
    def one_of(things, pick):
        if not things:
            raise UnionError
        return things[pick % len(things)]


def do(desk, name, *values):
    nested = desk.work.session.begin_nested()
    try:
        getattr(desk, name)(*values)
    except UnionError:
        nested.rollback()
    else:
        nested.commit()


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(steps, min_size=1, max_size=12))
def test_nothing_done_in_any_order_breaks_a_law(unit, asked):
    with unit.reading(Actor.system("test")) as work:
        make_books(work)
        desk = Desk(work)
        for step in asked:
            do(desk, *step)
            for name, query in INVARIANTS.items():
                assert work.session.execute(text(query)).all() == [], (name, step)
            assert trial_balance(work.session, work.clock.today()).difference_minor == 0
        assert list(broken_seals(work.session)) == []
