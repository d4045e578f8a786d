"""C7: however many pick her at the same moment, she is asked once, and all are told plainly."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import date

import pytest
from sqlalchemy import func, select

from tests.builders.crisis import NIGHT, as_person, make_in_charge, make_responder, report
from tests.builders.members import make_branch
from union.crisis import services
from union.crisis.errors import AskedAlreadyError
from union.crisis.models import Page
from union.crisis.rules.kinds import AskedAs
from union.kernel.actor import Role

AT_ONCE = 4
PATIENCE = 60.0


def call_lapsed(work, incident_id: int, person_id: int) -> Page:
    return services.call_lapsed(work, incident_id, person_id, AskedAs.RESPONDER, "next door")


def ask_by_hand(work, incident_id: int, person_id: int) -> Page:
    return services.ask_by_hand(work, incident_id, person_id, AskedAs.RESPONDER)


@pytest.mark.parametrize(
    ("act", "ends_on"),
    [(call_lapsed, date(2026, 9, 30)), (ask_by_hand, date(2027, 1, 1))],
)
def test_picked_by_many_at_once_she_is_asked_once(committing, act, ends_on):
    with committing.begin(NIGHT) as work:
        bidar = make_branch(work)
        incident_id = report(work).incident_id
        her = make_responder(work, bidar, ends_on=ends_on)
        coordinator = make_in_charge(work, Role.COORDINATOR)
    came: Counter[str] = Counter()
    turn = threading.Barrier(AT_ONCE)

    def pick() -> None:
        turn.wait(PATIENCE)
        try:
            with as_person(committing, coordinator) as work:
                act(work, incident_id, her)
            came["asked"] += 1
        except AskedAlreadyError:
            came["asked already"] += 1

    hands = [threading.Thread(target=pick) for _ in range(AT_ONCE)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(PATIENCE)
    assert came == {"asked": 1, "asked already": AT_ONCE - 1}
    with committing.reading(NIGHT) as work:
        assert work.session.scalar(select(func.count()).where(Page.person_id == her)) == 1
