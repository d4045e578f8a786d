"""Money given back: months are owed again, credit goes, and the books agree at every step."""

from __future__ import annotations

import pytest

from tests.builders.cards import make_line
from tests.builders.dues import ask_laws, balance, make_payer, make_payment, waive
from union.dues.errors import PartGivenBackError, ReceiptTakenError
from union.dues.queries.accounts import account_of
from union.dues.rules.returning import ReturnTooLargeError
from union.dues.services import NewWaiver, TakeBack, charge_month, take_back
from union.dues.services.returns import ReturnOfPayment, could_give_back, give_back, take_again
from union.kernel.periods import Month
from union.ledger.rules import EntryKind, NewEntry, Source, credit, debit
from union.ledger.services import open_books, post_entry


@pytest.fixture
def paid(work):
    """A member who owed two months and gave ₹50 by card."""
    open_books(work)
    payer = make_payer(work)
    charge_month(work, Month(2026, 9))
    charge_month(work, Month(2026, 10))
    make_line(work, "payment", 5000, ref="x")
    return make_payment(work, payer.person_id, 5000, method="card", source="card:x")


def take_from_provider(work, amount_minor: int) -> None:
    """What the card company did: money out (+) or back in (−), against the must-clear account."""
    line = make_line(work, "refund" if amount_minor > 0 else "refund_back", -amount_minor)
    legs = (debit("1195", amount_minor), credit("1120", amount_minor))
    entry = NewEntry(
        EntryKind.CARD_REFUND, work.clock.today(), Source("provider_event", line.id), legs
    )
    post_entry(work, entry)


def back(work, payment, amount_minor: int, source: str) -> ReturnOfPayment:
    return ReturnOfPayment(payment.id, amount_minor, work.clock.today(), source)


def test_a_part_given_back_is_taken_from_what_she_has_ahead(work, paid):
    take_from_provider(work, 600)
    give_back(work, back(work, paid, 600, "r:1"))
    ask_laws(work)
    account = account_of(work.session, paid.person_id)
    assert (account.owed_minor, account.credit_minor) == (0, 400)
    assert balance(work, "1195") == 0


def test_all_given_back_is_owed_again_and_may_come_again(work, paid):
    take_from_provider(work, 5000)
    give_back(work, back(work, paid, 5000, "r:1"))
    ask_laws(work)
    account = account_of(work.session, paid.person_id)
    assert (account.owed_minor, account.credit_minor) == (4000, 0)
    assert [month.month for month in account.open_months] == [9, 10]
    take_from_provider(work, -5000)
    take_again(work, back(work, paid, 5000, "r:2"))
    ask_laws(work)
    account = account_of(work.session, paid.person_id)
    assert (account.owed_minor, account.credit_minor) == (0, 1000)
    assert (balance(work, "1195"), balance(work, "1210"), balance(work, "2110")) == (0, 0, -1000)


def test_the_same_giving_back_twice_is_done_once(work, paid):
    take_from_provider(work, 600)
    asked = back(work, paid, 600, "r:1")
    assert give_back(work, asked).id == give_back(work, asked).id
    ask_laws(work)
    assert account_of(work.session, paid.person_id).credit_minor == 400
    with pytest.raises(ReceiptTakenError):
        give_back(work, back(work, paid, 700, "r:1"))


def let_off(work, payer, *months: Month) -> None:
    for month in months:
        waive(work, NewWaiver(payer.person_id, month, month, "hardship"))


def test_what_was_let_off_is_no_money_to_give_back(work, paid):
    """Of ₹50 paid, ₹20 become credit when September is let off: ₹50 is still all there is."""
    let_off(work, paid, Month(2026, 9))
    account = account_of(work.session, paid.person_id)
    assert (account.owed_minor, account.credit_minor) == (0, 3000)
    assert could_give_back(work, paid.person_id) == 5000
    take_from_provider(work, 5000)
    give_back(work, back(work, paid, 5000, "r:1"))
    ask_laws(work)
    account = account_of(work.session, paid.person_id)
    assert (account.owed_minor, account.credit_minor) == (2000, 0)
    assert [month.month for month in account.open_months] == [10]


def test_a_month_let_off_unpaid_gives_nothing_back(work):
    open_books(work)
    payer = make_payer(work)
    charge_month(work, Month(2026, 9))
    let_off(work, payer, Month(2026, 9))
    payment = make_payment(work, payer.person_id, 500, method="card", source="card:y")
    assert could_give_back(work, payer.person_id) == 500
    with pytest.raises(ReturnTooLargeError):
        give_back(work, back(work, payment, 600, "r:1"))


def test_a_payment_whose_month_went_back_is_not_taken_back_out_of_what_was_let_off(work):
    """October was paid at the desk, opened by a card refund, then let off: no money is on it."""
    open_books(work)
    payer = make_payer(work)
    charge_month(work, Month(2026, 9))
    make_line(work, "payment", 2000, ref="x")
    by_card = make_payment(work, payer.person_id, 2000, method="card", source="card:x")
    charge_month(work, Month(2026, 10))
    at_desk = make_payment(work, payer.person_id, 2000)
    take_from_provider(work, 2000)
    give_back(work, back(work, by_card, 2000, "r:1"))
    let_off(work, payer, Month(2026, 10))
    with pytest.raises(PartGivenBackError), work.session.begin_nested():
        take_back(work, TakeBack(at_desk.id, "twice"))
    ask_laws(work)
    assert account_of(work.session, payer.person_id).owed_minor == 0
