"""After an end, in the browser: each page by those it is for, and kept from the others."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import HERS, as_person
from tests.web.crisis.night import NIGHT, asked, begin, key, page_of
from union.crisis import services
from union.crisis.models import Incident, TeamProfile
from union.crisis.models.after import Debrief, Lesson, MedicalClock, MedicalHandover
from union.crisis.rules.kinds import AnsweredBy, AsSheWished, ClosedBy, Outcome
from union.crisis.rules.rota import Hours
from union.crisis.services.handing_on import carry_look
from union.crisis.services.rota import say_away
from union.identity.queries import people_with_role
from union.kernel.actor import Role

OPEN = '<details class="confirm" open>'


@pytest.fixture
def there(pages, team):
    """Who is there, and the incident's reference."""
    ref, _contact = begin(pages)
    person = asked(pages)[0]
    with as_person(pages, person) as work:
        page_id = page_of(pages, person).id
        services.answer_here(work, page_id, HERS, AnsweredBy.APP)
    with as_person(pages, person) as work:
        services.arrive(work, page_id)
    return person, ref


@pytest.fixture
def over(pages, there):
    person, ref = there
    with as_person(pages, person) as work:
        incident = work.session.scalars(select(Incident).where(Incident.ref == ref)).one()
        services.close_incident(
            work,
            incident.id,
            services.Closing(ClosedBy.SAW_HER, Outcome.SETTLED_THERE, AsSheWished.YES, person),
        )
    return person, ref


def one(pages, model):
    with pages.reading(NIGHT) as work:
        return work.session.scalars(select(model)).one_or_none()


def begin_clock(browser, pages, person, clock, **fields):
    local = clock.now().astimezone(clock.zone) - timedelta(minutes=30)
    data = {
        "command_key": key(),
        "care": "hiv",
        "happened": local.strftime("%Y-%m-%dT%H:%M"),
        "she_wants": "y",
    }
    return browser.post(f"/after/{page_of(pages, person).ref}/clock", data=data | fields)


def test_a_clock_is_kept_shown_to_its_keeper_alone_and_ended(
    pages, sign_in, there, clock, coordinator
):
    person, _ref = there
    browser = sign_in(Role.RESPONDER, person_id=person)
    assert "Keep an hour in mind" in browser.get("/mine").text
    assert begin_clock(browser, pages, person, clock, whom="in green").status_code == 302
    shown = browser.get("/after").text
    assert "HIV" in shown
    assert "in green" in shown
    theirs = coordinator.get("/after").text
    assert "What others keep in mind" in theirs
    assert "HIV" not in theirs
    ref = one(pages, MedicalClock).ref
    assert (
        browser.post(
            f"/after/clocks/{ref}", data={"command_key": key(), "how": "ran_out"}
        ).status_code
        == 200
    )
    assert one(pages, MedicalClock).ended_at is None
    assert (
        browser.post(
            f"/after/clocks/{ref}", data={"command_key": key(), "how": "declined"}
        ).status_code
        == 302
    )
    assert one(pages, MedicalClock).what is None


def test_a_clock_is_handed_on_by_pages(pages, sign_in, there, clock, coordinator):
    person, _ref = there
    browser = sign_in(Role.RESPONDER, person_id=person)
    begin_clock(browser, pages, person, clock)
    ref = one(pages, MedicalClock).ref
    address = f"/after/clocks/{ref}/next"
    assert address in browser.get("/after").text
    with pages.reading(NIGHT) as work:
        (other,) = people_with_role(work, Role.COORDINATOR)
        people = set(work.session.scalars(select(TeamProfile.person_id)))
        stranger = max(people - {person, other})
    shown = browser.get(address).text
    assert "who was not there" in shown
    named = {"command_key": key(), "to": str(other), "at_once": "y"}
    refused = browser.post(address, data=named).text
    assert "Only with her yes" in refused
    assert f'selected value="{other}"' in refused, "what was chosen stays"
    named = {**named, "command_key": key(), "she_agrees": "y"}
    assert browser.post(address, data=named).status_code == 302
    assert "until somebody says yes" in browser.get("/after").text
    theirs = coordinator.get("/after").text
    assert "You are asked to carry something on" in theirs
    assert "HIV" not in theirs
    asks = re.search(r"/after/asked/\w+", theirs)[0]
    elsewhere = sign_in(Role.RESPONDER, person_id=stranger)
    assert elsewhere.get(address).status_code == 404
    assert elsewhere.post(asks, data={"command_key": key(), "act": "yes"}).status_code == 404
    assert coordinator.post(asks, data={"command_key": key(), "act": "yes"}).status_code == 302
    assert "HIV" in coordinator.get("/after").text
    assert "HIV" not in browser.get("/after").text
    late = coordinator.post(asks, data={"command_key": key(), "act": "no"})
    assert "Nothing more is needed" in late.text


