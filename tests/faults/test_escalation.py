"""A whole escalation with Redis away: nobody answers, and each step still comes when it is due."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from tests.builders.crisis import make_in_charge, make_responder, report
from tests.conftest import Parts
from tests.faults.processes import TEST, stage, wait_for
from union.crisis.models import Incident, Page
from union.crisis.rules.escalation import read_steps
from union.crisis.rules.kinds import Kind
from union.crisis.rules.policies import Draft, Scope
from union.crisis.services import new_policy
from union.infra.embedded.valkey import Keeper
from union.infra.timers import Timer
from union.kernel.actor import Role

STEP_SECONDS = 2
LATE = 30.0
"""Seconds on a busy machine; what nobody woke without Redis would never come at all."""
SCOPE = Scope(Kind.CLIENT_VIOLENCE)
STEPS = [
    {"who": "nearest", "wait_seconds": STEP_SECONDS, "spare": 1},
    {"who": "neighbours", "wait_seconds": STEP_SECONDS, "spare": 1},
    {"who": "coordinators", "wait_seconds": STEP_SECONDS, "spare": 0},
    {"who": "duty_officer", "wait_seconds": STEP_SECONDS, "spare": 0},
]


def test_nobody_answers_and_redis_is_away(parts: Parts, keeper: Keeper, tmp_path: Path):
    with stage(parts, tmp_path) as union:
        union.crew.start("ticker", "fallback", "facts", "timers", "send-sms", "send-voice")
        warm = union.page(1)
        wait_for(lambda: len(union.handed_over(warm)) == 1, 180)
        keeper.stop()
        with union.house.unit.begin(TEST) as work:
            for _ in range(6):
                make_responder(work)
            for role in (Role.COORDINATOR, Role.DUTY_OFFICER):
                make_in_charge(work, role)
            new_policy(work, SCOPE, Draft({"responder": 2}, read_steps(STEPS)))
            incident_id = report(work).incident_id
        wait_for(lambda: asked(union, "duty_officer") > 0, 180)
        keeper.start()
        wait_for(lambda: steps_taken(union, incident_id) >= len(STEPS) + 2, 180)
        assert asked(union, "responder") >= 4
        assert asked(union, "coordinator") >= 1
        assert max(timers_late(union)) < LATE
        messages = pages(union)
        wait_for(lambda: union.handed_over(messages) == set(messages), 180)
        assert max(union.lateness(messages)) < LATE
        assert union.no_key_came_twice()
        assert waits(union, incident_id) == 1


def asked(union, as_what: str) -> int:
    with union.house.unit.reading(TEST) as work:
        return work.session.scalar(select(func.count()).where(Page.asked_as == as_what))


def pages(union) -> list[int]:
    with union.house.unit.reading(TEST) as work:
        return list(work.session.scalars(select(Page.message_id)))


def steps_taken(union, incident_id: int) -> int:
    with union.house.unit.reading(TEST) as work:
        return work.session.scalar(
            select(func.count()).where(
                Timer.subject_type == "incident",
                Timer.subject_id == incident_id,
                Timer.done_at.is_not(None),
            )
        )


def waits(union, incident_id: int) -> int:
    """Open timers of the incident: there must always be one (C1)."""
    with union.house.unit.reading(TEST) as work:
        assert work.session.get_one(Incident, incident_id)
        return work.session.scalar(
            select(func.count()).where(
                Timer.subject_type == "incident",
                Timer.subject_id == incident_id,
                Timer.done_at.is_(None),
            )
        )


def timers_late(union) -> list[float]:
    """Seconds by which each finished timer of an incident was late."""
    with union.house.unit.reading(TEST) as work:
        rows = work.session.execute(
            select(Timer.due_at, Timer.done_at).where(
                Timer.done_at.is_not(None), Timer.subject_type == "incident"
            )
        )
        return [max(row.done_at - row.due_at, timedelta(0)).total_seconds() for row in rows]
