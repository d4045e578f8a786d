"""Money given back: months are owed again, credit goes, and the books agree at every step."""

from __future__ import annotations

import pytest

from tests.builders.cards import make_line
from tests.builders.dues import ask_laws, balance, make_payer, make_payment
from union.dues.errors import ReceiptTakenError
from union.dues.queries.accounts import account_of
from union.dues.services import charge_month
from union.dues.services.returns import ReturnOfPayment, give_back, take_again
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