def test_somebody_in_charge_names_another_and_the_keeper_goes_on(
    pages, sign_in, there, clock, coordinator
):
    person, _ref = there
    browser = sign_in(Role.RESPONDER, person_id=person)
    begin_clock(browser, pages, person, clock)
    row = one(pages, MedicalClock)
    with pages.begin(NIGHT) as work:
        now = work.clock.now()
        say_away(work, person, Hours(now, now + timedelta(days=1)), sure=True)
        carry_look(work, work.session.get_one(MedicalClock, row.id))
    shown = coordinator.get("/after").text
    assert "nobody has said yes since" in shown
    assert f"/after/clocks/{row.ref}/next" in shown
    assert "I carry it on myself" not in coordinator.get(f"/after/clocks/{row.ref}/next").text
    keep = f"/after/clocks/{row.ref}/mine"
    refused = coordinator.post(keep, data={"command_key": key()}).text
    assert 'role="alert"' in refused, "and the page says why"
    assert one(pages, MedicalHandover).answer is None, "only the keeper says so"
    assert "I carry it on myself" in browser.get(f"/after/clocks/{row.ref}/next").text
    assert browser.post(keep, data={"command_key": key()}).status_code == 302
    assert one(pages, MedicalHandover).answer == "over"
    again = browser.post(keep, data={"command_key": key()})
    assert 'role="alert"' in again.text, "nobody is asked any more, and the page says so"
    assert f'action="/after/clocks/{row.ref}/next"' in again.text, "one can name somebody there"
    unkeyed = browser.post(keep, data={"command_key": "x"})
    assert "Something needs another look" in unkeyed.text


def test_without_a_yes_or_a_no_nothing_is_answered(pages, sign_in, there, clock, coordinator):
    person, _ref = there
    browser = sign_in(Role.RESPONDER, person_id=person)
    begin_clock(browser, pages, person, clock)
    with pages.reading(NIGHT) as work:
        (other,) = people_with_role(work, Role.COORDINATOR)
    named = {"command_key": key(), "to": str(other), "at_once": "y", "she_agrees": "y"}
    browser.post(f"/after/clocks/{one(pages, MedicalClock).ref}/next", data=named)
    asks = re.search(r"/after/asked/\w+", coordinator.get("/after").text)[0]
    for said in ({}, {"act": ""}, {"act": "perhaps"}):
        shown = coordinator.post(asks, data={"command_key": key()} | said).text
        assert "Something needs another look" in shown
        assert "Nothing more is needed" not in shown
        assert asks in shown, "she can still answer"
    assert one(pages, MedicalHandover).answer is None
    assert coordinator.post(asks, data={"command_key": key(), "act": "yes"}).status_code == 302


def test_where_everybody_is_away_the_page_says_so(pages, sign_in, there, clock, coordinator):
    person, _ref = there
    browser = sign_in(Role.RESPONDER, person_id=person)
    begin_clock(browser, pages, person, clock)
    with pages.begin(NIGHT) as work:
        (other,) = people_with_role(work, Role.COORDINATOR)
        now = work.clock.now()
        say_away(work, other, Hours(now, now + timedelta(days=1)), sure=True)
    shown = browser.get(f"/after/clocks/{one(pages, MedicalClock).ref}/next").text
    assert "every counsellor and coordinator is away. Ring the desk." in shown
    assert "awake" not in shown


def test_without_her_yes_it_is_refused_and_what_was_typed_stays(pages, sign_in, there, clock):
    person, _ref = there
    browser = sign_in(Role.RESPONDER, person_id=person)
    answer = begin_clock(browser, pages, person, clock, she_wants="", whom="by the door")
    assert "Only with her yes" in answer.text
    assert "by the door" in answer.text
    assert one(pages, MedicalClock) is None


def test_another_responder_opens_neither_page(pages, sign_in, over, clock):
    person, ref = over
    with pages.reading(NIGHT) as work:
        others = set(work.session.scalars(select(TeamProfile.person_id))) - {person}
    browser = sign_in(Role.RESPONDER, person_id=max(others))
    assert begin_clock(browser, pages, person, clock).status_code == 404
    assert browser.get(f"/after/{ref}/debrief").status_code == 404
    assert browser.get("/lessons").status_code == 403
    assert browser.get("/figures").status_code == 403


