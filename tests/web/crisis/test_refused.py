"""A refused form stands there again with what was written, and says why once."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders.crisis import HERS, make_in_charge
from tests.web.crisis.night import NIGHT, asked, begin, key
from union.crisis import services
from union.crisis.models import Page
from union.kernel.actor import Role

CLOSE = {"how": "saw_her", "outcome": "taken_to_hospital", "wished": "partly"}
REFUSED = "Only somebody who was there"


def test_the_end_keeps_every_word_and_says_the_refusal_once(pages, team, operator):
    ref, _ = begin(pages)
    written = {**CLOSE, "words": "she sleeps at her sister's", "follow_up": "y"}
    answer = operator.post(f"/incidents/{ref}/close", data={"command_key": key(), **written})
    assert answer.status_code == 200
    shown = answer.text
    assert shown.count(REFUSED) == 1
    assert "she sleeps at her sister" in shown
    assert '<option selected value="taken_to_hospital">' in shown
    assert '<details class="confirm" open>' in shown
    assert shown.count("checked") >= 3, "how, as she wished, and the follow-up"
    assert operator.get(f"/incidents/{ref}").text.count(REFUSED) == 0


@pytest.mark.parametrize(
    ("spot", "written", "said"),
    [
        ("close", {"words": "at home"}, "at home"),
        ("avoid", {"card": "KA/99999"}, "KA/99999"),
        ("word", {"word": ""}, "Write the word."),
        ("merge", {"other": "nothing"}, "Join them"),
        ("people/nobody", {"act": "yes"}, None),
    ],
)
def test_every_form_comes_back_as_it_was(pages, team, operator, spot, written, said):
    ref, _ = begin(pages)
    begin(pages, place="Bidar bus stand")
    answer = operator.post(f"/incidents/{ref}/{spot}", data={"command_key": key(), **written})
    if said is None:
        assert answer.status_code == 404
    else:
        assert answer.status_code == 200
        assert said in answer.text
        assert '<details class="confirm" open>' in answer.text


def test_a_button_that_came_too_late_says_so_once_beside_her(pages, team, operator):
    ref, _ = begin(pages)
    with pages.begin(NIGHT) as work:
        page = work.session.scalars(select(Page).order_by(Page.id)).first()
        services.answer_link(work, page.id, HERS)
        page_ref = page.ref
    data = {"command_key": key(), "act": "no"}
    shown = operator.post(f"/incidents/{ref}/people/{page_ref}", data=data).text
    assert shown.count("It has moved on meanwhile") == 1


def test_a_call_that_cannot_rest_yet_says_so_once_and_keeps_what_was_chosen(pages, operator):
    with pages.begin(NIGHT) as work:
        ref = services.receive_contact(work, services.Report()).ref
    data = {"command_key": key(), "how": "not_reached"}
    shown = operator.post(f"/calls/{ref}/deal", data=data).text
    assert shown.count("Ring her three times") == 1
    assert '<option selected value="not_reached">' in shown


def test_those_who_got_there_may_say_that_it_is_over_and_nobody_else(pages, team, operator):
    ref, _ = begin(pages)
    with pages.begin(NIGHT) as work:
        for page in work.session.scalars(select(Page).order_by(Page.id).limit(2)).all():
            services.answer_link(work, page.id, HERS)
        there = work.session.scalars(select(Page).order_by(Page.id)).first()
        services.arrive(work, there.id)
        person, other = there.person_id, page.person_id
    shown = operator.get(f"/incidents/{ref}").text
    saw = shown.split('id="close-witness"')[1].split("</select>")[0]
    heard = shown.split('id="close-heard_by"')[1].split("</select>")[0]
    assert f'value="{person}"' in saw
    assert f'value="{other}"' not in saw
    assert "I myself" not in saw
    assert "I myself" in heard


def test_a_word_is_matched_or_it_is_not_over(pages, team, operator):
    ref, _ = begin(pages)
    operator.post(f"/incidents/{ref}/word", data={"command_key": key(), "word": "Jasmine"})
    written = {**CLOSE, "how": "heard_safe_word", "words": "she rang"}
    me = operator.get(f"/incidents/{ref}").text.split('id="close-heard_by"')[1]
    written["heard_by"] = me.split('value="')[1].split('"')[0]
    wrong = operator.post(
        f"/incidents/{ref}/close", data={"command_key": key(), **written, "word": "rose"}
    )
    assert wrong.text.count("not the word she left") == 1
    assert "she rang" in wrong.text
    operator.post(
        f"/incidents/{ref}/close", data={"command_key": key(), **written, "word": "jasmine "}
    )
    assert "This has ended" in operator.get(f"/incidents/{ref}").text


def test_a_forced_woman_looks_ordinary_at_the_desk_and_no_button_undoes_the_alarm(
    pages, team, operator, sign_in
):
    ref, _ = begin(pages)
    her = asked(pages)[0]
    with pages.begin(NIGHT) as work:
        make_in_charge(work, Role.COORDINATOR)
        page = work.session.scalars(select(Page).where(Page.person_id == her)).one()
        services.answer_link(work, page.id, "74")
        page_ref = page.ref
    desk = operator.get(f"/incidents/{ref}").text
    entry = desk.split(f'data-key="{page_ref}"')[1].split("</li>")[0]
    assert "knows where to go" in entry
    assert "She comes" not in entry
    assert "no answer" not in entry
    for act in ("arrived", "well", "lost", "yes", "home"):
        operator.post(
            f"/incidents/{ref}/people/{page_ref}", data={"command_key": key(), "act": act}
        )
        with pages.reading(NIGHT) as work:
            page = work.session.scalars(select(Page).where(Page.person_id == her)).one()
            assert (page.state, page.duress_at is None) == ("silent", False)
    for text in (operator.get("/board").text, operator.get(f"/incidents/{ref}").text):
        assert "orced" not in text
        assert "forces" not in text
        assert "to take it in hand" not in text, "nobody in charge is seen to be asked"
    coordinator = sign_in(Role.COORDINATOR)
    entry = coordinator.get(f"/incidents/{ref}").text.split(f'data-key="{page_ref}"')[1]
    entry = entry.split("</li>")[0]
    assert "forced to answer" in entry
    assert "to take it in hand" in coordinator.get(f"/incidents/{ref}").text
    assert "<button" not in entry
