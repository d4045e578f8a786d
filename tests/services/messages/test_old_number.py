"""The number before hers is told of the change, and what is kept of it goes when she is erased."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.members import make_member
from tests.builders.messages import FakeProvider, gateways
from union.infra.keystore import KeyGoneError
from union.infra.outbox import Outbox
from union.kernel.actor import Actor
from union.kernel.phone import read_phone
from union.members.models import Member
from union.members.services import change_phone
from union.messages.models import Message
from union.messages.services import send_due
from union.messages.services.old_number import tell_old_number
from union.messages.services.outgoing import NUMBER_FIELD

TEST = Actor.system("test")
NIGHT = timedelta(hours=12)
"""After it her hours are on."""

OLD, NEW = "+915830166131", "+915830166132"


@pytest.fixture
def her(unit) -> int:
    with unit.begin(TEST) as work:
        person_id = make_member(work, phone=OLD.removeprefix("+91")).person_id
        change_phone(work, person_id, read_phone(NEW), first=True)
        fact = work.session.scalars(select(Outbox).where(Outbox.fact == "phone_changed")).one()
        tell_old_number(work, fact.ids)
    return person_id


def number_told(unit) -> str:
    with unit.reading(TEST) as work:
        message = work.session.scalars(
            select(Message).where(Message.template == "changed_number")
        ).one()
        return work.vault.decrypt(message.key_ref, NUMBER_FIELD, message.ref, message.to_number)


def erase(unit, person_id: int) -> None:
    with unit.begin(TEST) as work:
        work.vault.destroy_key(work.session.get_one(Member, person_id).key_ref)


def test_the_words_go_to_the_number_before(unit, clock, her):
    provider = FakeProvider()
    assert number_told(unit) == OLD
    clock.advance(NIGHT)
    assert send_due(unit, gateways(provider), "sms") == 1
    assert [to for _, _, to, _ in provider.taken] == [OLD]


def test_what_erases_her_erases_the_number_before(unit, her):
    erase(unit, her)
    with pytest.raises(KeyGoneError):
        number_told(unit)


def test_erased_before_it_went_it_goes_to_nobody(unit, clock, her):
    provider = FakeProvider()
    erase(unit, her)
    clock.advance(NIGHT)
    assert send_due(unit, gateways(provider), "sms") == 0
    assert provider.taken == []
