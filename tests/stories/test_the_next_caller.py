"""Five tell of one raid within six minutes; the next caller, from another district, is not drowned.

A line of the timeline for each minute: who stands first at the desk, and whose telephones rang.
"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from tests.builders.crisis import NIGHT
from union.crisis import services
from union.crisis.models import Contact
from union.crisis.queries.waiting import waiting_contacts
from union.crisis.rules.kinds import ContactChannel, ContactState, Kind, TeamRole
from union.infra.timers import Timer
from union.kernel.actor import Role
from union.messages.models import Message

SMS, MISSED = ContactChannel.SMS, ContactChannel.MISSED_CALL


@pytest.fixture
def desk(night):
    """A raid's district with people, another district with people, and one of each at the desk."""
    night.team(8)
    night.team(2, role=TeamRole.PARALEGAL)
    night.team(4, district=("Kolar", 13.13, 78.13))
    night.in_charge(Role.DUTY_OFFICER)
    return night.in_charge(Role.OPERATOR)


def tells(night, number: int, **fields) -> str:
    with night.unit.begin(NIGHT) as work:
        told = services.Report(number=f"+91{5_442_900_200 + number}", **fields)
        ref = services.receive_contact(work, told).ref
    night.workers.settle()
    return ref


def first(night, count: int = 2) -> list[str]:
    with night.unit.reading(NIGHT) as work:
        return [one.ref for one in waiting_contacts(work)][:count]


def told_of_the_desk(night, person_id: int) -> int:
    with night.unit.reading(NIGHT) as work:
        rows = select(Message.id).where(Message.template == "desk", Message.person_id == person_id)
        return len(work.session.scalars(rows).all())


def test_the_next_caller_is_second_and_then_first(night, desk):
    raid = [
        tells(night, 1, channel=SMS, words="police raid lodge lane Bidar took 8 girls"),
    ]
    for number in range(2, 6):
        night.passes(seconds=80)
        raid.append(tells(night, number, channel=SMS, words="police raid lodge lane Bidar"))
    night.passes(seconds=30)
    kolar = tells(night, 20, channel=MISSED)
    assert first(night)[0] == kolar, "nobody goes to her; to the raid people go"

    with night.unit.reading(NIGHT) as work:
        contacts = work.session.scalars(select(Contact).order_by(Contact.id)).all()
        assert len({one.incident_id for one in contacts if one.ref in raid}) == 1
        assert all(one.state is ContactState.OPEN for one in contacts)

    before = told_of_the_desk(night, desk)
    night.passes(seconds=95)
    assert told_of_the_desk(night, desk) > before, "her own time is up: the second phones ring"

    hers = next(one for one in contacts if one.ref == kolar)
    night.as_person(desk, services.take_contact, hers.id)
    told = services.Report(channel=MISSED, place="bus stand", district="Kolar")
    night.as_person(desk, services.tell_more, hers.id, told)
    with night.unit.reading(NIGHT) as work:
        asked = work.session.get_one(Contact, hers.id).incident_id
    assert night.asked(asked), "people of her own district are asked, whatever the raid took"


def test_five_nobody_knows_where_do_not_stand_before_one_with_a_district(night, desk):
    for number in range(1, 6):
        tells(night, number, channel=MISSED)
        night.passes(seconds=60)
    kolar = tells(night, 20, channel=ContactChannel.HOTLINE, kind=Kind.NUISANCE, district="Kolar")
    assert kolar in first(night)


def test_for_those_people_go_to_telephones_ring_once_and_not_five_times(night, desk):
    for number in range(1, 6):
        tells(night, number, channel=SMS, words="police raid lodge lane Bidar")
    night.passes(seconds=95)
    assert told_of_the_desk(night, desk) == 1
    with night.unit.reading(NIGHT) as work:
        waits = work.session.scalars(
            select(Timer.id).where(Timer.subject_type == "contact", Timer.done_at.is_(None))
        ).all()
    assert len(waits) == 5, "each of them is looked at again all the same"


def test_a_missed_call_is_rung_within_the_second_and_told_until_somebody_spoke(night, desk):
    ref = tells(night, 9, channel=MISSED)
    assert "voice" in night.workers.provider.ways()
    night.passes(minutes=10)
    with night.unit.reading(NIGHT) as work:
        contact = work.session.scalars(select(Contact).where(Contact.ref == ref)).one()
        assert contact.overflow >= 2
        assert contact.state is ContactState.OPEN
