"""A card company behind the pages, a member who owes a month, and who is signed in."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from tests.builders.cards import TEST, Company, make_company
from tests.builders.dues import make_payer
from tests.pages import PagesUnit
from union.checkout.views import EXTENSION
from union.dues.services import charge_month
from union.kernel.actor import Role
from union.kernel.clock import ManualClock
from union.kernel.periods import Month
from union.ledger.services import open_books


@dataclass(frozen=True, slots=True)
class ClockedUnit(PagesUnit):
    """The pages' unit of work with their clock, as a worker has it."""

    clock: ManualClock


@pytest.fixture
def pages(app, clock):
    return ClockedUnit(app, clock)


@pytest.fixture
def company(app, clock) -> Company:
    company = make_company(clock)
    app.extensions[EXTENSION] = company.provider
    return company


@pytest.fixture
def rani(pages) -> int:
    """A member who owes one month."""
    with pages.begin(TEST) as work:
        open_books(work)
        rani = make_payer(work, card_number="KA/08001", called="Rani", fee_minor=6000).person_id
        charge_month(work, Month(2026, 10))
    return rani


@pytest.fixture
def hers(sign_in, rani):
    return sign_in(Role.MEMBER, person_id=rani)


@pytest.fixture
def desk(sign_in):
    return sign_in(Role.TREASURER)
