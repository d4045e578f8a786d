"""The second hand on cash handed in, and differences until they are settled."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.builders.dues import ask_laws, balance, make_payer, make_payment
from tests.builders.ledger import make_mistake
from union.dues.errors import DifferenceSettledError, SameHandError, SignedBeforeError
from union.dues.queries.handing import differences, hand_over_by_ref
from union.dues.queries.rounds import collector_rounds
from union.dues.services import (
    HandOverCash,
    How,
    IssueBook,
    SettleDifference,
    SignHandOver,
    close_round,
    collector_for_person,
    give_up_difference,
    hand_over,
    issue_book,
    settle_difference,
    settle_signature,
    sign_hand_over,
)
from union.infra.people import new_person
from union.kernel.actor import Actor, Grant, Role
from union.kernel.periods import Month
from union.ledger.models import Voucher
from union.ledger.queries.keeping import must_clear_left
from union.ledger.services import approve_voucher, pay_voucher


@pytest.fixture
def uma(work):
    """A collector with ₹100 in hand."""
    walker = make_payer(work, called="Uma")
    book = {"collector_person_id": walker.person_id, "receipt_no": 1}
    make_payment(work, make_payer(work).person_id, 10000, **book)
    return collector_for_person(work, walker.person_id)


def officer(work, role=Role.TREASURER):
    return Actor(new_person(work).id, 1, frozenset({Grant(role)}))


def by(work, actor):
    return dataclasses.replace(work, actor=actor)


def counted(work, uma, treasurer, minor):
    cash = HandOverCash(uma.id, minor, work.clock.today())
    return hand_over(by(work, treasurer), cash).ref


def test_who_counted_never_signs_and_the_collector_signs_once(work, uma):
    treasurer = officer(work)
    ref = counted(work, uma, treasurer, 10000)
    assert hand_over_by_ref(work.session, ref).state == "waiting"
    with pytest.raises(SameHandError):
        sign_hand_over(by(work, treasurer), SignHandOver(ref))
    herself = Actor(uma.person_id, 1, frozenset())
    sign_hand_over(by(work, herself), SignHandOver(ref))
    assert hand_over_by_ref(work.session, ref).state == "signed"
    with pytest.raises(SignedBeforeError):
        sign_hand_over(by(work, herself), SignHandOver(ref))


def test_a_signature_that_differs_stays_open_until_a_third_looked(work, uma):
    treasurer, third = officer(work), officer(work, Role.SIGNATORY)
    ref = counted(work, uma, treasurer, 6000)
    sign_hand_over(by(work, Actor(uma.person_id, 1, frozenset())), SignHandOver(ref, 10000))
    assert hand_over_by_ref(work.session, ref).state == "differs"
    with pytest.raises(SameHandError):
        settle_signature(by(work, treasurer), ref)
    settle_signature(by(work, third), ref)
    assert hand_over_by_ref(work.session, ref).state == "settled"


def short_of(work, uma, treasurer):
    counted(work, uma, treasurer, 6000)
    (one,) = differences(work.session, uma.id)
    assert one.left_minor == -4000
    assert balance(work, "1090") == 4000
    return one.difference.ref


def test_what_is_short_is_brought_in_parts_and_never_more_than_there_is(work, uma):
    treasurer = officer(work)
    ref = short_of(work, uma, treasurer)
    desk = by(work, treasurer)
    settle_difference(desk, SettleDifference(ref, How.BROUGHT, 1500))
    with pytest.raises(DifferenceSettledError):
        settle_difference(desk, SettleDifference(ref, How.BROUGHT, 2501))
    with pytest.raises(DifferenceSettledError):
        settle_difference(desk, SettleDifference(ref, How.KEPT, 100))
    herself = by(work, Actor(uma.person_id, 1, frozenset()))
    with pytest.raises(SameHandError):
        settle_difference(herself, SettleDifference(ref, How.BROUGHT, 100))
    settle_difference(desk, SettleDifference(ref, How.BROUGHT, 2500))
    assert differences(work.session, uma.id)[0].left_minor == 0
    assert (balance(work, "1090"), balance(work, "1010")) == (0, 10000)
    ask_laws(work)


def test_what_is_settled_after_its_month_lets_that_month_close(work, uma, clock):
    treasurer = officer(work)
    ref = short_of(work, uma, treasurer)
    ended = Month.of(work.clock.today())
    clock.move_to(datetime.combine(ended.next().first_day, time(6), UTC) + timedelta(days=2))
    assert must_clear_left(work.session, ended.last_day) == {"1090": 4000}
    settle_difference(by(work, treasurer), SettleDifference(ref, How.BROUGHT, 4000))
    assert must_clear_left(work.session, ended.last_day) == {}
    ask_laws(work)


def test_what_is_given_up_after_its_month_lets_that_month_close(work, uma, clock):
    treasurer, signatory = officer(work), officer(work, Role.SIGNATORY)
    ref = short_of(work, uma, treasurer)
    ended = Month.of(work.clock.today())
    clock.move_to(datetime.combine(ended.next().first_day, time(6), UTC) + timedelta(days=2))
    made = settle_difference(by(work, treasurer), SettleDifference(ref, How.GIVEN_UP, 4000))
    voucher = work.session.query(Voucher).filter_by(ref=made["voucher"]).one()
    for hand in (treasurer, signatory):
        approve_voucher(by(work, hand), voucher.ref, voucher.content_hash)
    assert pay_voucher(by(work, treasurer), voucher.ref).posted_on == ended.last_day
    assert must_clear_left(work.session, ended.last_day) == {}
    ask_laws(work)


def test_what_is_short_is_given_up_by_two_hands_only(work, uma):
    treasurer, signatory = officer(work), officer(work, Role.SIGNATORY)
    ref = short_of(work, uma, treasurer)
    made = settle_difference(by(work, treasurer), SettleDifference(ref, How.GIVEN_UP, 4000))
    voucher = work.session.query(Voucher).filter_by(ref=made["voucher"]).one()
    assert differences(work.session, uma.id)[0].left_minor == -4000
    for hand in (treasurer, signatory):
        approve_voucher(by(work, hand), voucher.ref, voucher.content_hash)
    pay_voucher(by(work, treasurer), voucher.ref)
    for _ in range(2):
        give_up_difference(work, {"voucher_id": voucher.id})
    assert differences(work.session, uma.id)[0].left_minor == 0
    assert (balance(work, "1090"), balance(work, "5320")) == (0, 4000)
    ask_laws(work)


def test_what_was_given_up_by_mistake_waits_on_its_voucher_and_is_given_up_once(work, uma):
    treasurer, signatory = officer(work), officer(work, Role.SIGNATORY)
    ref = short_of(work, uma, treasurer)
    desk = by(work, treasurer)
    made = settle_difference(desk, SettleDifference(ref, How.GIVEN_UP, 4000))
    voucher = work.session.query(Voucher).filter_by(ref=made["voucher"]).one()
    for hand in (treasurer, signatory):
        approve_voucher(by(work, hand), voucher.ref, voucher.content_hash)
    paid = pay_voucher(desk, voucher.ref)
    give_up_difference(work, {"voucher_id": voucher.id})
    make_mistake(work, paid)
    (one,) = differences(work.session, uma.id)
    assert (one.left_minor, one.promised_minor, one.free_minor) == (-4000, 4000, 0)
    assert balance(work, "1090") == 4000
    pay_voucher(desk, voucher.ref)
    give_up_difference(work, {"voucher_id": voucher.id})
    (one,) = differences(work.session, uma.id)
    assert (one.left_minor, one.free_minor, balance(work, "1090")) == (0, 0, 0)
    with pytest.raises(DifferenceSettledError):
        settle_difference(desk, SettleDifference(ref, How.BROUGHT, 4000))
    ask_laws(work)


def test_what_is_too_much_is_kept_or_given_back(work, uma):
    treasurer = officer(work)
    counted(work, uma, treasurer, 10500)
    (one,) = differences(work.session, uma.id)
    assert one.left_minor == 500
    desk = by(work, treasurer)
    back = SettleDifference(one.difference.ref, How.GIVEN_BACK, 300)
    with pytest.raises(SameHandError):
        settle_difference(desk, back)
    settle_difference(by(work, officer(work)), back)
    settle_difference(by(work, treasurer), SettleDifference(one.difference.ref, How.KEPT, 200))
    assert differences(work.session, uma.id)[0].left_minor == 0
    assert (balance(work, "1090"), balance(work, "4190")) == (0, -200)
    ask_laws(work)


def round_of(work, uma):
    (one,) = collector_rounds(work, [uma.id])
    return one


def test_cash_taken_since_the_count_is_in_her_hands_and_not_short(work, clock, uma):
    """A receipt of her book is missing, so that nothing is closed: what seems is of that count."""
    walker = make_payer(work).person_id
    issue_book(work, IssueBook(uma.card_number, 1, 50, work.clock.today()))
    third = {"collector_person_id": uma.person_id, "receipt_no": 3}
    make_payment(work, walker, 2000, **third)
    counted(work, uma, officer(work), 9000)
    seems = round_of(work, uma)
    assert (seems.fresh, seems.open_minor) == (False, 0)
    assert seems.off_minor == seems.count.likely_difference_minor < 0
    clock.move_to(clock.now() + timedelta(hours=1))
    make_payment(work, walker, 2000, **{**third, "receipt_no": 4})
    fresh = round_of(work, uma)
    assert (fresh.fresh, fresh.off_minor, fresh.count.in_hand_minor) == (True, 0, 5000)


def test_what_was_handed_in_and_is_not_booked_lowers_nothing_she_holds(work, clock, uma):
    """₹160 were counted and ₹120 are booked: one receipt is missing. Since then she took ₹30."""
    walker = make_payer(work).person_id
    issue_book(work, IssueBook(uma.card_number, 1, 50, work.clock.today()))
    third = {"collector_person_id": uma.person_id, "receipt_no": 3}
    make_payment(work, walker, 2000, **third)
    counted(work, uma, officer(work), 16000)
    waits = round_of(work, uma).count
    assert (waits.in_hand_minor, waits.held_minor, waits.not_booked_minor) == (-4000, 0, 4000)
    clock.move_to(clock.now() + timedelta(hours=1))
    make_payment(work, walker, 3000, **{**third, "receipt_no": 4})
    since = round_of(work, uma).count
    assert (since.in_hand_minor, since.held_minor, since.not_booked_minor) == (-1000, 3000, 4000)
    close_round(by(work, officer(work)), uma.id)
    after = round_of(work, uma)
    assert (after.count.in_hand_minor, after.count.held_minor, after.fresh) == (0, 0, False)


def test_what_is_settled_of_a_difference_is_off_no_more(work, uma):
    treasurer = officer(work)
    ref = short_of(work, uma, treasurer)
    assert (round_of(work, uma).off_minor, round_of(work, uma).open_minor) == (-4000, -4000)
    settle_difference(by(work, treasurer), SettleDifference(ref, How.BROUGHT, 4000))
    assert (round_of(work, uma).off_minor, round_of(work, uma).open_minor) == (0, 0)
