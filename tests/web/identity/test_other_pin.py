"""Setting the other PIN is told from setting the first by nothing that is kept, shut or tried."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.members import make_member
from tests.builders.number_cards import OTHER, PIN, WORD, opened_card
from union.identity.models.cards import OwnDevice
from union.infra.audit import AuditEntry
from union.kernel.actor import Actor

TEST = Actor.system("test")


@pytest.fixture
def card(pages, clock):
    with pages.begin(TEST) as work:
        opened = opened_card(work, make_member(work).person_id)
    clock.advance(timedelta(days=31))
    return opened


@pytest.fixture
def hers(app, card):
    """Her telephone, on which her secrets are open to be changed."""
    return by_card(app.test_client(), card.digits)


def by_card(browser, digits):
    sent = browser.post("/open", data={"number": digits, "pin": PIN, "mine": "y"})
    assert sent.status_code == 302
    assert browser.post("/prove?back=/me/secrets", data={"word": WORD}).status_code == 302
    return browser


def choose(browser, what: str, pin: str = "", key: str = "1"):
    form = {"pin": pin, "pin_again": pin, "command_key": key * 32}
    return browser.post(f"/me/secrets/{what}", data=form)


@pytest.mark.parametrize(("what", "pin"), [("pin", "904172"), ("other", OTHER), ("no-other", "")])
def test_it_writes_down_and_shuts_elsewhere_the_same(app, card, hers, pages, what, pin):
    elsewhere = by_card(app.test_client(), card.digits)
    with pages.reading(TEST) as work:
        before = len(work.session.scalars(select(AuditEntry.id)).all())
    assert choose(hers, what, pin).status_code == 302
    assert elsewhere.get("/dues/mine").status_code == 302
    assert 'name="number"' in elsewhere.get("/open").text
    assert hers.get("/dues/mine").status_code == 200
    with pages.reading(TEST) as work:
        told = work.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        ended = work.session.scalars(select(OwnDevice).where(OwnDevice.ended_at.is_not(None)))
        assert len(ended.all()) == 1
    assert told[before:] == ["pin_changed", "sign_ins_ended_secrets_changed"]


@pytest.mark.parametrize("what", ["pin", "other"])
def test_nobody_finds_the_one_by_trying_it_as_the_other(hers, what):
    """A guess that is taken tells that it was none, and costs a try all the same."""
    guesses = [f"{604813 + number * 7919}" for number in range(9)]
    answers = [choose(hers, what, guess, key=f"{at:x}") for at, guess in enumerate(guesses)]
    assert [one.status_code for one in answers[:8]] == [302] * 8
    assert "Too many tries" in answers[8].text
    choose(hers, "word")
    assert "Too many tries" in choose(hers, what, PIN, key="e").text
