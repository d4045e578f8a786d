"""The first page answers one question for each role, and offers only what is hers to do."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.builders.ledger import make_books, make_person_as
from union.dues.services.runs import charge_month
from union.kernel.actor import Actor, Role
from union.kernel.periods import Month
from union.ledger.services import close_month
from union.office.today import CARDS

SignIn = Callable[..., FlaskClient]
WITHOUT_A_PAGE = {Role.PEER_EDUCATOR, Role.RETURNING_OFFICER}


def test_every_role_with_work_to_do_has_a_card() -> None:
    assert set().union(*(roles for roles, _ in CARDS)) == set(Role) - WITHOUT_A_PAGE


@pytest.mark.parametrize("role", list(Role))
def test_the_first_line_is_the_only_heading_of_its_rank(sign_in: SignIn, role: Role) -> None:
    html = sign_in(role).get("/").text

    assert len(re.findall(r"<h1[ >]", html)) == 1
    assert html.count('<div class="next">') <= 1


@pytest.mark.parametrize("role", list(Role))
def test_every_button_leads_to_a_page_that_opens(sign_in: SignIn, role: Role) -> None:
    browser = sign_in(role)
    main = re.search(r"<main.*</main>", browser.get("/").text, re.DOTALL)
    assert main is not None

    for address in re.findall(r'href="(/[^"#]*)"', main[0]):
        assert browser.get(address).status_code == 200, address


def test_somebody_with_two_kinds_of_work_sees_both(sign_in: SignIn) -> None:
    html = sign_in(Role.OPERATOR, Role.TREASURER).get("/").text

    assert "Nobody waits for a voice." in html
    assert "No voucher waits to be paid." in html


def test_the_treasurer_is_told_which_month_to_charge_and_which_to_close(
    sign_in: SignIn, pages
) -> None:
    treasurer = sign_in(Role.TREASURER)
    with pages.begin(Actor.system("test")) as work:
        make_books(work, Month(2026, 9))
    first = treasurer.get("/").text
    assert "Charge the dues of October 2026" in first
    assert 'href="/books/months/2026-09"' in first
    assert "Close September 2026" in first
    with pages.begin(Actor.system("test")) as work:
        charge_month(work, Month(2026, 10))
        work.actor = make_person_as(work, Role.TREASURER)
        close_month(work, Month(2026, 9), {})
    later = treasurer.get("/").text
    assert "Charge the dues of" not in later
    assert "Close October 2026" not in later
