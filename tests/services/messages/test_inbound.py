from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select, text

from tests.builders.messages import make_inbound
from union.infra.outbox import Outbox
from union.messages.models import InboundMessage
from union.messages.queries import from_same_number
from union.messages.services import read_inbound, store_inbound


def facts(work):
    return work.session.scalars(select(Outbox.ids).where(Outbox.fact == "inbound_stored")).all()


def test_the_same_inbound_told_twice_is_one_row_and_one_fact(work):
    inbound = make_inbound(work.clock.now())
    first = store_inbound(work, inbound)
    second = store_inbound(work, inbound)
    assert first.fresh
    assert not second.fresh
    assert first.inbound_id == second.inbound_id
    assert facts(work) == [{"inbound_id": first.inbound_id}]
    assert work.session.scalar(select(func.count(InboundMessage.id))) == 1


def test_two_providers_may_use_the_same_id(work):
    now = work.clock.now()
    one = store_inbound(work, make_inbound(now, provider="a", provider_id="1"))
    two = store_inbound(work, make_inbound(now, provider="b", provider_id="1"))
    assert one.inbound_id != two.inbound_id


def test_what_came_in_reads_back_as_it_was_and_is_closed_in_the_table(work):
    inbound = make_inbound(work.clock.now(), from_number="54429 00234", body="CANARY bus stand")
    stored = store_inbound(work, inbound)
    opened = read_inbound(work, stored.inbound_id)
    assert opened.body == "CANARY bus stand"
    assert opened.from_number == "+915442900234"
    row = work.session.execute(text("SELECT inbound_message::text FROM inbound_message")).scalar()
    assert "CANARY" not in row
    assert "5442900234" not in row


def test_a_withheld_number_is_kept_as_told(work):
    stored = store_inbound(work, make_inbound(work.clock.now(), from_number="anonymous"))
    assert read_inbound(work, stored.inbound_id).from_number == "anonymous"


def test_what_came_from_one_number_is_found(work):
    now = work.clock.now()
    ids = [store_inbound(work, make_inbound(now)).inbound_id for _ in range(2)]
    store_inbound(work, make_inbound(now, from_number="+915442900999"))
    assert list(from_same_number(work, "+915442900234", now - timedelta(hours=1))) == ids
