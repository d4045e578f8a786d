"""What the board says could not be found: only what nobody is being asked for."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders.crisis import make_responder, report
from tests.builders.members import make_branch
from union.crisis import services
from union.crisis.models import Page
from union.crisis.queries.board import board


@pytest.fixture
def bidar(work):
    return make_branch(work)


def holes(work) -> tuple[str, ...]:
    (watch,) = board(work).watches
    return watch.holes


def test_with_nobody_at_all_it_says_so(work, bidar):
    report(work)
    assert "nobody_suitable" in holes(work)


def test_while_somebody_asked_may_still_answer_nothing_is_said(work, bidar):
    for _ in range(2):
        make_responder(work, bidar)
    report(work)
    page = work.session.scalars(select(Page).order_by(Page.id)).first()
    services.decline_page(work, page.id)
    assert "nobody_suitable" not in holes(work)


def test_when_only_somebody_further_off_is_found_that_is_said(work, bidar):
    far = make_branch(work, "Kalaburagi", 17.33, 76.83)
    make_responder(work, far, point=(17.33, 76.83))
    report(work)
    assert holes(work) == ("nobody_near",)
