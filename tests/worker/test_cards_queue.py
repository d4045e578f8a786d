"""The cards' queue without Redis: found when due, worked off, and asked for once an hour."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from tests.builders.cards import TEST, make_card_payer, make_company, pay
from tests.conftest import Parts
from union.checkout.models import CardReconciliation
from union.checkout.services import keep_notice
from union.dues.models import Payment
from union.ledger.services import open_books
from union.wiring import build_house
from worker.queues import due_queues, work_off


@pytest.fixture
def company(clock):
    return make_company(clock)


@pytest.fixture
def house(parts: Parts, company, clock):
    house = build_house(parts.settings, clock)
    yield replace(house, payments=company.provider)
    house.close()


def test_what_is_due_is_found_and_done_and_the_hour_is_asked_for_once(house, company):
    assert due_queues(house) == ["cards"]
    work_off(house, "cards")
    assert "cards" not in due_queues(house)
    with house.unit.begin(TEST) as work:
        open_books(work)
    pay(house.unit, company, make_card_payer(house.unit))
    for body, signature in company.notices():
        with house.unit.begin(TEST) as work:
            keep_notice(work, "stripe", company.provider.read_notice(body, signature))
    assert "cards" in due_queues(house)
    work_off(house, "cards")
    assert "cards" not in due_queues(house)
    with house.unit.reading(TEST) as work:
        assert len(work.session.scalars(select(Payment)).all()) == 1
        asked = work.session.scalars(select(CardReconciliation)).all()
        assert all(one.finished_at is not None for one in asked)


def test_without_a_company_there_is_nothing_to_do(house):
    plain = replace(house, payments=None)
    assert "cards" not in due_queues(plain)
    assert work_off(plain, "cards") == 0
