"""What comes of her while she is being erased: no key outlives it, no call goes unheard.

Each test lets another connection commit between two steps of one order, or between two statements
of one step.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from tests.builders.erasing import PHONE, TEST, ask_and_agree, carry_out, order_now
from tests.builders.messages import make_inbound
from tests.laws.erasing_house import House, house_of
from union.crisis.models import Contact
from union.crisis.rules.kinds import DealtHow
from union.crisis.services import route_inbound
from union.crisis.services.contacts import deal_with
from union.messages.models import InboundMessage
from union.messages.services import store_inbound
from union.office.erasing.queries import certificate_of
from union.office.erasing.rules import LOOK_AGAIN, WAIT
from union.office.erasing.services import carrying

LATE = "Qz7 she wrote this while it went on"


@pytest.fixture
def house(committing, slate, clock) -> House:
    return house_of(committing, slate, clock)


def text_of_hers(work) -> int:
    inbound = make_inbound(work.clock.now(), from_number=f"+91{PHONE}", body=LATE)
    return store_inbound(work, inbound).inbound_id


def up_to(house, ref: str, column: str) -> None:
    """Step by step until that one is done."""
    for _ in range(20):
        with house.unit.reading(TEST) as work:
            if getattr(order_now(work, ref), column) is not None:
                return
        carry_out(house.unit, steps=1)
    raise AssertionError(column)


def is_gone(house, key_ref) -> bool:
    with house.unit.reading(TEST) as work:
        return key_ref in work.vault.destroyed([key_ref])


def test_a_text_after_the_last_look_for_keys_does_not_keep_its_key(house, monkeypatch):
    ref = ask_and_agree(house.unit, house.cast)
    house.clock.advance(WAIT)
    up_to(house, ref, "keys_gone_at")
    came = []

    def looked(work, order):
        found = order_keys(work, order)
        if not came:
            with house.unit.begin(TEST) as other:
                came.append(text_of_hers(other))
        return found

    order_keys = carrying.order_keys
    monkeypatch.setattr(carrying, "order_keys", looked)
    with pytest.raises(DBAPIError, match="erasure_key_first"):
        up_to(house, ref, "rows_gone_at")
    with house.unit.reading(TEST) as work:
        late = work.session.get_one(InboundMessage, came[0])
        assert late.from_index != b"", "nothing of that step was kept"
    carry_out(house.unit)
    with house.unit.reading(TEST) as work:
        assert order_now(work, ref).ended_at is not None
        assert work.session.get_one(InboundMessage, came[0]).from_index == b""
    assert is_gone(house, late.key_ref)
    assert house.broken() == {}


def test_who_was_taken_in_while_her_keys_and_rows_went_is_heard_and_then_that_goes_too(house):
    ref = ask_and_agree(house.unit, house.cast)
    house.clock.advance(WAIT)
    up_to(house, ref, "begun_at")
    with house.unit.begin(TEST) as late:
        inbound_id = text_of_hers(late)
        route_inbound(late, {"inbound_id": inbound_id})
        up_to(house, ref, "rows_gone_at")
    carry_out(house.unit)
    with house.unit.reading(TEST) as work:
        assert order_now(work, ref).listed_at is None
        contact = work.session.scalars(
            select(Contact).where(Contact.inbound_id == inbound_id)
        ).one()
        assert contact.person_id == house.cast.her
    with house.unit.begin(house.cast.two) as work:
        deal_with(work, contact.id, DealtHow.NUISANCE)
    house.clock.advance(LOOK_AGAIN + timedelta(seconds=1))
    carry_out(house.unit)
    assert is_gone(house, contact.key_ref)
    with house.unit.reading(TEST) as work:
        assert certificate_of(work.session, ref).holds
        number = work.session.scalar(
            text("SELECT num_nonnulls(number, number_index) FROM contact WHERE id = :id"),
            {"id": contact.id},
        )
        assert number == 0
    assert house.broken() == {}
