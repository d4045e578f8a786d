"""Told, attached, parted and joined in any order: no line of any timeline is lost, and C1 holds."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from tests.builders.crisis import make_in_charge, make_responder, report
from tests.builders.members import make_branch
from union.crisis import services
from union.crisis.invariants import INVARIANTS
from union.crisis.models import Contact, Incident, IncidentEvent
from union.crisis.queries.desk import timeline_of
from union.crisis.rules.kinds import IncidentState, Kind
from union.infra.work import Work
from union.kernel.actor import Actor, Role
from union.kernel.errors import UnionError

PLACES = ("Bidar lodge lane", "Bidar fort gate", "lodge lane", "mill behind the station")
KINDS = (Kind.UNKNOWN, Kind.CLIENT_VIOLENCE, Kind.ARREST_OR_RAID, Kind.THREAT_TO_OWN_LIFE)
PICK = st.integers(0, 7)
STEPS = st.one_of(
    st.tuples(st.just("tell"), st.integers(0, 3), st.integers(0, 3)),
    st.tuples(st.just("attach"), PICK, PICK),
    st.tuples(st.just("split"), PICK, PICK),
    st.tuples(st.just("merge"), PICK, PICK),
)


def contact_at(work: Work, pick: int) -> int:
    ids = work.session.scalars(select(Contact.id).order_by(Contact.id)).all()
    if not ids:
        raise UnionError
    return ids[pick % len(ids)]


def incident_at(work: Work, pick: int) -> int:
    ids = work.session.scalars(select(Incident.id).order_by(Incident.id)).all()
    if not ids:
        raise UnionError
    return ids[pick % len(ids)]


def do(desk: Work, step: str, one: int, other: int) -> None:
    """One step; what is refused leaves nothing behind."""
    nested = desk.session.begin_nested()
    try:
        if step == "tell":
            report(desk, place=PLACES[one], kind=KINDS[other])
        elif step == "attach":
            services.attach_by_hand(desk, contact_at(desk, one), incident_at(desk, other))
        elif step == "split":
            services.split_off(desk, contact_at(desk, one))
        else:
            services.merge_incidents(desk, incident_at(desk, one), incident_at(desk, other))
    except UnionError:
        nested.rollback()
    else:
        desk.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        desk.session.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        nested.commit()


def shown(work: Work) -> int:
    """How many lines the timelines of all that stand for themselves show together."""
    rows = work.session.scalars(
        select(Incident).where(Incident.state != IncidentState.MERGED)
    ).all()
    return sum(len(timeline_of(work, one, alarms=True)) for one in rows)


@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(STEPS, min_size=2, max_size=10))
def test_no_line_is_lost_and_everybody_is_looked_at(unit, asked):
    with unit.reading(Actor.system("test")) as work:
        bidar = make_branch(work)
        for _ in range(3):
            make_responder(work, bidar)
        person = make_in_charge(work, Role.OPERATOR)
        actor = Actor(person, None, frozenset())
        desk = Work(work.session, work.clock, actor, work.vault, work.routes)
        before: set[int] = set()
        for step in asked:
            do(desk, *step)
            lines = set(work.session.scalars(select(IncidentEvent.id)))
            assert before <= lines
            assert shown(work) == len(lines), "each line stands in exactly one timeline"
            before = lines
            for name, query in INVARIANTS.items():
                assert work.session.execute(text(query)).all() == [], (name, step)
        told = work.session.scalar(select(func.count(Contact.id)))
        hanging = select(func.count(Contact.id)).join(Incident, Contact.incident_id == Incident.id)
        ended = hanging.where(Incident.state == IncidentState.MERGED)
        assert work.session.scalar(ended) == 0, "who told of what was joined hangs on what is kept"
        assert told == work.session.scalar(hanging)
