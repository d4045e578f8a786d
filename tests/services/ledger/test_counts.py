"""A count holds once another saw it; what it found waits until another settled it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from tests.builders.counting import count_box, make_officer
from tests.builders.ledger import acting_as, make_books, make_person_as, make_receipt
from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError, NotFoundError
from union.ledger.errors import (
    AmountNotPositiveError,
    CountAnsweredError,
    CountChangedError,
    CountedAgainError,
    CountSettledError,
    GivenUpElsewhenError,
    NoAccountError,
    OwnCountError,
    PayeeApprovesError,
)
from union.ledger.invariants import INVARIANTS
from union.ledger.queries import control_balance
from union.ledger.queries.counts import (
    count_by_ref,
    counts_of,
    counts_that_differ,
    counts_to_see,
    counts_waiting,
    latest_counts,
    settlements_of,
    voucher_of,
)
from union.ledger.queries.keeping import must_clear_left
from union.ledger.services import (
    CountEnd,
    approve_voucher,
    count_cash,
    pay_voucher,
    settle_count,
    withdraw_voucher,
    witness_count,
)

OCTOBER_ENDS = date(2026, 10, 31)


@pytest.fixture
def box(work):
    """Petty cash of ₹1,000, with a treasurer at it."""
    make_books(work)
    make_receipt(work, 100_000, account="1030")
    work.actor = make_officer(work, Role.TREASURER)
    return work


@pytest.fixture
def signatory(box):
    return make_officer(box, Role.SIGNATORY)


def see(work, actor, count, *, agrees=True):
    with acting_as(work, actor):
        return witness_count(work, count.ref, agrees=agrees)


def settle(work, actor, count, how, amount):
    with acting_as(work, actor):
        return settle_count(work, count.ref, CountEnd(how), amount)


def test_what_is_settled_after_its_month_lets_that_month_close(box, signatory, clock):
    count = count_cash(box, "1030", {50000: 1, 20000: 2}, 100_000)
    see(box, signatory, count)
    clock.move_to(datetime(2026, 11, 3, 6, tzinfo=UTC))
    assert must_clear_left(box.session, OCTOBER_ENDS) == {"1090": 10_000}
    settle(box, signatory, count, "found", 10_000)
    assert must_clear_left(box.session, OCTOBER_ENDS) == {}
    assert settlements_of(box.session, count)[0].happened_on == OCTOBER_ENDS


def test_nothing_is_booked_before_another_saw_it(box, signatory):
    count = count_cash(box, "1030", {50000: 1, 20000: 2}, 100_000)
    assert count_by_ref(box.session, count.ref).waits
    assert (control_balance(box.session, "1030"), control_balance(box.session, "1090")) == (
        100_000,
        0,
    )
    assert counts_to_see(box.session, signatory.person_id) == 1
    assert counts_to_see(box.session, box.actor.person_id) == 0
    seen = see(box, signatory, count)
    assert (seen.seen, seen.left_minor) == (True, 10_000)
    assert control_balance(box.session, "1030") == 90_000
    assert must_clear_left(box.session, OCTOBER_ENDS) == {"1090": 10_000}
    assert counts_waiting(box.session) == []
    assert latest_counts(box.session)["1030"].seen


def test_a_count_that_agrees_books_nothing(box, signatory):
    count_box(box, "1030", 100_000)
    assert must_clear_left(box.session, OCTOBER_ENDS) == {}
    assert counts_that_differ(box.session) == []
    with pytest.raises(CountChangedError):
        count_cash(box, "1030", {50000: 2}, 90_000)


def test_who_counted_is_no_witness_and_neither_is_who_is_not_signed_in(box, signatory):
    count = count_cash(box, "1030", {50000: 2}, 100_000)
    with pytest.raises(OwnCountError):
        witness_count(box, count.ref, agrees=True)
    for actor, error in (
        (make_person_as(box, Role.SIGNATORY), NoAccountError),
        (make_officer(box, Role.COLLECTOR), NotAllowedError),
    ):
        with pytest.raises(error):
            see(box, actor, count)
    see(box, signatory, count)
    with pytest.raises(CountAnsweredError):
        see(box, make_officer(box, Role.TRUSTEE), count)
    with pytest.raises(NotFoundError):
        witness_count(box, "nothing", agrees=True)


def test_a_count_seen_otherwise_books_nothing_and_the_box_is_counted_anew(box, signatory):
    first = count_cash(box, "1030", {50000: 1}, 100_000)
    assert not see(box, signatory, first, agrees=False).seen
    assert control_balance(box.session, "1090") == 0
    second = count_cash(box, "1030", {20000: 4}, 100_000)
    third = count_cash(box, "1030", {20000: 5}, 100_000)
    with pytest.raises(CountedAgainError):
        see(box, signatory, second)
    see(box, signatory, third)
    assert [view.seen for view in counts_of(box.session, "1030")] == [True, False, False]


def test_what_is_missing_is_found_or_given_up_by_two_who_did_not_count(box, signatory):
    treasurer, other = box.actor, make_officer(box, Role.TREASURER, Role.SIGNATORY)
    count = count_box(box, "1030", 90_000)
    with pytest.raises(OwnCountError):
        settle_count(box, count.ref, CountEnd.FOUND, 4_000)
    settle(box, signatory, count, "found", 4_000)
    assert control_balance(box.session, "1030") == 94_000
    made = settle(box, signatory, count, "given_up", 6_000)
    assert count_by_ref(box.session, count.ref).left_minor == 0
    voucher = voucher_of(box.session, count)
    assert made == {"voucher": voucher.ref}
    with pytest.raises(PayeeApprovesError), acting_as(box, treasurer):
        approve_voucher(box, voucher.ref, voucher.content_hash)
    for actor in (signatory, other):
        with acting_as(box, actor):
            approve_voucher(box, voucher.ref, voucher.content_hash)
    pay_voucher(box, voucher.ref)
    assert must_clear_left(box.session, OCTOBER_ENDS) == {}
    assert control_balance(box.session, "5320") == 6_000
    assert counts_that_differ(box.session) == []


@pytest.fixture
def given_up(box, signatory, clock):
    """Petty cash of October is ₹100 short; in November two have signed that it is given up."""
    count = count_cash(box, "1030", {50000: 1, 20000: 2}, 100_000)
    see(box, signatory, count)
    clock.move_to(datetime(2026, 11, 3, 6, tzinfo=UTC))
    ref = settle(box, signatory, count, "given_up", 10_000)["voucher"]
    for actor in (signatory, make_officer(box, Role.SIGNATORY)):
        with acting_as(box, actor):
            approve_voucher(box, ref, voucher_of(box.session, count).content_hash)
    return ref


def test_what_is_given_up_is_booked_on_the_last_day_of_its_own_month(box, given_up):
    assert pay_voucher(box, given_up).posted_on == OCTOBER_ENDS
    assert must_clear_left(box.session, OCTOBER_ENDS) == {}


@pytest.mark.parametrize("said", [date(2026, 11, 3), date(2026, 9, 30)])
def test_a_day_of_another_month_would_lock_both_and_is_refused(box, given_up, said):
    with pytest.raises(GivenUpElsewhenError):
        pay_voucher(box, given_up, said)
    assert must_clear_left(box.session, OCTOBER_ENDS) == {"1090": 10_000}
    pay_voucher(box, given_up, date(2026, 10, 20))
    assert must_clear_left(box.session, OCTOBER_ENDS) == {}


def test_a_voucher_let_go_leaves_the_difference_open_again(box, signatory):
    count = count_box(box, "1030", 90_000)
    made = settle(box, signatory, count, "given_up", 10_000)
    with pytest.raises(CountSettledError):
        settle(box, signatory, count, "found", 1)
    with acting_as(box, signatory):
        withdraw_voucher(box, made["voucher"])
    assert count_by_ref(box.session, count.ref).left_minor == 10_000


def test_too_much_is_given_back_or_kept(box, signatory):
    count = count_box(box, "1030", 103_000)
    settle(box, signatory, count, "given_back", 1_000)
    settle(box, signatory, count, "kept", 2_000)
    assert control_balance(box.session, "1030") == 102_000
    assert control_balance(box.session, "4190") == -2_000
    assert must_clear_left(box.session, OCTOBER_ENDS) == {}
    assert [one.how for one in settlements_of(box.session, count)] == ["given_back", "kept"]


@pytest.mark.parametrize(
    ("counted", "how", "amount", "error"),
    [
        (90_000, "found", 10_001, CountSettledError),
        (90_000, "kept", 100, CountSettledError),
        (90_000, "given_back", 100, CountSettledError),
        (103_000, "found", 100, CountSettledError),
        (103_000, "kept", 0, AmountNotPositiveError),
    ],
)
def test_a_difference_ends_as_what_it_is_and_no_larger(box, signatory, counted, how, amount, error):
    count = count_box(box, "1030", counted)
    with pytest.raises(error):
        settle(box, signatory, count, how, amount)


def test_what_nobody_saw_has_nothing_to_settle(box, signatory):
    count = count_cash(box, "1030", {50000: 1}, 100_000)
    with pytest.raises(CountSettledError):
        settle(box, signatory, count, "found", 1)


def test_the_invariants_hold_of_counts(box, signatory):
    settle(box, signatory, count_box(box, "1030", 90_000), "found", 4_000)
    for name in ("ledger.counts_are_seen_by_another", "ledger.counts_are_booked_as_seen"):
        assert box.session.connection().exec_driver_sql(INVARIANTS[name]).all() == []
