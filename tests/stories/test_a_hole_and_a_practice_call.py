"""A hole is told, offered and filled; a practice call goes out and is answered: by real workers."""

from __future__ import annotations

import re
from datetime import timedelta

from sqlalchemy import select, text

from tests.builders.crisis import HERS, NIGHT, as_person
from tests.builders.messages import make_inbound
from union.crisis.invariants import INVARIANTS
from union.crisis.models import Contact, DrillPage, Incident, RotaHole, RotaShift
from union.crisis.queries.coverage import offer_of_token
from union.crisis.queries.drills import askings
from union.crisis.rules.drills import DrillState
from union.crisis.rules.kinds import Shift
from union.crisis.services import drills, rota, swaps
from union.crisis.services.holes import begin_looking
from union.kernel.actor import Role
from union.members.queries import contact_points
from union.messages.services import store_inbound


def number_of(night, person_id) -> str:
    with night.unit.reading(NIGHT) as work:
        return contact_points(work, person_id)[0].e164


def told(night, person_id) -> list[str]:
    number = number_of(night, person_id)
    return [str(words) for _, _, to, words in night.workers.provider.taken if to == number]


def drill_in(night) -> DrillPage:
    """The one drill there is, read."""
    with night.unit.reading(NIGHT) as work:
        return work.session.scalars(select(DrillPage)).one()


def broken_laws(night) -> list[str]:
    with night.unit.reading(NIGHT) as work:
        return [name for name, sql in INVARIANTS.items() if work.session.execute(text(sql)).first()]


def test_a_hole_is_told_by_day_offered_and_filled(night):
    coordinator = night.in_charge(Role.COORDINATOR)
    (her,) = night.team(1, shift=Shift.DAY)
    with night.unit.begin(NIGHT) as work:
        begin_looking(work)
    night.passes(hours=9)
    assert told(night, coordinator) == [], "nobody is woken for hours that are a week away"
    night.passes(hours=2)
    assert len(told(night, coordinator)) == 1
    link = told(night, her)[-1]
    token = re.search(r"/s/r/([\w-]+)$", link)[1]
    with night.unit.begin(NIGHT) as work:
        offer, hole = offer_of_token(work, token)
        swaps.answer_offer(work, offer.id, takes=True)
        hole_id = hole.id
    night.workers.settle()
    with night.unit.reading(NIGHT) as work:
        assert work.session.get_one(RotaHole, hole_id).filled_at is not None
        night_of_hers = work.session.scalars(select(RotaShift)).one()
        span = night_of_hers.ends_at - night_of_hers.starts_at
        assert span <= timedelta(hours=11)
    night.passes(days=1)
    assert len(told(night, coordinator)) == 2, "one word a morning, however many holes"
    assert broken_laws(night) == []


def test_a_practice_call_is_answered_by_text_and_opens_nothing(night):
    coordinator = night.in_charge(Role.COORDINATOR)
    (her,) = night.team(1)
    with as_person(night.unit, coordinator) as work:
        drills.switch_drills(work, on=True)
    due_at = drill_in(night).due_at
    assert due_at.astimezone(night.clock.zone).month == night.clock.today().month
    night.workers.run_for(due_at - night.clock.now() + timedelta(minutes=1))
    drill = drill_in(night)
    assert drill.state is DrillState.SENT
    assert told(night, her)[0].startswith(("Namaste", "ನಮಸ್ತೆ", "नमस्ते"))
    assert set(night.workers.provider.ways()) == {"sms", "voice"}, "as a page goes"
    with night.unit.begin(NIGHT) as work:
        number = number_of(night, her)
        store_inbound(
            work, make_inbound(night.clock.now(), body=f"{drill.code} {HERS}", from_number=number)
        )
    night.workers.settle()
    with night.unit.reading(NIGHT) as work:
        assert work.session.get_one(DrillPage, drill.id).state is DrillState.ANSWERED
        assert work.session.scalars(select(Contact)).all() == []
        assert work.session.scalars(select(Incident)).all() == []
        assert askings(work)[her][0].ways == (("fake", "sms"), ("fake", "voice"))
    assert broken_laws(night) == []


def test_a_call_for_help_in_the_meantime_comes_first(night):
    coordinator = night.in_charge(Role.COORDINATOR)
    night.team(1)
    with as_person(night.unit, coordinator) as work:
        drills.switch_drills(work, on=True)
    incident = night.call()
    drill = drill_in(night)
    night.workers.clock.move_to(drill.due_at + timedelta(minutes=1))
    night.workers.settle()
    with night.unit.reading(NIGHT) as work:
        assert work.session.get_one(DrillPage, drill.id).sent_at is None
    assert night.asked(incident) or "silent" in night.pages(incident)


def test_she_is_away_and_somebody_else_is_asked(night):
    her, other = night.team(2)
    with night.unit.begin(NIGHT) as work:
        rota.say_away(work, her, rota.days_away(work, work.clock.today(), work.clock.today()))
    incident = night.call()
    assert night.asked(incident) == [other]
    with night.unit.reading(NIGHT) as work:
        rows = work.session.execute(text("SELECT inputs FROM incident_choice ORDER BY id")).all()
    assert rows[0].inputs["left_out"]["away"] == 1
