"""A card company and a member who pays, inside a transaction that is rolled back."""

from __future__ import annotations

import pytest

from tests.builders.cards import make_card_payer, make_company
from union.kernel.actor import Actor
from union.ledger.services import open_books


@pytest.fixture
def company(clock):
    return make_company(clock)


@pytest.fixture
def payer(unit) -> int:
    with unit.begin(Actor.system("test")) as work:
        open_books(work)
    return make_card_payer(unit)
