"""Who is read for a step: of some districts only, and yet chosen as out of the whole state."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from tests.builders.crisis import make_responder, report
from tests.builders.members import make_branch
from union.crisis.models import Certificate, IncidentAvoid, Page, TeamProfile
from union.crisis.queries.candidates import NO_INCIDENT, candidates, pool
from union.crisis.queries.gazetteer import areas, landmarks
from union.crisis.rules.choosing import Wanted, choose
from union.crisis.rules.kinds import FILLED_BY, AskedAs, PageState, Shift, TeamRole
from union.crisis.rules.rota import Duty, Hours, Origin
from union.crisis.services import rota
from union.crisis.services.teams import add_landmark
from union.infra.editions import PLACES as PLACES_LIST
from union.infra.editions import POLICIES

NEW_POLICY = """
INSERT INTO crisis_policy (ref, kind, version, is_over, quorum, steps, made_at)
VALUES ('v1', 'eviction', 1, false, '{"responder": 1}',
  '[{"who": "duty_officer", "wait_seconds": 60}]', '2026-10-15T18:30:00Z')
"""
PLACES = (("Bidar", 17.91, 77.52), ("Kalaburagi", 17.33, 76.83), ("Mysuru", 12.30, 76.64))


@pytest.fixture
def state(work):
    """Three districts with people of every sort; one is down beside hers, one away, one goes."""
    branches = [make_branch(work, *place) for place in PLACES]
    people = []
    for number, branch in enumerate(branches * 4):
        role = (TeamRole.RESPONDER, TeamRole.TEAM_LEAD, TeamRole.PARALEGAL)[number % 5 % 3]
        her = make_responder(
            work,
            branch,
            role,
            point=PLACES[number % 3][1:],
            shift=list(Shift)[number % len(Shift)],
            languages=(("kannada",), ("urdu", "hindi"))[number % 2],
            gender=(None, "woman", "trans")[number % 3],
        )
        people.append(her)
    hours = Hours(work.clock.now(), work.clock.now() + timedelta(hours=8))
    rota.add_shift(work, people[1], Duty.RESPONDER, branches[0].id, hours, Origin.OFFER)
    rota.say_away(work, people[3], hours, sure=True)
    profile = work.session.get_one(TeamProfile, people[6])
    profile.resting_until = work.clock.now() + timedelta(hours=3)
    work.session.flush()
    report(work)
    page = work.session.scalars(select(Page).order_by(Page.id)).first()
    page.state, page.answered_by = PageState.ACCEPTED, "keypad"
    page.answered_at = work.clock.now()
    work.session.flush()
    return [branch.id for branch in branches], people


def test_reading_some_districts_chooses_as_reading_the_whole_state(work, state):
    branches, people = state
    whole = {role: candidates(work, FILLED_BY[role], NO_INCIDENT) for role in FILLED_BY}
    assert any(one.busy for one in whole[AskedAs.RESPONDER])
    assert any(one.load for one in whole[AskedAs.RESPONDER])
    assert any(one.serves for one in whole[AskedAs.RESPONDER])
    wanted = st.builds(
        Wanted,
        role=st.sampled_from([AskedAs.RESPONDER, AskedAs.PARALEGAL]),
        count=st.integers(1, 5),
        local=st.integers(0, 23).map(
            lambda hour: work.clock.now().astimezone(work.clock.zone).replace(hour=hour)
        ),
        cell=st.sampled_from([None, *(area.cell for area in areas(work))]),
        branches=st.none() | st.frozensets(st.sampled_from(branches)),
        language=st.sampled_from([None, "urdu", "tamil"]),
        gender=st.sampled_from([None, "woman"]),
        avoid=st.frozensets(st.sampled_from(people), max_size=2),
        already=st.frozensets(st.sampled_from(people), max_size=2),
        asleep_too=st.booleans(),
    )

    @settings(max_examples=60, deadline=None)
    @given(wanted)
    def same(one: Wanted) -> None:
        read = pool(work, FILLED_BY[one.role], NO_INCIDENT, one.branches)
        narrow = choose(read.candidates, one, read.elsewhere)
        assert narrow == choose(whole[one.role], one)
        assert len(read.candidates) + read.elsewhere == len(whole[one.role])

    same()


def test_who_is_named_in_a_conflict_comes_along_even_where_nobody_is(work, state):
    branches, people = state
    incident_id = work.session.scalars(select(Page.incident_id)).first()
    work.session.add(IncidentAvoid(incident_id=incident_id, person_id=people[0]))
    work.session.flush()
    read = pool(work, [TeamRole.COUNSELLOR], incident_id, branches[:1])
    assert (read.candidates, read.elsewhere, read.avoid) == ([], 0, {people[0]})


def test_asked_and_gone_weighs_by_whole_weeks(work, state):
    _, people = state
    page = work.session.scalars(select(Page).order_by(Page.id)).first()

    def load_after(**span):
        page.asked_at = work.clock.now() - timedelta(**span)
        work.session.flush()
        found = candidates(work, set(TeamRole), NO_INCIDENT)
        return next(one.load for one in found if one.person_id == page.person_id)

    assert [load_after(days=days) for days in (0, 6, 7, 14, 21, 28)] == [1, 1, 0.5, 0.25, 0.125, 0]
    page.briefed_at = work.clock.now()
    assert load_after(days=7) == 0.5 * 3
    assert page.person_id in people


def test_a_place_is_known_as_soon_as_it_is_written_down(work):
    bidar = make_branch(work)
    assert landmarks(work) == ()
    add_landmark(work, bidar.id, ("Gumpha", "Gumpa"), (17.9, 77.5))
    assert [one.names for one in landmarks(work)] == [("Gumpha", "Gumpa")]
    make_branch(work, "Mysuru", 12.30, 76.64)
    assert len(areas(work)) == 2


def test_another_process_hears_of_a_change_by_its_edition(unit, work):
    bidar = make_branch(work)
    assert landmarks(work) == ()
    with unit.begin(work.actor) as other:
        add_landmark(other, bidar.id, ("Gumpha",), (17.9, 77.5))
    with unit.begin(work.actor) as later:
        assert len(landmarks(later)) == 1


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ("UPDATE branch SET headquarters = headquarters || '.'", PLACES_LIST),
        ("UPDATE branch_alias SET written = written || 'x'", PLACES_LIST),
        ("UPDATE landmark SET name = name || '.'", PLACES_LIST),
        ("DELETE FROM landmark", PLACES_LIST),
        (NEW_POLICY, POLICIES),
    ],
)
def test_a_change_by_any_hand_gives_a_new_stamp_and_nobody_else_does(work, change, name):
    add_landmark(work, make_branch(work).id, ("Gumpha",), (17.9, 77.5))

    def stamps():
        rows = work.session.execute(text("SELECT name, stamp FROM edition"))
        return {row.name: row.stamp for row in rows}

    before = stamps()
    work.session.execute(text(change))
    changed = {one for one, stamp in stamps().items() if stamp != before[one]}
    assert changed == {name}
    for forged in (
        "UPDATE edition SET stamp = gen_random_uuid()",
        "INSERT INTO edition VALUES ('places', gen_random_uuid())",
        "DELETE FROM edition",
    ):
        with pytest.raises(ProgrammingError), work.session.begin_nested():
            work.session.execute(text(forged))


def test_a_lapsed_or_revoked_certificate_is_not_even_counted(work, state):
    branches, people = state
    before = pool(work, FILLED_BY[AskedAs.RESPONDER], NO_INCIDENT, branches[:1])
    held = work.session.scalars(
        select(Certificate).where(
            Certificate.person_id.in_(people), Certificate.role == "responder"
        )
    ).all()
    held[0].revoked_at = work.clock.now()
    held[1].ends_on = work.clock.today() - timedelta(days=1)
    work.session.flush()
    after = pool(work, FILLED_BY[AskedAs.RESPONDER], NO_INCIDENT, branches[:1])
    assert len(after.candidates) + after.elsewhere == len(before.candidates) + before.elsewhere - 2
    assert replace(after, candidates=[]).avoid == frozenset()
