"""A sum far beyond what she owes and pays in a year is asked about before it is booked."""

from __future__ import annotations

import pytest

from tests.builders.dues import make_payer
from union.dues.queries.accounts import account_of
from union.dues.rules.payments import is_unusual
from union.dues.services import charge_month
from union.kernel.actor import Actor, Role
from union.kernel.periods import Month
from union.ledger.services import open_books

KEY = "e" * 31
TEST = Actor.system("test")


@pytest.fixture
def rani(pages):
    """A member who owes one month of ₹20."""
    with pages.begin(TEST) as work:
        open_books(work)
        rani = make_payer(work, card_number="KA/08005", called="Rani")
        charge_month(work, Month(2026, 10))
    return rani


def credit(pages, person_id: int) -> int:
    with pages.reading(TEST) as work:
        return account_of(work.session, person_id).credit_minor


def test_a_nought_too_many_is_asked_about_and_may_be_so(sign_in, rani, pages):
    desk, address = sign_in(Role.TREASURER), f"/dues/take/{rani.ref}"
    paid = {"amount": "2000", "method": "cash", "happened_on": "2026-10-16"}
    asked = desk.post(address, data={"command_key": f"{KEY}1", **paid}).text
    assert "far more than she owes and pays in a year" in asked
    assert 'value="2000"' in asked
    assert "Yes, I counted it again" in asked
    assert credit(pages, rani.person_id) == 0
    meant = {"command_key": f"{KEY}2", **paid, "so_much": "y"}
    assert [desk.post(address, data=meant).status_code for _ in range(2)] == [302, 302]
    assert credit(pages, rani.person_id) == 198000


def test_a_year_ahead_is_nothing_strange(sign_in, rani, pages):
    paid = {"command_key": f"{KEY}3", "amount": "260", "method": "cash"}
    address = f"/dues/take/{rani.ref}"
    assert "Yes, I counted" not in sign_in(Role.TREASURER).get(address).text
    answer = sign_in(Role.TREASURER).post(address, data={**paid, "happened_on": "2026-10-16"})
    assert answer.status_code == 302
    assert credit(pages, rani.person_id) == 24000


@pytest.mark.parametrize(
    ("amount", "owed", "fee", "unusual"),
    [
        (26000, 2000, 2000, False),
        (26001, 2000, 2000, True),
        (120000, 0, 0, False),
        (120001, 0, 0, True),
        (500000, 500000, 2000, False),
    ],
)
def test_what_is_unusual(amount, owed, fee, unusual):
    assert is_unusual(amount, owed, fee) is unusual
