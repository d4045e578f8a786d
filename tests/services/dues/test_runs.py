from __future__ import annotations

import random
from datetime import date

import pytest
from sqlalchemy import text

from tests.builders.dues import ask_laws, balance, make_payer, waive
from tests.builders.members import make_branch
from union.dues.errors import MonthAheadError, MonthBeforeBooksError, RateExistsError
from union.dues.models import Charge, DuesSlice
from union.dues.queries.accounts import account_of
from union.dues.queries.due import due_slices
from union.dues.queries.runs import rates
from union.dues.rules.charges import Payer, RatePeriod, WaivedPeriod, month_charge
from union.dues.services import (
    NewWaiver,
    OpeningArrears,
    charge_month,
    open_arrears_batch,
    run_month,
    set_rate,
    set_right,
)
from union.kernel.actor import Actor
from union.kernel.periods import Month
from union.ledger.models import JournalEntry

OCTOBER = Month(2026, 10)
RATES = (
    RatePeriod("", 3000, Month(2019, 1)),
    RatePeriod("", 3500, Month(2026, 9)),
    RatePeriod("man", 1500, Month(2026, 5)),
)


def charged(work, person_id: int, month: Month) -> int:
    query = work.session.query(Charge).filter_by(person_id=person_id, month=month.first_day)
    return sum(one.amount_minor for one in query)


def test_the_run_in_sets_says_the_same_as_the_rule_for_each_woman(work):
    chance = random.Random(20261015)
    for rate in RATES:
        set_rate(work, rate.category, rate.amount_minor, rate.from_month)
    people = [_somebody(work, chance) for _ in range(120)]
    for month in (Month(2026, 8), Month(2026, 9), OCTOBER):
        charge_month(work, month)
        for payer, waived, person_id in people:
            expected = month_charge(payer, month, RATES, waived)
            assert charged(work, person_id, month) == expected.amount_minor, (payer, waived, month)
    ask_laws(work)


def _somebody(work, chance: random.Random):
    """A member as chance will have it: joined, gone, waived, her own fee or none."""
    joined = chance.choice([None, date(2020, 1, 1), date(2026, 9, 15), date(2026, 9, 16)])
    gone = chance.choice([None, None, None, date(2026, 9, 1), date(2026, 9, 30), date(2024, 1, 1)])
    fee = chance.choice([None, None, 0, 2000, 5000])
    category = chance.choice([None, "woman", "man", "trans"])
    member = make_payer(
        work,
        joined_on=joined,
        fee_minor=fee,
        category=category,
        branch=make_branch(work, chance.choice(["Bidar", "Gadag"])),
        **({"status": "left", "status_on": gone} if gone else {}),
    )
    waived = ()
    if chance.random() < 0.3:
        months = chance.choice(
            [(Month(2026, 8), Month(2026, 9)), (OCTOBER, None), (Month(2025, 1), Month(2025, 2))]
        )
        waive(work, NewWaiver(member.person_id, *months, reason="illness", note="ill child"))
        waived = (WaivedPeriod(*months),)
    covered = None
    if chance.random() < 0.2:
        opening = OpeningArrears(member.person_id, None, fee or 0, Month(2026, 8))
        open_arrears_batch(work, [opening], Month(2026, 9))
        covered = Month(2026, 8)
    return Payer(category or "", fee, joined, gone, covered), waived, member.person_id


def test_one_entry_per_branch_and_the_second_run_posts_nothing(work):
    for branch in ("Bidar", "Bidar", "Gadag"):
        make_payer(work, branch=make_branch(work, branch))
    assert [one.charges for one in due_slices(work.session, OCTOBER)] == [2, 1]
    first = charge_month(work, OCTOBER)
    assert (first.charged, first.amount_minor, first.already) == (3, 6000, 0)
    entries = work.session.query(DuesSlice).filter_by(amount_minor=4000).count()
    assert entries == 1
    again = charge_month(work, OCTOBER)
    assert (again.charged, again.amount_minor, again.already) == (0, 0, 3)
    assert balance(work, "4010") == -6000
    ask_laws(work)


