"""Papers and practice calls in the browser, each as its people use it."""

from __future__ import annotations

import re
from datetime import date

from sqlalchemy import select

from tests.builders.crisis import FORCED, make_in_charge, make_responder
from tests.web.crisis.night import NIGHT, every, key, member_ref
from union.crisis.models import Certificate, DrillPage, DrillPlan
from union.crisis.rules.kinds import AnsweredBy
from union.crisis.services import drills, rota
from union.infra.timers import Timer
from union.kernel.actor import Role
from union.members.models import Member

OPEN = '<details class="confirm" open>'


def test_training_is_written_down_renewed_and_ended_with_its_history(pages, three, coordinator):
    with pages.begin(NIGHT) as work:
        card = work.session.get_one(Member, three[0]).card_number
    form = {
        "command_key": key(),
        "card": card,
        "role": "counsellor",
        "district": "Bidar",
        "shift": "night",
        "starts_on": "2026-10-10",
        "ends_on": "2028-10-10",
        "languages": "Urdu, Kannada",
        "words": "two days with Asha",
    }
    assert coordinator.post("/trained/new", data=form).status_code == 302
    ref = member_ref(pages, three[0])
    paper = next(one for one in every(pages, Certificate) if one.role == "counsellor")
    renewed = {"command_key": key(), "paper": str(paper.id)}
    days = {"starts_on": "2026-10-16", "ends_on": "2029-10-10", "words": "again"}
    assert coordinator.post(f"/trained/{ref}/renew", data=renewed | days).status_code == 302
    ended = {"command_key": key(), "paper": str(paper.id), "words": "moved away"}
    assert coordinator.post(f"/trained/{ref}/revoke", data=ended).status_code == 302
    shown = coordinator.get(f"/trained/{ref}").text
    for words in ("two days with Asha", "Trained again", "Ended early", "moved away"):
        assert words in shown
    again = coordinator.post(f"/trained/{ref}/revoke", data={**ended, "command_key": key()})
    assert "Look at the days" in again.text
    other = member_ref(pages, three[1])
    stolen = coordinator.post(f"/trained/{other}/revoke", data={**ended, "command_key": key()})
    assert every(pages, Certificate)[1].revoked_at is None
    assert stolen.status_code == 200


def test_a_refused_day_opens_the_fold_of_its_paper_with_what_was_typed(pages, three, coordinator):
    ref = member_ref(pages, three[0])
    (paper,) = (one for one in every(pages, Certificate) if one.person_id == three[0])
    again = {"command_key": key(), "paper": str(paper.id), "words": "by Asha"}
    days = {"starts_on": "2026-10-16", "ends_on": "2029-10-10"}
    assert coordinator.post(f"/trained/{ref}/renew", data=again | days).status_code == 302
    wrong = again | {"command_key": key(), "starts_on": "", "ends_on": "2029-11-11"}
    refused = coordinator.post(f"/trained/{ref}/renew", data=wrong).text
    (fold,) = re.findall(f"{OPEN}.*?</details>", refused, re.DOTALL)
    assert "Trained again" in fold
    assert f'name="paper" value="{paper.id}"' in fold
    assert 'value="by Asha"' in fold
    assert 'value="2029-11-11"' in fold
    (place,) = re.findall(r"<[a-z]+[^>]*\sautofocus[^>]*>", fold)
    assert f'id="starts-{paper.id}"' in place


def test_papers_that_end_soon_stand_first(pages, coordinator):
    with pages.begin(NIGHT) as work:
        make_responder(work, ends_on=date(2026, 11, 1))
        make_responder(work, ends_on=date(2027, 11, 1))
    shown = coordinator.get("/trained").text
    assert "1 paper ends within 60 days" in shown


def test_practice_calls_are_switched_on_by_a_coordinator(pages, three, coordinator):
    assert "No practice calls go out" in coordinator.get("/practice").text
    coordinator.post("/practice/switch", data={"command_key": key(), "act": "on"})
    assert every(pages, DrillPlan)[0].is_on
    shown = coordinator.get("/practice").text
    assert "still to come this month" in shown


def test_force_in_a_practice_call_stands_before_those_in_charge_alone(
    pages, three, sign_in, coordinator
):
    coordinator.post("/practice/switch", data={"command_key": key(), "act": "on"})
    with pages.begin(NIGHT) as work:
        drill = work.session.scalars(select(DrillPage)).first()
        rota.set_wish(work, drill.person_id, "Asia/Kolkata", at_night=True, offers=True)
        drills.on_send(
            work,
            work.session.scalars(
                select(Timer).where(
                    Timer.subject_type == "drill_page", Timer.subject_id == drill.id
                )
            ).one(),
        )
        drills.answer_drill(work, drill.id, FORCED, AnsweredBy.KEYPAD)
    assert "forced to answer a practice call" in coordinator.get("/board").text
    assert "other numbers" in coordinator.get("/").text
    with pages.begin(NIGHT) as work:
        operator = make_in_charge(work, Role.OPERATOR)
    desk = sign_in(Role.OPERATOR, person_id=operator)
    assert "practice" not in desk.get("/board").text
    shown = coordinator.get("/practice").text
    spoken = re.search(r'action="(/practice/\w+/spoken)"', shown)[1]
    coordinator.post(spoken, data={"command_key": key()})
    assert "forced to answer" not in coordinator.get("/board").text
