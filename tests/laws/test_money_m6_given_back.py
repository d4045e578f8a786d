"""A collector's surplus attacked by hand: who counted it gives none of it back."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.builders.dues import make_payer, make_payment
from tests.laws.money import refused
from union.dues.errors import SameHandError
from union.dues.models import Collector
from union.dues.queries.collectors import collector_of
from union.dues.queries.phones import device_of
from union.dues.services import (
    HandOverCash,
    How,
    SettleDifference,
    close_round,
    collector_for_person,
    hand_over,
    register_phone,
    settle_difference,
)
from union.kernel.actor import Actor, Grant, Role
from union.ledger.queries import control_balance

NOW = "'2026-10-16T00:00:00Z'"
LAW = "dues_m6_given_back_by_another"


def officer(person_id):
    return Actor(person_id, 1, frozenset({Grant(Role.TREASURER)}))


@pytest.fixture
def people(own_books):
    """Uma took ₹50; one counted ₹20 of it, another ₹70, a third booked that ₹40 are too much."""
    with own_books.work() as work:
        names = ("first", "second", "booked", "fourth")
        found = {name: make_payer(work).person_id for name in names}
        found["first2"], found["uma2"] = (make_payer(work).person_id for _ in range(2))
        uma = make_payer(work, card_number="KA/08500").person_id
        rani = make_payer(work).person_id
        make_payment(work, rani, 5000, collector_person_id=uma, receipt_no=1)
        collector = collector_for_person(work, uma)
    with own_books.attack(owner=True) as cursor:
        for twin, kept in (("first2", found["first"]), ("uma2", uma)):
            cursor.execute(
                "UPDATE member SET merged_into = %s WHERE person_id = %s", [kept, found[twin]]
            )
    for who, counted in (("first", 2000), ("second", 7000)):
        with own_books.work(officer(found[who])) as work:
            day = work.clock.today()
            hand_over(work, HandOverCash(collector.id, counted, day, whole=False))
    with own_books.work(officer(found["booked"])) as work:
        over = close_round(work, collector.id)
    return {**found, "uma": uma, "collector": collector.id, "over": over.id, "ref": over.ref}


@pytest.mark.parametrize("who", ["first", "first2", "second", "booked"])
def test_nobody_who_counted_it_gives_it_back(own_books, people, who):
    with refused(LAW), own_books.attack() as cursor:
        cursor.execute(
            "INSERT INTO difference_settlement (ref, difference_id, amount_minor, how,"
            f" happened_on, made_at, made_by) VALUES ('zzzzzzzzzzzz', {people['over']}, 4000,"
            f" 'given_back', '2026-10-16', {NOW}, {people[who]})"
        )
    back = SettleDifference(people["ref"], How.GIVEN_BACK, 4000)
    with pytest.raises(SameHandError), own_books.work(officer(people[who])) as work:
        settle_difference(work, back)


def test_another_gives_it_back_and_who_counted_may_keep_it_for_the_union(own_books, people):
    back, kept = (SettleDifference(people["ref"], how, 2000) for how in (How.GIVEN_BACK, How.KEPT))
    with own_books.work(officer(people["fourth"])) as work:
        settle_difference(work, back)
    with own_books.work(officer(people["first"])) as work:
        settle_difference(work, kept)
        assert control_balance(work.session, "1090") == 0


def test_who_counted_a_round_before_gives_back_what_was_too_much_of_this_one(own_books, people):
    with own_books.work(officer(people["fourth"])) as work:
        hand_over(work, HandOverCash(people["collector"], 300, work.clock.today(), whole=False))
        over = close_round(work, people["collector"])
        counted = set(work.session.scalars(text(f"SELECT dues_counted({over.id})")))
        assert counted == {people["fourth"]}
    with own_books.work(officer(people["first"])) as work:
        settle_difference(work, SettleDifference(over.ref, How.GIVEN_BACK, 300))


def test_a_collectors_round_and_phones_are_hers_under_each_of_her_entries(own_books, people):
    with own_books.work(Actor(people["uma"], 1, frozenset())) as work:
        phone = register_phone(work)
    with own_books.work(Actor(people["uma2"], 1, frozenset())) as work:
        for mine in ("uma", "uma2"):
            found = collector_of(work.session, people[mine])
            assert found is not None
            assert found.id == people["collector"]
            assert device_of(work.session, phone.ref, people[mine]).id == phone.id
        assert collector_of(work.session, people["first"]) is None
        assert collector_for_person(work, people["uma2"]).id == people["collector"]
        assert work.session.query(Collector).count() == 1