def test_branches_are_drawn_together_and_each_keeps_its_slice(unit):
    """Three branches of two, and one in none: two commits' worth, four slices and entries."""
    with unit.begin(Actor.system("test")) as work:
        for name in ("Bidar", "Bidar", "Gadag", "Gadag", "Hassan", "Hassan"):
            make_payer(work, branch=make_branch(work, name))
        nowhere = make_payer(work, branch=make_branch(work, "Udupi"))
        work.session.execute(
            text("UPDATE membership SET until_on = '2026-09-01' WHERE person_id = :id"),
            {"id": nowhere.person_id},
        )
    told = []

    def tell(progress):
        with unit.reading(Actor.system("test")) as work:
            told.append((progress.branch, work.session.query(Charge).count()))

    outcome = run_month(unit, Actor.system("test"), OCTOBER, tell=tell, at_once=4)
    assert (outcome.charged, outcome.amount_minor) == (7, 14000)
    seen = [one for one in told if one[0] in {"Bidar", "Gadag", "Hassan", ""}]
    assert seen == [("Bidar", 4), ("Gadag", 4), ("Hassan", 7), ("", 7)]
    with unit.reading(Actor.system("test")) as work:
        slices = work.session.query(DuesSlice).order_by(DuesSlice.id).all()
        assert [one.charges for one in slices] == [2, 2, 2, 1]
        assert slices[-1].branch_id is None
        entries = work.session.query(JournalEntry).filter_by(source_kind="dues_slice")
        assert {one.source_id for one in entries} == {one.id for one in slices}
        ask_laws(work)


def test_who_came_later_is_charged_by_the_next_run_alone(work):
    make_payer(work)
    charge_month(work, OCTOBER)
    make_payer(work)
    assert charge_month(work, OCTOBER).charged == 1


def test_a_run_tells_how_far_it_is(unit):
    with unit.begin(Actor.system("test")) as work:
        make_payer(work, branch=make_branch(work, "Bidar"))
        make_payer(work, branch=make_branch(work, "Gadag"))
    told = []
    run_month(unit, Actor.system("test"), OCTOBER, tell=told.append)
    assert [one.done for one in told] == list(range(1, told[0].whole + 1))
    named = [one.branch for one in told if one.branch in {"Bidar", "Gadag"}]
    assert named == ["Bidar", "Gadag"]
    assert told[-1].branch == ""


def test_credit_pays_a_month_whole_or_in_part(work):
    rani = make_payer(work)
    open_arrears_batch(work, [OpeningArrears(rani.person_id, None, 1500, OCTOBER)], OCTOBER)
    charge_month(work, OCTOBER)
    assert balance(work, "1210") == 500
    assert balance(work, "2110") == 0
    ask_laws(work)


def test_a_month_to_come_is_not_charged(work):
    with pytest.raises(MonthAheadError):
        charge_month(work, OCTOBER.next())


def test_a_month_before_the_books_is_not_charged(work):
    make_payer(work)
    with pytest.raises(MonthBeforeBooksError):
        charge_month(work, Month(2025, 10))
    assert charge_month(work, Month(2026, 4)).charged == 1


def test_a_rate_written_wrongly_is_written_again_and_both_stay(work):
    woman = make_payer(work, fee_minor=None).person_id
    set_rate(work, "", 2000, OCTOBER)
    charge_month(work, OCTOBER)
    set_rate(work, "", 3000, OCTOBER)
    with pytest.raises(RateExistsError):
        set_rate(work, "", 3000, OCTOBER)
    later = make_payer(work, fee_minor=None).person_id
    charge_month(work, OCTOBER)
    assert (charged(work, woman, OCTOBER), charged(work, later, OCTOBER)) == (2000, 3000)
    assert [one.amount_minor for one in rates(work.session)] == [3000, 2000]
    set_right(work, [woman, later])
    assert account_of(work.session, woman).owed_minor == 3000
    set_rate(work, "", 2000, OCTOBER)
    set_right(work, [woman, later])
    assert account_of(work.session, woman).owed_minor == 2000
    ask_laws(work)
