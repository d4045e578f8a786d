"""A number card is printed by one officer and its word said by another; both are shown once."""

from __future__ import annotations

import re

import pytest

from tests.builders.members import make_member
from tests.builders.number_cards import OTHER, PIN
from union.identity.queries.cards import cards_of_person
from union.identity.rules.cards import read_card_digits
from union.infra.commands import Command
from union.kernel.actor import Actor, Role
from union.office.number_cards import views


@pytest.fixture
def her(pages):
    with pages.begin(Actor.system("test")) as work:
        return make_member(work)


def printed(browser, her, key="1" * 32):
    return browser.post(f"/members/{her.ref}/number", data={"command_key": key})


def said(browser, her, key="2" * 32):
    data = {"card": her.card_number, "seen": "y", "command_key": key}
    return browser.post("/number/word", data=data)


PINS = (PIN, OTHER)


def digits_of(monkeypatch):
    drawn = []
    real = views.print_number
    monkeypatch.setattr(views, "print_number", lambda digits: drawn.append(digits) or real(digits))
    return drawn


def test_the_paper_is_the_answer_and_is_kept_nowhere(pages, sign_in, her, monkeypatch):
    drawn = digits_of(monkeypatch)
    secretary = sign_in(Role.MEMBERSHIP_SECRETARY)
    assert "no number card yet" in secretary.get(f"/members/{her.ref}/number").text
    answer = printed(secretary, her)
    assert answer.mimetype == "application/pdf"
    assert answer.headers["Cache-Control"] == "no-store"
    assert read_card_digits(drawn[0]) == drawn[0]
    assert drawn[0].encode() not in answer.data, "the numbers are drawn, not written"
    assert "waits for her" in secretary.get(f"/members/{her.ref}/number").text
    with pages.reading(Actor.system("test")) as work:
        kept = work.session.query(Command).all()
        assert cards_of_person(work.session, her.person_id).waits is not None
    assert not any(drawn[0] in str(one.result) for one in kept)


def test_sent_twice_it_is_not_shown_twice(sign_in, her, monkeypatch):
    drawn = digits_of(monkeypatch)
    secretary = sign_in(Role.MEMBERSHIP_SECRETARY)
    printed(secretary, her)
    again = printed(secretary, her)
    assert again.mimetype == "text/html"
    assert "shown once already" in again.text
    assert len(drawn) == 1


def test_another_says_the_word_and_she_opens(app, sign_in, her, monkeypatch):
    drawn = digits_of(monkeypatch)
    secretary, counsellor = sign_in(Role.MEMBERSHIP_SECRETARY), sign_in(Role.COUNSELLOR)
    assert "No number card of hers waits" in said(counsellor, her).text
    printed(secretary, her)
    assert "Another must see her" in said(secretary, her).text
    shown = said(counsellor, her, "3" * 32).text
    word = re.search(r": (\d{3}) (\d{3})\.", shown)
    form = {
        "number": drawn[0],
        "start": "".join(word.groups()),
        **dict.fromkeys(("pin", "pin_again"), next(pin for pin in PINS if pin not in drawn[0])),
        **dict.fromkeys(("word", "word_again"), "red lamp"),
    }
    assert app.test_client().post("/open/new", data=form).status_code == 302


def test_whoever_keeps_another_branch_prints_none(sign_in, pages, her):
    elsewhere = sign_in(Role.BRANCH_SECRETARY, branch_id=987654)
    assert printed(elsewhere, her).status_code == 404
