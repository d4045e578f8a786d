from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.builders.members import make_member
from tests.builders.messages import FakeProvider, gateways, make_inbound, make_page
from union.kernel.actor import Actor
from union.messages.invariants import INVARIANTS
from union.messages.services import send, send_due, store_inbound

TEST = Actor.system("test")


def violations(work) -> set[str]:
    return {name for name, query in INVARIANTS.items() if work.session.execute(text(query)).all()}


@pytest.fixture
def told(unit):
    with unit.begin(TEST) as work:
        for phone in ("5830166131", "5830166132", None):
            member = make_member(work, phone=phone)
            send(work, make_page(member.person_id))
        store_inbound(work, make_inbound(work.clock.now()))
    send_due(unit, gateways(FakeProvider()), "sms", limit=1)


def test_what_the_services_leave_behind_breaks_nothing(unit, told):
    with unit.reading(TEST) as work:
        assert violations(work) == set()


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        ("UPDATE attempt SET state = 'dropped' WHERE state = 'due'", "waiting_without_an_attempt"),
        ("UPDATE message SET state = 'unsent' WHERE state = 'waiting'", "given_up_but_still_due"),
        ("UPDATE attempt SET provider = NULL", "handed_over_without_a_provider"),
        ("UPDATE outbox SET ids = '{\"inbound_id\": 0}'", "came_in_and_nobody_was_told"),
    ],
)
def test_each_harm_is_found(unit, told, harm, found):
    with unit.reading(TEST) as work:
        work.session.execute(text(harm))
        assert found in violations(work)