def test_who_went_says_how_it_was_and_a_lesson_is_seen_to(pages, sign_in, over, clock):
    person, ref = over
    browser = sign_in(Role.RESPONDER, person_id=person)
    assert f"/after/{ref}/debrief" in browser.get("/after").text
    empty = browser.post(f"/after/{ref}/debrief", data={"command_key": key()})
    assert "at least one of the three" in empty.text
    data = {"command_key": key(), "next_time": "Bring water", f"how_{person}": "t"}
    assert browser.post(f"/after/{ref}/debrief", data=data).status_code == 302
    assert browser.post(f"/after/{ref}/debrief", data=data).status_code == 302, "twice is once"
    assert one(pages, Debrief).by_person_id == person
    shown = browser.get(f"/after/{ref}/debrief").text
    assert "Bring water" in shown
    assert "tired" in shown
    lesson = {
        "command_key": key(),
        "words": "A bottle in every bag",
        "tag": "safety",
        "owner": str(person),
        "due_on": str(clock.today()),
    }
    late = lesson | {"command_key": key(), "due_on": "2026-01-01"}
    refused = browser.post(f"/after/{ref}/lesson", data=late).text
    assert "by which day to come" in refused
    assert "A bottle in every bag" in refused
    assert browser.post(f"/after/{ref}/lesson", data=lesson).status_code == 302
    assert "A bottle in every bag" in browser.get("/after").text
    done = {"command_key": key(), "words": "bought"}
    assert browser.post(f"/lessons/{one(pages, Lesson).ref}", data=done).status_code == 302
    assert one(pages, Lesson).done_at is not None


def test_a_refused_word_about_a_lesson_stays_in_its_open_fold(pages, coordinator, over, clock):
    person, ref = over
    lesson = {"words": "A bottle in every bag", "tag": "safety", "owner": str(person)}
    lesson |= {"command_key": key(), "due_on": str(clock.today())}
    assert coordinator.post(f"/after/{ref}/lesson", data=lesson).status_code == 302
    assert OPEN not in coordinator.get("/lessons").text
    endless = {"command_key": key(), "words": "bought " * 100}
    refused = coordinator.post(f"/lessons/{one(pages, Lesson).ref}", data=endless).text
    (fold,) = re.findall(f"{OPEN}.*?</details>", refused, re.DOTALL)
    assert endless["words"].strip() in fold
    assert one(pages, Lesson).done_at is None


def test_a_coordinator_sees_what_waits_lessons_and_rest_and_lifts_it(
    pages, coordinator, over, clock
):
    person, ref = over
    with pages.begin(NIGHT) as work:
        profile = work.session.get_one(TeamProfile, person)
        profile.resting_until = clock.now() + timedelta(hours=9)
    shown = coordinator.get("/after").text
    assert f"/after/{ref}/debrief" in shown
    assert "Who rests" in shown
    assert f"/after/{ref}/debrief" in coordinator.get(f"/incidents/{ref}").text
    data = {"command_key": key(), "person": str(person)}
    assert coordinator.post("/after/rest", data=data).status_code == 302
    with pages.reading(NIGHT) as work:
        assert work.session.get_one(TeamProfile, person).resting_until is None
    assert "Nothing waits to be changed" in coordinator.get("/lessons").text


def test_somebody_lifts_her_own_rest_and_nobody_elses(pages, sign_in, over, clock):
    person, _ref = over
    with pages.begin(NIGHT) as work:
        people = sorted(work.session.scalars(select(TeamProfile.person_id)))
        for profile in work.session.scalars(select(TeamProfile)):
            profile.resting_until = clock.now() + timedelta(hours=9)
    other = next(one for one in people if one != person)
    browser = sign_in(Role.RESPONDER, person_id=person)
    assert "I need no rest" in browser.get("/after").text
    stranger = {"command_key": key(), "person": str(other)}
    assert browser.post("/after/rest", data=stranger).status_code == 404
    assert browser.post("/after/rest", data={"command_key": key()}).status_code == 302
    with pages.reading(NIGHT) as work:
        assert work.session.get_one(TeamProfile, person).resting_until is None
        assert work.session.get_one(TeamProfile, other).resting_until is not None


def test_the_figures_of_a_month_beside_what_others_promise(pages, coordinator, over):
    html = " ".join(coordinator.get("/figures").text.split())
    assert "The one we went to had somebody beside her at once." in html
    assert "The one call that ended, ended as she wished." in html
    assert not re.search(r"\b(within 0|0 s|1 minutes|1 calls)\b", html)
    assert re.search(r'<circle class="(day|night)', html)
    assert "15 minutes" in html
    assert "few: 1" in html, "one call is called few"
    assert "Nobody called" in coordinator.get("/figures?month=2026-01").text
    assert "Nobody called" in coordinator.get("/figures?district=Udupi").text
    rows = coordinator.get("/figures.csv").data.decode("utf-8-sig").splitlines()
    assert rows[1].startswith("all,1,")


def test_what_is_shared_tells_nothing_of_one(coordinator, over):
    rows = coordinator.get("/figures-outside.csv").data.decode("utf-8-sig").splitlines()
    assert "Bidar" not in "".join(rows)
    assert rows[1] == '"This month is told on Sun 8 November 2026, when most of it has ended."'
