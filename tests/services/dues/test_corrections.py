from __future__ import annotations

import random
from dataclasses import astuple
from datetime import date

import pytest
from sqlalchemy import text

from tests.builders.dues import ask_laws, balance, make_payer, make_payment, pay_as, waive
from tests.services.dues.test_runs import charged
from union.dues.errors import WaiverEndedError, WaiverEndsFirstError, WaiverNeedsEndError
from union.dues.invariants import INVARIANTS
from union.dues.models import Adjustment, Charge, Waiver
from union.dues.queries.accounts import account_of
from union.dues.queries.corrections import branches_charged, differences
from union.dues.services import (
    NewWaiver,
    OpeningArrears,
    charge_month,
    end_waiver,
    open_arrears_batch,
    set_rate,
    set_right,
)
from union.dues.services.corrections import Found, post_branch, start_differences
from union.kernel.periods import Month

AUGUST, SEPTEMBER, OCTOBER = Month(2026, 8), Month(2026, 9), Month(2026, 10)
JANUARY = Month(2026, 1)


def run(work):
    """One run of differences, in this unit of work."""
    started = start_differences(work)
    parts = [post_branch(work, started.id, one) for one, _ in branches_charged(work.session)]
    found = Found(*(sum(sums) for sums in zip(*map(astuple, parts), strict=True)))
    ask_laws(work)
    for name, query in INVARIANTS.items():
        assert work.session.execute(text(query)).all() == [], name
    return found


def charge(work, *months: Month) -> None:
    for month in months:
        charge_month(work, month)


def joining(work, day: date) -> int:
    return make_payer(work, fee_minor=None, joined_on=day).person_id


def stands(work, person_id: int) -> tuple[int, int]:
    account = account_of(work.session, person_id)
    return account.owed_minor, account.credit_minor


@pytest.fixture
def rated(work):
    """Somebody who pays the rate for everybody, ₹20, charged for August to October."""
    set_rate(work, "", 2000, JANUARY)
    member = make_payer(work, fee_minor=None)
    charge(work, AUGUST, SEPTEMBER, OCTOBER)
    return member.person_id


def test_a_rate_set_for_the_past_posts_what_is_more_as_one_charge_of_today(work, rated):
    set_rate(work, "", 2500, SEPTEMBER)
    found = run(work)
    assert (found.members, found.more_minor, found.less_minor) == (1, 1000, 0)
    more = work.session.query(Charge).filter_by(person_id=rated, kind="more").one()
    assert (more.amount_minor, more.month) == (1000, OCTOBER.first_day)
    for month in (AUGUST, SEPTEMBER, OCTOBER):
        fee = work.session.query(Charge).filter_by(
            person_id=rated, kind="fee", month=month.first_day
        )
        assert fee.one().amount_minor == 2000
    assert stands(work, rated) == (7000, 0)
    assert balance(work, "4010") == -7000


def test_a_second_run_of_differences_finds_nothing(work, rated):
    set_rate(work, "", 2500, SEPTEMBER)
    run(work)
    before = work.session.query(Adjustment).count()
    assert run(work).members == 0
    assert differences(work.session) == []
    assert work.session.query(Adjustment).count() == before


def test_a_lower_rate_comes_off_what_is_open_and_is_credit_where_it_was_paid(work, rated):
    make_payment(work, rated, 3000)
    set_rate(work, "", 1500, AUGUST)
    found = run(work)
    assert (found.more_minor, found.less_minor) == (0, 1500)
    # ₹5 too much of August was paid: it goes on to the oldest month still open.
    assert stands(work, rated) == (1500, 0)
    assert work.session.query(Charge).filter_by(person_id=rated, kind="more").count() == 0


def test_two_changes_after_one_another_are_two_differences(work, rated):
    set_rate(work, "", 2500, SEPTEMBER)
    run(work)
    set_rate(work, "", 2600, OCTOBER)
    assert run(work).more_minor == 100
    parts = work.session.query(Charge.part).filter_by(person_id=rated, kind="more")
    assert sorted(part for (part,) in parts) == [1, 2]


def test_let_off_for_months_charged_before_she_owes_less_at_once(work, rated):
    waive(work, NewWaiver(rated, SEPTEMBER, None, "detained"))
    assert stands(work, rated) == (2000, 0)
    assert balance(work, "4020") == 4000
    assert run(work).members == 0


def test_let_off_for_months_she_had_paid_she_has_it_ahead(work, rated):
    make_payment(work, rated, 6000)
    waive(work, NewWaiver(rated, SEPTEMBER, SEPTEMBER, "illness"))
    assert stands(work, rated) == (0, 2000)
    ask_laws(work)


