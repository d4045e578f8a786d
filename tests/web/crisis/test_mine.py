"""Her own page: signed in is not enough, each word of hers needs her own two digits."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import FORCED, HERS, make_responder
from tests.builders.members import make_branch
from tests.web.crisis.night import NIGHT, asked, begin, key, page_of
from union.crisis.models import Incident, IncidentEvent, Page
from union.crisis.rules.kinds import Kind, PageState, TeamRole
from union.crisis.services.going import lose
from union.crisis.services.safety import warn
from union.crisis.services.staying import who_stays
from union.crisis.services.timeline import lock_page
from union.infra.timers import Timer
from union.kernel.actor import Role


@pytest.fixture
def hers(pages, team, sign_in):
    """Somebody on her way, signed in, and the address of her page."""
    begin(pages)
    her = asked(pages)[0]
    browser = sign_in(Role.RESPONDER, person_id=her)
    address = f"/mine/{page_of(pages, her).ref}"
    return her, browser, address


def says(browser, address: str, act: str, digits: str = HERS, **fields) -> str:
    data = {"command_key": key(), "act": act, "digits": digits, **fields}
    return browser.post(address, data=data, follow_redirects=True).text


def timers(pages, her: int) -> list[tuple[str, object]]:
    with pages.reading(NIGHT) as work:
        rows = select(Timer.kind, Timer.due_at).where(
            Timer.subject_type == "page",
            Timer.subject_id == page_of(pages, her).id,
            Timer.done_at.is_(None),
        )
        return sorted(tuple(row) for row in work.session.execute(rows))


ALL = ["show", "cannot", "set_out", "there", "well", "not_coming", "help", "stay", "leave"]


SAID = {"": "Write your two numbers.", "11": "Those are not your numbers"}


@pytest.mark.parametrize("digits", SAID)
def test_a_taken_phone_that_is_signed_in_can_say_nothing_for_her(pages, hers, clock, digits):
    her, browser, address = hers
    says(browser, address, "show")
    says(browser, address, "there")
    clock.advance(timedelta(minutes=40))
    before = timers(pages, her)
    assert before, "she is asked whether she is well"
    for act in ALL:
        assert SAID[digits] in says(browser, address, act, digits), act
    assert page_of(pages, her).state is PageState.ARRIVED
    assert timers(pages, her) == before
    with pages.reading(NIGHT) as work:
        assert len(work.session.scalars(select(Incident)).all()) == 1


def test_a_field_left_empty_uses_up_no_try(pages, hers):
    her, browser, address = hers
    for _ in range(6):
        says(browser, address, "show", "")
    assert page_of(pages, her).wrong_tries == 0
    assert "Bidar lodge lane" in says(browser, address, "show")


def test_help_pressed_on_a_page_that_has_just_ended_is_answered_in_words(pages, hers):
    her, browser, address = hers
    says(browser, address, "show")
    with pages.begin(NIGHT) as work:
        page = work.session.scalars(select(Page).where(Page.person_id == her)).one()
        incident, page = lock_page(work, page.id)
        lose(work, incident, page, "said_so")
    assert "That call has ended for you." in says(browser, address, "help")


def test_with_her_digits_each_word_does_what_it_says(pages, hers, clock):
    her, browser, address = hers
    assert "Bidar lodge lane" in says(browser, address, "show")
    says(browser, address, "set_out", minutes="20")
    assert page_of(pages, her).promised_at == clock.now() + timedelta(minutes=20)
    assert "You are there" in says(browser, address, "there")
    clock.advance(timedelta(minutes=40))
    before = dict(timers(pages, her))
    says(browser, address, "well")
    assert dict(timers(pages, her))["crisis_safety"] > before["crisis_safety"]
    says(browser, address, "help")
    with pages.reading(NIGHT) as work:
        kinds = work.session.scalars(select(Incident.kind).order_by(Incident.id)).all()
    assert kinds == [Kind.CLIENT_VIOLENCE, Kind.RESPONDER_SAFETY]
    says(browser, address, "not_coming")
    assert page_of(pages, her).state is PageState.DROPPED_OUT


def test_forced_she_sees_what_an_honest_one_would_and_those_in_charge_are_told(pages, hers):
    her, browser, address = hers
    says(browser, address, "show")
    assert "You are there" in says(browser, address, "there", FORCED)
    page = page_of(pages, her)
    assert (page.state, page.seems) == (PageState.DROPPED_OUT, PageState.ARRIVED)
    assert "lodge" not in browser.get("/mine").text
    with pages.reading(NIGHT) as work:
        assert "duress" in work.session.scalars(select(IncidentEvent.code)).all()


def test_wrong_once_she_tries_again_on_the_same_page(pages, hers):
    her, browser, address = hers
    refused = says(browser, address, "show", "11")
    fresh = re.search(r'name="command_key"[^>]*value="(\w+)"', refused)[1]
    data = {"command_key": fresh, "act": "show", "digits": HERS}
    browser.post(address, data=data)
    assert page_of(pages, her).state is PageState.BRIEFED


def test_four_wrong_pairs_end_it_even_for_the_right_one(pages, hers):
    her, browser, address = hers
    for wrong in ("11", "12", "13", "14"):
        says(browser, address, "show", wrong)
    assert "Those are not your numbers" in says(browser, address, "show")
    assert page_of(pages, her).state is PageState.ASKED


def test_what_cannot_follow_is_said_and_changes_nothing(pages, hers):
    her, browser, address = hers
    assert "It has moved on meanwhile" in says(browser, address, "well")
    assert page_of(pages, her).state is PageState.ASKED


@pytest.fixture
def counsellor(pages, sign_in):
    """One who is asked to talk with somebody who may end her life, briefed."""
    with pages.begin(NIGHT) as work:
        her = make_responder(work, make_branch(work), role=TeamRole.COUNSELLOR)
    begin(pages, kind=Kind.THREAT_TO_OWN_LIFE)
    browser = sign_in(Role.COUNSELLOR, person_id=her)
    address = f"/mine/{page_of(pages, her).ref}"
    says(browser, address, "show")
    return her, browser, address


def stays(pages, her: int) -> bool:
    with pages.reading(NIGHT) as work:
        staying = who_stays(work, page_of(pages, her).incident_id)
        return staying is not None and staying.person_id == her


def test_that_she_stays_with_her_needs_her_digits_too(pages, counsellor):
    her, browser, address = counsellor
    says(browser, address, "stay", "11")
    assert not stays(pages, her)
    says(browser, address, "stay")
    assert stays(pages, her)
    says(browser, address, "leave")
    assert not stays(pages, her)


def test_forced_she_is_with_nobody_any_more(pages, counsellor):
    her, browser, address = counsellor
    says(browser, address, "stay")
    says(browser, address, "stay", FORCED)
    assert not stays(pages, her)
    assert "I am with her" in browser.get("/mine").text, "her page looks as before"


def test_missed_she_is_shown_what_she_can_still_say(pages, hers):
    her, browser, address = hers
    says(browser, address, "show")
    with pages.begin(NIGHT) as work:
        incident, page = lock_page(work, page_of(pages, her).id)
        lose(work, incident, page, "not_arrived_in_time")
        warn(work, incident, page)
    shown = browser.get("/mine").text
    assert "We have not heard from you" in shown
    assert 'value="well"' in shown
    says(browser, address, "well")
    assert "Nobody asks for you now" in browser.get("/mine").text
    assert timers(pages, her) == []


CALLED = {"place": "Bidar lake side", "kind": "client_violence"}


def goes(browser, digits: str, **fields) -> str:
    data = {"command_key": key(), **CALLED, "digits": digits, **fields}
    return browser.post("/called", data=data, follow_redirects=True).text


@pytest.mark.parametrize("digits", ["", "11"])
def test_that_she_goes_herself_needs_her_digits_and_others_go_all_the_same(
    pages, team, sign_in, digits
):
    her = team[0]
    shown = goes(sign_in(Role.RESPONDER, person_id=her), digits)
    assert "Say with your two numbers that you go" in shown
    assert "You are asked to come" in shown
    page = page_of(pages, her)
    assert page.state is PageState.ASKED
    assert page.wrong_tries == 1
    assert len(asked(pages)) >= 3


def test_forced_to_say_that_she_goes_it_looks_so_and_those_in_charge_are_told(pages, team, sign_in):
    her = team[0]
    browser = sign_in(Role.RESPONDER, person_id=her)
    assert "You are on your way" in goes(browser, FORCED)
    page = page_of(pages, her)
    assert (page.state, page.seems) == (PageState.DROPPED_OUT, PageState.BRIEFED)
    assert len(asked(pages)) == 3


def test_guessing_by_ever_new_calls_ends_too(pages, team, sign_in):
    her = team[0]
    browser = sign_in(Role.RESPONDER, person_id=her)
    for place, wrong in (("lake", "11"), ("mill", "12"), ("fort", "13"), ("well", "14")):
        goes(browser, wrong, place=f"Bidar {place} side")
    goes(browser, HERS, place="Bidar gate")
    with pages.reading(NIGHT) as work:
        states = work.session.scalars(select(Page.state).where(Page.person_id == her)).all()
    assert set(states) <= {PageState.ASKED, PageState.SILENT}


def test_who_goes_herself_goes_to_no_nuisance(pages, team, sign_in):
    browser = sign_in(Role.RESPONDER, person_id=team[0])
    assert 'value="nuisance"' not in browser.get("/called").text
    goes(browser, HERS, kind="nuisance")
    assert asked(pages) == []
