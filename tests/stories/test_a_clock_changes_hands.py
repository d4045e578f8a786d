"""A clock of medicine at the end of a shift, when its keeper goes away, when somebody says no."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import FORCED, NIGHT
from tests.stories.test_what_follows_an_end import (
    asked_to_look,
    begins,
    ends,
    in_charge,
    the_clock,
)
from union.crisis import services
from union.crisis.errors import AnsweredError, ConsentError
from union.crisis.models import Certificate, Page
from union.crisis.models.after import MedicalHandover
from union.crisis.models.rota import RotaShift
from union.crisis.queries.after import my_clocks, others_clocks
from union.crisis.queries.handing_on import asked_of, carries_until, could_carry
from union.crisis.rules.medical import CareEnd, HandedOn
from union.crisis.rules.rota import Duty, Hours, Origin
from union.crisis.services.handing_on import Next, answer_handover, keep_on, name_next
from union.crisis.services.medical import end_clock
from union.crisis.services.rota import add_shift, say_away
from union.infra.timers import Timer
from union.kernel.errors import NotAllowedError
from union.kernel.ids import new_ref


def keeps(there):
    """The first of them keeps a clock, and what they came for is over."""
    night, incident, asked, coordinator = there
    clock = begins(night, asked[0])
    ends(night, incident, asked[0], coordinator)
    night.workers.settle()
    return clock


def down_for(night, person, hours: int) -> None:
    """She is down until so many hours from now."""
    with night.unit.begin(NIGHT) as work:
        now = work.clock.now()
        span = Hours(now - timedelta(hours=1), now + timedelta(hours=hours))
        add_shift(work, person, Duty.RESPONDER, branch_of(work, person), span)


def branch_of(work, person: int) -> int:
    return work.session.scalars(
        select(Certificate.branch_id).where(Certificate.person_id == person)
    ).first()


def goes_away(night, person, **span) -> None:
    """From now on for so long."""
    with night.unit.begin(NIGHT) as work:
        now = work.clock.now()
        say_away(work, person, Hours(now, now + timedelta(**span)), sure=True)


def carries(work, handover_id: int) -> None:
    answer_handover(work, handover_id, yes=True)


def refuses(work, handover_id: int) -> None:
    answer_handover(work, handover_id, yes=False)


def rows(night) -> list[MedicalHandover]:
    with night.unit.reading(NIGHT) as work:
        return list(work.session.scalars(select(MedicalHandover).order_by(MedicalHandover.id)))


def told_of(night, before: int, *people: int) -> list[int]:
    """How often each of these was led to her list since then."""
    return [asked_to_look(night)[before:].count(one) for one in people]


def test_at_the_end_of_her_hours_the_one_named_next_takes_it_with_a_yes(there):
    night, incident, asked, coordinator = there
    keeper, after, *_ = asked
    down_for(night, keeper, 4)
    clock = keeps(there)
    night.as_person(keeper, name_next, clock.id, Next(after))
    before = len(asked_to_look(night))
    night.passes(hours=3, minutes=50)
    assert told_of(night, before, after, coordinator) == [0, 0], "her hours are not over"
    night.passes(minutes=45)
    assert told_of(night, before, after, coordinator) == [2, 2], "at once, and again"
    assert the_clock(night).kept_by_person_id == keeper, "until somebody says yes she carries it"
    with night.unit.reading(NIGHT) as work:
        (asks,) = asked_of(work, after)
        assert my_clocks(work, after) == [], "what it is for is not told with the asking"
        assert my_clocks(work, keeper)[0].asks
    row = rows(night)[0]
    with pytest.raises(NotAllowedError):
        night.as_person(keeper, carries, row.id)
    night.as_person(after, carries, row.id)
    with pytest.raises(AnsweredError):
        night.as_person(after, carries, row.id)
    assert asks.ref == row.ref
    assert the_clock(night).kept_by_person_id == after
    assert night.said(incident)[-1] == "clock_handed_on"
    before = len(asked_to_look(night))
    night.passes(hours=3)
    assert told_of(night, before, keeper, after, coordinator) == [0, 1, 0], "the sixth hour"
    with pytest.raises(NotAllowedError):
        night.as_person(keeper, end_clock, clock.id, CareEnd.DONE)
    night.as_person(after, end_clock, clock.id, CareEnd.DONE)


def test_nobody_named_the_coordinators_are_told_until_somebody_says_yes(there):
    night, _incident, asked, coordinator = there
    down_for(night, asked[0], 1)
    clock = keeps(there)
    before = len(asked_to_look(night))
    night.passes(hours=3)
    assert told_of(night, before, coordinator)[0] >= 4
    with night.unit.reading(NIGHT) as work:
        (seen,) = others_clocks(work, coordinator)
        assert (seen.asked_person_id, seen.asked_at is None) == (None, False)
    in_charge(night, coordinator, name_next, clock.id, Next(asked[1]))
    night.workers.settle()
    refused = rows(night)[-1]
    assert [one.answer for one in rows(night)] == [HandedOn.ANOTHER, None]
    night.as_person(asked[1], refuses, refused.id)
    before = len(asked_to_look(night))
    night.passes(hours=1)
    assert told_of(night, before, asked[1]) == [0], "she said no and is left in peace"
    assert told_of(night, before, coordinator)[0] >= 2
    night.as_person(asked[0], keep_on, clock.id)
    before = len(asked_to_look(night))
    night.passes(hours=12)
    assert told_of(night, before, coordinator) == [0], "she goes on with it herself"


def test_whoever_was_not_there_is_named_only_where_she_agrees(there):
    night, _incident, asked, coordinator = there
    clock = keeps(there)
    with pytest.raises(ConsentError):
        night.as_person(asked[0], name_next, clock.id, Next(coordinator, at_once=True))
    with pytest.raises(NotAllowedError):
        night.as_person(asked[0], name_next, clock.id, Next(asked[3], she_agrees=True))
    with pytest.raises(NotAllowedError):
        night.as_person(asked[1], name_next, clock.id, Next(asked[1]))
    now = Next(coordinator, she_agrees=True, at_once=True)
    night.as_person(asked[0], name_next, clock.id, now)
    night.as_person(coordinator, carries, rows(night)[-1].id)
    assert the_clock(night).kept_by_person_id == coordinator
    with night.unit.reading(NIGHT) as work:
        assert len(my_clocks(work, coordinator)) == 1


def test_when_she_goes_away_it_is_handed_on(there):
    night, _incident, asked, coordinator = there
    clock = keeps(there)
    night.as_person(asked[0], name_next, clock.id, Next(asked[1]))
    goes_away(night, asked[0], days=2)
    before = len(asked_to_look(night))
    night.passes(hours=1, minutes=5)
    assert told_of(night, before, asked[1])[0] >= 1
    assert told_of(night, before, coordinator)[0] >= 1


def test_one_timer_looks_at_it_whatever_happens(there):
    night, _incident, asked, _coordinator = there
    down_for(night, asked[0], 2)
    clock = keeps(there)

    def waiting() -> int:
        with night.unit.reading(NIGHT) as work:
            open_ones = select(Timer).where(
                Timer.subject_type == "medical_clock", Timer.done_at.is_(None)
            )
            return len(work.session.scalars(open_ones).all())

    assert waiting() == 1
    night.as_person(asked[0], name_next, clock.id, Next(asked[1]))
    assert waiting() == 1
    night.passes(hours=5)
    assert waiting() == 1
    night.as_person(asked[1], carries, rows(night)[-1].id)
    assert waiting() == 1
    night.as_person(asked[1], end_clock, clock.id, CareEnd.DECLINED)
    assert waiting() == 0
    assert {one.answer for one in rows(night)} == {HandedOn.YES}


def test_after_a_join_it_still_knows_who_was_with_her_and_who_is_forced(there):
    night, incident, asked, coordinator = there
    keeper, after, *_ = asked
    clock = begins(night, keeper)
    kept = night.call(place="Malpe harbour", district="Udupi")
    assert kept != incident
    night.as_person(coordinator, services.merge_incidents, incident, kept)
    night.as_person(keeper, name_next, clock.id, Next(after, at_once=True))
    night.as_person(after, carries, rows(night)[-1].id)
    assert the_clock(night).kept_by_person_id == after
    with night.unit.begin(NIGHT) as work:
        mine = select(Page.id).where(Page.person_id == after, Page.arrived_at.is_not(None))
        services.answer_link(work, work.session.scalars(mine).one(), FORCED)
    night.passes(hours=1)
    with night.unit.reading(NIGHT) as work:
        assert others_clocks(work, coordinator)[0].asked_at is not None
        assert not my_clocks(work, after)[0].asks, "she sees no difference"
        assert after not in could_carry(work, clock)


@pytest.mark.parametrize("over", [False, True])
def test_a_yes_under_force_is_a_silent_no_and_those_in_charge_are_told(there, over):
    night, incident, asked, coordinator = there
    keeper, after, *_ = asked
    clock = begins(night, keeper)
    night.as_person(keeper, name_next, clock.id, Next(after, at_once=True))
    night.comes(after, FORCED)
    if over:
        ends(night, incident, keeper, coordinator)
    before = len(asked_to_look(night))
    night.as_person(after, carries, rows(night)[-1].id)
    assert the_clock(night).kept_by_person_id == keeper
    assert [one.answer for one in rows(night)] == [HandedOn.NO, None]
    assert "clock_handed_on" not in night.said(incident)
    silent = 1 if over else 0
    assert told_of(night, before, after, coordinator) == [0, 1 + silent]
    with pytest.raises(AnsweredError):
        night.as_person(after, carries, rows(night)[0].id)


def test_a_keeper_under_force_who_says_she_carries_it_on_ends_no_asking(there):
    night, _incident, asked, coordinator = there
    clock = keeps(there)
    night.as_person(asked[0], name_next, clock.id, Next(asked[1]))
    goes_away(night, asked[0], days=2)
    night.passes(hours=1, minutes=5)
    night.comes(asked[0], FORCED)
    before = len(asked_to_look(night))
    night.as_person(asked[0], keep_on, clock.id)
    assert told_of(night, before, coordinator)[0] >= 1
    assert [one.answer for one in rows(night)] == [None]
    (row,) = rows(night)
    night.as_person(asked[1], carries, row.id)
    assert the_clock(night).kept_by_person_id == asked[1]


def test_whoever_is_away_and_carries_it_on_herself_is_taken_at_her_word(there):
    night, _incident, asked, coordinator = there
    clock = keeps(there)
    night.as_person(asked[0], name_next, clock.id, Next(asked[1]))
    goes_away(night, asked[0], days=2)
    night.passes(hours=1, minutes=5)
    night.as_person(asked[0], keep_on, clock.id)
    before = len(asked_to_look(night))
    night.passes(hours=12)
    assert told_of(night, before, asked[1], coordinator) == [0, 0]
    assert [one.answer for one in rows(night)] == [HandedOn.OVER]
    goes_away(night, asked[0], days=1)
    before = len(asked_to_look(night))
    night.passes(hours=1, minutes=5)
    assert told_of(night, before, coordinator)[0] >= 1, "she said another thing since"


def test_hours_that_follow_each_other_are_one_stretch(there):
    night, _incident, asked, coordinator = there
    down_for(night, asked[0], 2)
    with night.unit.begin(NIGHT) as work:
        begin = work.clock.now() + timedelta(hours=2)
        span = Hours(begin, begin + timedelta(hours=3))
        add_shift(work, asked[0], Duty.RESPONDER, branch_of(work, asked[0]), span)
    keeps(there)
    before = len(asked_to_look(night))
    night.passes(hours=4, minutes=50)
    assert told_of(night, before, coordinator) == [0], "she is down for three hours more"
    night.passes(minutes=15)
    assert told_of(night, before, coordinator) == [1]


def test_of_hours_that_overlap_the_last_end_counts(there):
    night, _incident, asked, _coordinator = there
    down_for(night, asked[0], 2)
    clock = keeps(there)
    with night.unit.begin(NIGHT) as work:
        branch, now = branch_of(work, asked[0]), work.clock.now()
        for since, hours in ((-1, 6), (1, 3), (7, 9)):
            start, end = (now + timedelta(hours=one) for one in (since, hours))
            work.session.add(
                RotaShift(
                    ref=new_ref(),
                    person_id=asked[0],
                    duty=Duty.RESPONDER,
                    branch_id=branch,
                    starts_at=start,
                    ends_at=end,
                    origin=Origin.WRITTEN,
                    made_at=now,
                )
            )
        work.session.flush()
        assert carries_until(work, clock) == now + timedelta(hours=6)
