from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text

from tests.builders.ledger import make_books, make_receipt
from union.infra.people import new_person
from union.kernel.periods import Month
from union.ledger.errors import (
    EntryIncompleteError,
    EntryUnbalancedError,
    PeriodClosedError,
    ReversalRefusedError,
    SourceReusedError,
)
from union.ledger.models import AccountBalance, AccountDay, AccountingPeriod, EntryText, JournalLeg
from union.ledger.rules import (
    AccountCode,
    EntryKind,
    Narration,
    NewEntry,
    Source,
    collector_cash,
    credit,
    debit,
)
from union.ledger.services import (
    open_books,
    open_collector_cash,
    post_entries,
    post_entry,
    reverse_entry,
)


def charge(amount_minor=2000, happened_on=date(2026, 10, 3), **fields):
    values = {
        "kind": EntryKind.CHARGE,
        "happened_on": happened_on,
        "source": Source("test", 1),
        "legs": (
            debit(AccountCode.DUES_RECEIVABLE, amount_minor),
            credit(AccountCode.DUES_INCOME, amount_minor),
        ),
    }
    return NewEntry(**{**values, **fields})


def balances(work):
    return {
        (row.account_code, row.fund_code): row.balance_minor
        for row in work.session.scalars(
            select(AccountBalance).execution_options(populate_existing=True)
        )
    }


def close(work, first_on):
    work.session.execute(
        text(
            "UPDATE accounting_period SET status = 'closed', closed_at = :at WHERE first_on = :day"
        ),
        {"at": work.clock.now(), "day": first_on},
    )


def test_books_open_once_with_the_financial_year(work):
    assert open_books(work) == Month(2026, 4)
    assert open_books(work, Month(2020, 1)) == Month(2026, 4)


def test_an_entry_is_posted_with_its_legs_and_keeps_the_balances(work):
    make_books(work)
    posted = post_entry(work, charge())
    legs = work.session.scalars(select(JournalLeg).where(JournalLeg.entry_id == posted.id)).all()
    assert [leg.amount_minor for leg in legs] == [2000, -2000]
    assert posted.posted_on == date(2026, 10, 3)
    assert posted.posted_at == work.clock.now()
    assert balances(work) == {("1210", "general"): 2000, ("4010", "general"): -2000}
    day = work.session.get_one(AccountDay, ("4010", "general", date(2026, 10, 3)))
    assert (day.debit_minor, day.credit_minor) == (0, 2000)


def test_the_same_source_posts_once(work):
    make_books(work)
    first = post_entry(work, charge())
    assert post_entry(work, charge()).id == first.id
    assert balances(work)[("1210", "general")] == 2000


def test_the_same_source_with_other_legs_is_told_apart(work):
    make_books(work)
    post_entry(work, charge())
    with pytest.raises(SourceReusedError):
        post_entry(work, charge(amount_minor=2500))


def test_an_entry_that_does_not_balance_is_named_before_the_database_refuses(work):
    with pytest.raises(EntryUnbalancedError):
        post_entry(
            work, charge(legs=(debit(AccountCode.BANK, 5), credit(AccountCode.DONATIONS, 4)))
        )
    with pytest.raises(EntryIncompleteError):
        post_entry(work, charge(legs=()))


@pytest.mark.parametrize(
    ("happened_on", "posted_on"),
    [
        (date(2026, 10, 3), date(2026, 10, 3)),
        (date(2026, 9, 30), date(2026, 9, 30)),
        (date(2026, 8, 31), date(2026, 10, 16)),
        (date(2024, 5, 1), date(2026, 10, 16)),
        (date(2026, 11, 1), date(2026, 10, 16)),
    ],
    ids=["this month", "an open month", "a closed month", "before the books", "days to come"],
)
def test_the_day_it_is_posted_on(work, happened_on, posted_on):
    make_books(work, Month(2026, 8))
    close(work, date(2026, 8, 1))
    assert post_entry(work, charge(happened_on=happened_on)).posted_on == posted_on


def test_a_named_day_in_a_closed_month_is_refused(work):
    make_books(work, Month(2026, 8))
    close(work, date(2026, 8, 1))
    with pytest.raises(PeriodClosedError):
        post_entry(work, charge(posted_on=date(2026, 8, 31)))


def test_books_that_never_began_take_nothing(work):
    with pytest.raises(PeriodClosedError):
        post_entry(work, charge())


def test_months_are_made_up_to_where_the_books_come(work):
    make_books(work)
    post_entry(work, charge())
    assert work.session.scalars(
        select(AccountingPeriod.first_on).order_by(AccountingPeriod.first_on)
    ).all() == [date(2026, month, 1) for month in range(4, 11)]


def test_a_reversal_takes_everything_back_once(work):
    make_books(work)
    posted = post_entry(work, charge())
    reversal = reverse_entry(work, posted.id)
    assert (reversal.reverses_id, reversal.kind) == (posted.id, "reversal")
    assert reverse_entry(work, posted.id).id == reversal.id
    assert set(balances(work).values()) == {0}


def test_a_reversal_is_not_reversed(work):
    make_books(work)
    reversal = reverse_entry(work, make_receipt(work).id)
    with pytest.raises(ReversalRefusedError):
        reverse_entry(work, reversal.id)


def test_words_lie_beside_the_entry_encrypted(work):
    make_books(work)
    person = new_person(work)
    posted = post_entry(work, charge(narration=Narration("for Rani", person.key_ref)))
    beside = work.session.get_one(EntryText, posted.id)
    assert b"Rani" not in beside.body
    read = work.vault.decrypt(beside.key_ref, "entry_text.body", posted.ref, beside.body)
    assert read == "for Rani"


def test_a_collector_has_one_account_for_good(work):
    make_books(work)
    holder = new_person(work)
    code = open_collector_cash(work, 7, holder.id)
    assert code == collector_cash(7) == "1020-0007"
    assert open_collector_cash(work, 7, holder.id) == code
    make_receipt(work, 2000, account=code)
    assert balances(work)[(code, "general")] == 2000


def test_entries_that_are_alike_are_posted_together_in_their_order(work):
    open_books(work)
    post_entry(work, charge(700, source=Source("test", 2)))
    alike = [charge(number * 100, source=Source("test", number)) for number in (9, 7, 8)]
    posted = post_entries(work, [*alike, charge(700, source=Source("test", 2))])
    assert [one.source_id for one in posted] == [9, 7, 8, 2]
    assert len({one.ref for one in posted}) == 4
    assert balances(work)["1210", "general"] == 2400 + 700
    assert [one.id for one in post_entries(work, alike)] == [one.id for one in posted[:3]]
    assert balances(work)["1210", "general"] == 2400 + 700
    assert post_entries(work, []) == []


def test_of_entries_together_one_that_does_not_balance_leaves_none(work):
    open_books(work)
    wrong = charge(1, source=Source("test", 2), legs=(debit("1210", 5), credit("4010", 4)))
    with pytest.raises(EntryUnbalancedError):
        post_entries(work, [charge(), wrong])
    assert balances(work) == {}


def test_entries_that_are_not_alike_are_not_posted_together(work):
    open_books(work)
    other_day = charge(source=Source("test", 2), happened_on=date(2026, 10, 4))
    for others in ([other_day], [charge(400)], [charge(source=Source("else", 2))]):
        with pytest.raises(ValueError, match="alike"):
            post_entries(work, [charge(), *others])
