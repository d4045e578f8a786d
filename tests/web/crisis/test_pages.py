"""What one sees and does in the browser on a night with calls."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.builders.crisis import FORCED, HERS, make_in_charge, make_responder, report
from tests.builders.members import make_branch, make_member
from tests.web.crisis.night import link_for
from union.crisis import services
from union.crisis.models import Contact, Incident, Page
from union.crisis.queries.open import CONTACT_PLACE, opened
from union.crisis.rules.kinds import AnsweredBy, ContactChannel, ContactState, PageState
from union.gateways.port import Delivery
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.messages.models import Attempt
from union.messages.services import store_receipt

NIGHT = Actor.system("test")


def key() -> str:
    return new_command_key()


@pytest.fixture
def team(pages):
    with pages.begin(NIGHT) as work:
        bidar = make_branch(work)
        return [make_responder(work, bidar, point=(17.9, 77.5 + i / 50)) for i in range(4)]


@pytest.fixture
def operator(pages, sign_in):
    with pages.begin(NIGHT) as work:
        person_id = make_in_charge(work, Role.OPERATOR)
    return sign_in(Role.OPERATOR, person_id=person_id)


def test_how_each_was_told_is_shown_with_what_the_company_says(pages, operator, team, clock):
    ref, _contact = begin(pages)
    with pages.begin(NIGHT) as work:
        attempt = work.session.scalars(select(Attempt).order_by(Attempt.id)).first()
        for word in ("sent", "delivered"):
            store_receipt(work, Delivery("kannel", f"1-{word}", attempt.key, word))
    html = " ".join(operator.get(f"/incidents/{ref}").text.split())
    assert "How she was told" in html
    assert re.search(r"the company says went out \d\d:\d\d, arrived \d\d:\d\d", html)
    assert "no answer of hers" in html
    assert html.count("How she was told") > html.count("the company says")


def begin(pages, **fields) -> tuple[str, str]:
    with pages.begin(NIGHT) as work:
        contact = report(work, **fields)
        incident = work.session.get_one(Incident, contact.incident_id)
        return incident.ref, contact.ref


def token_for(pages, person_id: int) -> str:
    return link_for(pages, person_id).rpartition("/")[2]


def state_of(pages, person_id: int) -> PageState:
    with pages.reading(NIGHT) as work:
        return work.session.scalars(select(Page).where(Page.person_id == person_id)).one().state


def asked(pages) -> list[int]:
    with pages.reading(NIGHT) as work:
        return list(
            work.session.scalars(
                select(Page.person_id).where(Page.state == PageState.ASKED).order_by(Page.id)
            )
        )


def test_a_place_alone_asks_people(pages, team, operator):
    answer = operator.post(
        "/calls/new",
        data={
            "command_key": key(),
            "place": "Bidar lodge lane",
            "kind": "unknown",
            "channel": "hotline",
        },
    )
    assert answer.status_code == 302
    assert len(asked(pages)) == 3
    assert "lodge lane" in operator.get("/board").text


def test_what_she_types_is_kept_and_nobody_is_sent_out_on_half_a_word(pages, team, operator):
    form = {"command_key": key(), "place": "Bidar", "kind": "unknown", "channel": "hotline"}
    for place in ("Bidar", "Bidar lodge"):
        assert operator.post("/calls/new/keep", data={**form, "place": place}).status_code == 204
    assert asked(pages) == []
    operator.post("/calls/new", data={**form, "place": "Bidar lodge lane"})
    with pages.reading(NIGHT) as work:
        assert len(work.session.scalars(select(Contact)).all()) == 1
    assert len(asked(pages)) == 3


def test_opening_a_link_shows_nothing_and_answers_nothing(pages, team, client):
    begin(pages)
    her = asked(pages)[0]
    token = token_for(pages, her)
    seen = client.get(f"/s/{token}")
    assert seen.status_code == 200
    assert "lodge" not in seen.text
    assert "Bidar" not in seen.text
    assert state_of(pages, her) is PageState.ASKED


def test_her_two_digits_show_where_and_brief_her(pages, team, client):
    begin(pages)
    her = asked(pages)[0]
    token = token_for(pages, her)
    shown = client.post(f"/s/{token}", data={"command_key": key(), "digits": HERS})
    assert "Bidar lodge lane" in shown.text
    assert state_of(pages, her) is PageState.BRIEFED


def test_under_duress_it_looks_accepted_and_leads_nowhere(pages, team, client):
    begin(pages)
    her = asked(pages)[0]
    token = token_for(pages, her)
    shown = client.post(f"/s/{token}", data={"command_key": key(), "digits": FORCED})
    assert shown.status_code == 200
    assert "Go to:" in shown.text
    assert "lodge" not in shown.text
    assert state_of(pages, her) is PageState.SILENT


def test_wrong_digits_are_told_and_change_nothing(pages, team, client):
    begin(pages)
    her = asked(pages)[0]
    token = token_for(pages, her)
    shown = client.post(f"/s/{token}", data={"command_key": key(), "digits": "11"})
    assert "Those are not your numbers" in shown.text
    assert state_of(pages, her) is PageState.ASKED


def test_a_dead_link_looks_like_a_wrong_number(client):
    assert client.get("/s/nothing").status_code == 200
    shown = client.post("/s/nothing", data={"command_key": key(), "digits": HERS})
    assert "Those are not your numbers" in shown.text


def test_the_desk_writes_down_a_live_answer_and_the_end(pages, team, operator):
    ref, _ = begin(pages)
    shown = operator.get(f"/incidents/{ref}").text
    people = re.findall(rf"/incidents/{ref}/people/(\w+)", shown)
    for act in ("yes", "briefed", "arrived"):
        for page_ref in dict.fromkeys(people[:4]):
            operator.post(
                f"/incidents/{ref}/people/{page_ref}", data={"command_key": key(), "act": act}
            )
    with pages.reading(NIGHT) as work:
        incident = work.session.scalars(select(Incident).where(Incident.ref == ref)).one()
        there = work.session.scalars(select(Page).where(Page.state == PageState.ARRIVED)).all()
        assert len(there) == 2
        assert incident.state == "filled"
        witness = there[0].person_id
    close = {
        "command_key": key(),
        "how": "saw_her",
        "witness": witness,
        "outcome": "settled_there",
        "wished": "yes",
        "words": "she is at home",
    }
    operator.post(f"/incidents/{ref}/close", data=close)
    assert "This has ended" in operator.get(f"/incidents/{ref}").text


def test_nobody_who_was_not_there_ends_it(pages, team, operator):
    ref, _ = begin(pages)
    close = {
        "command_key": key(),
        "how": "saw_her",
        "witness": team[0],
        "outcome": "settled_there",
        "wished": "yes",
    }
    shown = operator.post(f"/incidents/{ref}/close", data=close, follow_redirects=True)
    assert "Only somebody who was there" in shown.text
    assert "This has ended" not in shown.text


def test_a_waiting_call_is_taken_told_and_let_rest(pages, team, operator):
    with pages.begin(NIGHT) as work:
        contact = services.receive_contact(
            work, services.Report(channel=ContactChannel.MISSED_CALL, number="+915442900234")
        )
        ref = contact.ref
    assert "missed call" in operator.get("/calls").text
    operator.post(f"/calls/{ref}/take", data={"command_key": key()})
    told = {"command_key": key(), "place": "Bidar lake side", "kind": "police_harassment"}
    operator.post(f"/calls/{ref}", data=told)
    operator.post(f"/calls/{ref}/deal", data={"command_key": key(), "how": "spoken"})
    with pages.reading(NIGHT) as work:
        found = work.session.scalars(select(Contact).where(Contact.ref == ref)).one()
        assert found.state is ContactState.DEALT
        assert found.incident_id is not None


def test_a_responder_sees_where_only_when_she_counts(pages, team, sign_in):
    begin(pages)
    her = asked(pages)[0]
    browser = sign_in(Role.RESPONDER, person_id=her)
    seen = browser.get("/mine").text
    assert "You are asked to come" in seen
    assert "lodge" not in seen
    ref = re.search(r"/mine/(\w+)", seen)[1]
    data = {"act": "show", "digits": HERS}
    shown = browser.post(
        f"/mine/{ref}", data={"command_key": key(), **data}, follow_redirects=True
    ).text
    assert "lodge lane" in shown
    for act in ("set_out", "there", "well"):
        browser.post(f"/mine/{ref}", data={"command_key": key(), **data, "act": act})
    assert state_of(pages, her) is PageState.ARRIVED


def test_nobody_answers_anothers_page(pages, team, sign_in):
    begin(pages)
    with pages.reading(NIGHT) as work:
        ref = work.session.scalars(select(Page)).first().ref
    with pages.begin(NIGHT) as work:
        other = make_responder(work, make_branch(work, "Kolar", 13.14, 78.13))
    browser = sign_in(Role.RESPONDER, person_id=other)
    data = {"command_key": key(), "act": "show", "digits": HERS}
    assert browser.post(f"/mine/{ref}", data=data).status_code == 404
    assert "lodge" not in browser.get("/mine").text


def test_one_long_press_is_enough(pages, team, sign_in):
    with pages.begin(NIGHT) as work:
        her = make_member(work, make_branch(work)).person_id
    browser = sign_in(Role.MEMBER, person_id=her)
    held = {"command_key": key(), "sure": "yes"}
    assert "We know" in browser.post("/help", data=held).text
    assert asked(pages)


def test_a_press_that_nobody_can_feel_the_length_of_is_asked_once_more(pages, team, sign_in):
    with pages.begin(NIGHT) as work:
        her = make_member(work, make_branch(work)).person_id
    browser = sign_in(Role.MEMBER, person_id=her)
    once = {"command_key": key(), "place": "Bidar lake side"}
    sure = browser.post("/help", data=once).text
    assert "Shall people come to you now?" in sure
    assert asked(pages) == []
    assert browser.post("/help", data={**once, "sure": "no"}).status_code == 200
    assert asked(pages) == [], "any other word is no yes"
    shown = dict(re.findall(r'name="(\w+)"[^>]*value="([^"]*)"', sure))
    assert "We know" in browser.post("/help", data=shown).text
    with pages.reading(NIGHT) as work:
        (contact,) = work.session.scalars(select(Contact)).all()
        assert opened(work, contact, CONTACT_PLACE, contact.place) == "Bidar lake side"


def test_she_was_rung_herself_and_goes(pages, team, sign_in):
    browser = sign_in(Role.RESPONDER, person_id=team[0])
    data = {"command_key": key(), "place": "Bidar lake side", "kind": "client_violence"}
    shown = browser.post("/called", data={**data, "digits": HERS}, follow_redirects=True).text
    assert "You are on your way" in shown
    assert len(asked(pages)) == 3


def test_a_silent_alarm_is_shown_to_those_in_charge_only(pages, team, sign_in, operator):
    ref, _ = begin(pages)
    her = asked(pages)[0]
    with pages.begin(NIGHT) as work:
        page = work.session.scalars(select(Page).where(Page.person_id == her)).one()
        services.answer_page(work, page.id, FORCED, AnsweredBy.SMS)
    coordinator = sign_in(Role.COORDINATOR)
    assert "forced" in coordinator.get("/board").text
    assert "forced" in coordinator.get(f"/incidents/{ref}").text
    for address in ("/board", f"/incidents/{ref}"):
        text = operator.get(address).text
        assert "forced" not in text
        assert "forces" not in text


def test_the_stream_begins_without_a_session(pages, operator):
    answer = operator.get("/board/stream")
    assert answer.mimetype == "text/event-stream"
    answer.close()


def test_the_board_says_when_all_is_quiet(operator):
    assert "All is quiet" in operator.get("/board").text
    assert "<html" not in operator.get("/board/now").text


def test_another_call_is_attached_and_parted_again(pages, team, operator):
    first, _ = begin(pages)
    _, ref = begin(pages, place="Bidar bus stand", kind=services.Report().kind)
    operator.post(f"/calls/{ref}/attach", data={"command_key": key(), "other": first})
    with pages.reading(NIGHT) as work:
        contact = work.session.scalars(select(Contact).where(Contact.ref == ref)).one()
        assert contact.attachment == "confirmed"
    operator.post(f"/calls/{ref}/split", data={"command_key": key()})
    with pages.reading(NIGHT) as work:
        contact = work.session.scalars(select(Contact).where(Contact.ref == ref)).one()
        assert work.session.get_one(Incident, contact.incident_id).ref != first


def test_two_incidents_are_joined(pages, team, operator):
    first, _ = begin(pages)
    second, _ = begin(pages, place="Bidar bus stand")
    operator.post(f"/incidents/{second}/merge", data={"command_key": key(), "other": first})
    assert "Another was joined to this" in operator.get(f"/incidents/{first}").text