def test_a_waiver_ended_early_charges_the_months_after_it(work, rated):
    waiver = waive(work, NewWaiver(rated, AUGUST, None, "illness"))
    assert stands(work, rated) == (0, 0)
    end_waiver(work, waiver, AUGUST)
    assert stands(work, rated) == (4000, 0)
    with pytest.raises(WaiverEndedError):
        end_waiver(work, waiver, AUGUST)


def test_a_waiver_taken_back_whole_never_was(work, rated):
    waiver = waive(work, NewWaiver(rated, AUGUST, OCTOBER, "hardship"))
    end_waiver(work, waiver, Month(2020, 1))
    assert stands(work, rated) == (6000, 0)
    assert run(work).members == 0


def test_an_ended_waiver_lets_the_next_month_be_charged(work, rated, clock):
    waiver = waive(work, NewWaiver(rated, Month(2026, 11), None, "detained"))
    end_waiver(work, waiver, Month(2026, 11))
    clock.move_to(clock.now().replace(month=12, day=20))
    charge(work, Month(2026, 11), Month(2026, 12))
    assert charged(work, rated, Month(2026, 11)) == 0
    assert charged(work, rated, Month(2026, 12)) == 2000


@pytest.mark.parametrize(
    ("reason", "until", "refusal"),
    [
        ("hardship", None, WaiverNeedsEndError),
        ("holiday", None, WaiverNeedsEndError),
        ("holiday", Month(2028, 11), WaiverNeedsEndError),
        ("illness", Month(2026, 9), WaiverEndsFirstError),
    ],
)
def test_a_waiver_without_a_sound_end_is_refused(work, reason, until, refusal):
    member = make_payer(work)
    with pytest.raises(refusal):
        waive(work, NewWaiver(member.person_id, OCTOBER, until, reason))
    assert work.session.query(Waiver).count() == 0


def test_who_pays_as_another_category_pays_its_rate_from_then_on(work, rated):
    set_rate(work, "elder", 500, JANUARY)
    pay_as(work, rated, "elder", SEPTEMBER)
    assert stands(work, rated) == (2000 + 500 + 500, 0)
    ask_laws(work)


def test_a_category_ends_a_fee_of_her_own(work):
    set_rate(work, "elder", 500, JANUARY)
    member = make_payer(work, fee_minor=5000)
    pay_as(work, member.person_id, "elder", OCTOBER)
    charge(work, SEPTEMBER, OCTOBER)
    assert charged(work, member.person_id, SEPTEMBER) == 5000
    assert charged(work, member.person_id, OCTOBER) == 500


def test_who_turns_out_to_have_left_owes_nothing_from_that_month_on(work, rated):
    work.session.execute(
        text("UPDATE member SET status = 'left', status_on = '2026-09-10' WHERE person_id = :p"),
        {"p": rated},
    )
    assert [one.why for one in differences(work.session)] == ["gone", "gone"]
    run(work)
    assert stands(work, rated) == (2000, 0)


def test_months_taken_over_from_a_register_are_left_alone(work):
    member = make_payer(work, fee_minor=2000)
    open_arrears_batch(work, [OpeningArrears(member.person_id, None, 2000, AUGUST)], OCTOBER)
    charge(work, OCTOBER)
    set_rate(work, "", 9900, JANUARY)
    assert run(work).members == 0
    assert stands(work, member.person_id) == (4000, 0)


def test_setting_one_right_leaves_the_others_for_the_run(work, rated):
    other = make_payer(work, fee_minor=None).person_id
    charge(work, OCTOBER)
    set_rate(work, "", 2500, OCTOBER)
    set_right(work, [rated])
    assert stands(work, other) == (2000, 0)
    assert run(work).more_minor == 500


def test_whatever_changes_each_month_comes_out_at_what_it_costs(work):
    chance = random.Random(3)
    set_rate(work, "", 2000, JANUARY)
    people = [
        make_payer(
            work, fee_minor=None, joined_on=date(2026, 8, chance.choice([1, 15, 16]))
        ).person_id
        for _ in range(12)
    ]
    charge(work, AUGUST, SEPTEMBER, OCTOBER)
    for person_id in people:
        if chance.random() < 0.5:
            make_payment(work, person_id, chance.choice([1000, 2000, 6000, 9000]))
    set_rate(work, "", chance.choice([1500, 2700]), SEPTEMBER)
    set_rate(work, "elder", 700, JANUARY)
    for person_id in people:
        if chance.random() < 0.4:
            pay_as(work, person_id, "elder", chance.choice([AUGUST, OCTOBER]))
        if chance.random() < 0.4:
            waive(
                work, NewWaiver(person_id, chance.choice([AUGUST, SEPTEMBER]), OCTOBER, "holiday")
            )
    run(work)
    assert differences(work.session) == []
    for person_id in people:
        owed, ahead = stands(work, person_id)
        assert owed == 0 or ahead == 0
