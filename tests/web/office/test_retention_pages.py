"""What we keep, in the browser, for everybody; other days and holds by who answers for them."""

from __future__ import annotations

import re

import pytest

from tests.builders.members import make_member
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.office.retention.collected import RULES
from union.web.words.retention import for_days

TEST = Actor.system("test")
KEPT, DAYS, HOLDS = "/kept", "/office/kept", "/office/holds"


@pytest.fixture
def card(pages):
    with pages.begin(TEST) as work:
        return make_member(work, called="Meena").card_number


def send(browser, address, **data):
    return browser.post(address, data={"command_key": new_command_key(), **data})


def address(browser, page: str, end: str = "") -> str:
    return re.search(rf"{page}/\w+{end}", browser.get(page).text)[0]


def hold(browser, card, **fields):
    told = {"what": "person", "named": card, "why": "court_order", "words": "court 4"}
    return send(browser, HOLDS, **{**told, "until": "2026-12-31", **fields})


@pytest.mark.parametrize("role", [Role.MEMBER, Role.TREASURER, Role.SYSADMIN, Role.LAWYER])
def test_everybody_reads_how_long_everything_is_kept(sign_in, role):
    page = sign_in(role).get(KEPT)
    assert page.status_code == 200
    assert page.text.count('<div class="line">') == len(RULES)
    assert "3 years from the day it was closed" in page.text
    assert "90 days from the day it came" in page.text


def test_many_days_are_said_in_years(app):
    with app.test_request_context():
        assert [for_days(days) for days in (0, 1, 90, 1096, 2922)] == [
            "at once",
            "1 day",
            "90 days",
            "3 years",
            "8 years",
        ]


def test_other_days_count_once_a_second_person_agreed(sign_in):
    one, other = sign_in(Role.SIGNATORY), sign_in(Role.TRUSTEE)
    assert send(one, DAYS, kind="message_words", days="31").status_code == 302
    waits = address(other, DAYS)
    assert waits not in sign_in(Role.TREASURER).get(KEPT).text
    assert "Take it back" in one.get(DAYS).text
    refused = send(one, waits, answer="yes")
    assert refused.status_code == 200
    assert "Another person must agree" in refused.text
    assert send(other, waits, answer="yes").status_code == 302
    assert "31 days from the day it was closed" in one.get(KEPT).text


def test_days_out_of_bounds_are_refused_and_stay_written(sign_in):
    one = sign_in(Role.SIGNATORY)
    page = send(one, DAYS, kind="readings", days="1826")
    assert "fewer days than the least" in page.text
    assert 'value="1826"' in page.text
    assert send(one, DAYS, kind="books", days="1").status_code == 200


def test_a_hold_is_placed_and_two_end_it(sign_in, card):
    one, other = sign_in(Role.MEMBERSHIP_SECRETARY), sign_in(Role.SIGNATORY)
    assert hold(one, card).status_code == 302
    page = other.get(HOLDS).text
    assert "Meena" in page
    assert "court 4" in page
    assert send(other, address(other, HOLDS, "/longer")).status_code == 302
    lift = address(other, HOLDS, "/lift")
    assert send(other, lift).status_code == 302
    assert lift not in other.get(HOLDS).text
    assert send(other, lift).status_code == 200
    assert send(one, lift).status_code == 302
    assert "Nothing is held" in one.get(HOLDS).text


def test_nobody_holds_or_sees_what_she_does_not_answer_for(sign_in, card):
    one, stranger = sign_in(Role.MEMBERSHIP_SECRETARY), sign_in(Role.PARALEGAL)
    hold(one, card)
    page = stranger.get(HOLDS).text
    assert "Nothing is held" in page
    assert "Everything of one member" not in page
    assert hold(stranger, card).status_code == 200
    assert send(stranger, address(one, HOLDS, "/lift")).status_code == 200
    assert "court 4" in one.get(HOLDS).text
    assert sign_in(Role.TREASURER).get(HOLDS).status_code == 403


def test_what_is_wrong_is_said_and_stays_written(sign_in):
    page = hold(sign_in(Role.MEMBERSHIP_SECRETARY), "KA/99999", words="court 5")
    assert page.status_code == 200
    assert "There is nothing here" in page.text
    assert "court 5" in page.text
