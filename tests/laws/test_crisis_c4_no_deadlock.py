"""C4: writing down what came of pages waits for nobody while it holds others."""

from __future__ import annotations

import threading

from sqlalchemy import select

from tests.builders.members import make_member
from tests.builders.messages import PUBLIC_URL, make_page
from union.gateways.port import Receipt
from union.kernel.actor import Actor
from union.messages.models import Attempt, Message
from union.messages.services import claim_due, send_all, withdraw
from union.messages.services.knocking import Result
from union.messages.services.sending import record_result, record_results

TEST = Actor.system("test")


def test_withdrawing_in_another_order_deadlocks_nobody(committing):
    with committing.begin(TEST) as work:
        people = [make_member(work, phone=f"58301{n:05d}").person_id for n in range(3)]
        ids = [message.id for message in send_all(work, [make_page(one) for one in people])]
    with committing.begin(TEST) as work:
        claimed = claim_due(work, "sms", PUBLIC_URL)
    results = [Result(one.attempt_id, receipt=Receipt("fake", one.key)) for one in claimed]
    with committing.begin(TEST) as withdrawing:
        withdraw(withdrawing, ids[-1])
        with committing.begin(TEST) as work:
            held = record_results(work, results)
        assert len(held) == 1
        waiting = threading.Thread(target=record_one, args=(committing, held[0]))
        waiting.start()
        withdraw(withdrawing, ids[0])
    waiting.join(120)
    assert not waiting.is_alive()
    with committing.reading(TEST) as work:
        attempts = work.session.scalars(select(Attempt.state)).all()
        states = work.session.scalars(select(Message.state).order_by(Message.id)).all()
    assert set(attempts) == {"handed_over"}
    assert states == ["withdrawn", "handed_over", "withdrawn"]


def record_one(unit, result) -> None:
    with unit.begin(TEST) as work:
        record_result(work, result)
