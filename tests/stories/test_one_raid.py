"""The night of the raid: five tell of it, the sixth of another, and the seventh is not drowned."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.crisis import NIGHT
from tests.builders.members import make_member
from union.crisis import services
from union.crisis.models import Contact, Incident
from union.crisis.queries.board import board
from union.crisis.rules.kinds import Attachment, ContactChannel, DealtHow, Kind, TeamRole
from union.kernel.actor import Role
from union.members.services import NewBranch, add_branches

URBAN = ("Bengaluru Urban", 12.97, 77.59)
RAID = Kind.ARREST_OR_RAID
LANDMARKS = """district,name,also_written,lat,lon
Bengaluru Urban,Majestic,Kempegowda bus station; Majestic bus stand,12.977,77.572
Bengaluru Urban,KR Market,City Market,12.965,77.577
"""


@pytest.fixture
def city(night):
    with night.unit.begin(NIGHT) as work:
        also = ("Bangalore", "Bengaluru")
        add_branches(work, [NewBranch(URBAN[0], also, "Bengaluru", *URBAN[1:])])
        services.import_landmarks(work, LANDMARKS.splitlines())
    night.team(12, district=URBAN)
    night.team(3, district=URBAN, role=TeamRole.PARALEGAL)
    night.team(4)
    return night


def tells(night, **fields) -> Contact:
    fields.setdefault("channel", ContactChannel.HOTLINE)
    with night.unit.begin(NIGHT) as work:
        contact = services.receive_contact(work, services.Report(**fields))
        work.session.expunge(contact)
    night.workers.settle()
    return contact


FIVE = (
    {"kind": RAID, "district": "Bengaluru Urban", "people": 23,
     "place": "Majestic bus stand, taken in two vans"},
    {"channel": ContactChannel.SMS, "words": "majestic vans police took all"},
    {"kind": RAID, "district": "Bengaluru", "place": "near kempegowda bus station", "people": 10},
    {"channel": ContactChannel.APP, "kind": Kind.POLICE_HARASSMENT, "people": 20,
     "district": "Bengaluru Urban", "point": (12.9769, 77.5721)},
)  # fmt: skip


def test_they_are_one_and_the_market_stays_another(city):
    first, *others = [tells(city, **told) for told in FIVE]
    missed = tells(city, channel=ContactChannel.MISSED_CALL)
    assert missed.incident_id is None
    operator = city.in_charge(Role.OPERATOR)
    city.as_person(operator, services.take_contact, missed.id)
    city.as_person(
        operator, services.tell_more, missed.id, services.Report(place="Majestic", kind=RAID)
    )
    city.clock.advance(timedelta(minutes=6))
    market = tells(
        city,
        kind=RAID,
        district="Bengaluru Urban",
        place="KR Market lodge, door broken",
        people=4,
    )
    with city.unit.reading(NIGHT) as work:
        contacts = work.session.scalars(select(Contact).order_by(Contact.id)).all()
        assert {c.incident_id for c in contacts[:5]} == {first.incident_id}
        assert [c.attachment for c in contacts[1:5]] == [Attachment.PROVISIONAL] * 4
        assert market.incident_id not in (None, first.incident_id)
        assert len(others) == 3


def test_only_the_shortfall_is_asked(city):
    first = tells(city, **FIVE[0])
    asked = len(city.asked(first.incident_id))
    for told in FIVE[1:]:
        tells(city, **told)
    assert len(city.asked(first.incident_id)) == asked


def test_more_people_need_more_of_us_and_only_they_are_asked(city):
    small = tells(city, **{**FIVE[0], "people": 2})
    before = set(city.asked(small.incident_id))
    tells(city, **FIVE[2])
    after = set(city.asked(small.incident_id))
    assert before < after
    assert "needs_grew" in city.said(small.incident_id)


def test_the_next_caller_from_another_district_stands_before_the_attached(city):
    for told in FIVE:
        tells(city, **told)
    lost = tells(city, channel=ContactChannel.MISSED_CALL)
    with city.unit.reading(NIGHT) as work:
        found = board(work)
        assert found.contacts[0].ref == lost.ref
    bidar = tells(city, kind=Kind.CLIENT_VIOLENCE, district="Bidar", place="Bidar lodge lane")
    assert len(city.asked(bidar.incident_id)) == 4


def test_a_wrong_guess_is_parted_and_both_keep_their_lines(city):
    first = tells(city, **FIVE[0])
    other = tells(city, **FIVE[2])
    operator = city.in_charge(Role.OPERATOR)
    parted = city.as_person(operator, services.split_off, other.id)
    assert parted.id != first.incident_id
    assert "split_off" in city.said(first.incident_id)
    assert "split_from" in city.said(parted.id)
    assert city.asked(parted.id)


def test_two_that_are_one_are_joined_and_nobody_is_asked_twice(city):
    first = tells(city, **FIVE[0])
    city.clock.advance(timedelta(minutes=31))
    second = tells(city, **FIVE[2])
    assert second.incident_id != first.incident_id
    comes = city.asked(first.incident_id)[0]
    city.comes(comes)
    operator = city.in_charge(Role.OPERATOR)
    city.as_person(operator, services.merge_incidents, second.incident_id, first.incident_id)
    live = city.pages(first.incident_id)
    people = [p for state in ("asked", "accepted", "briefed") for p in live.get(state, [])]
    assert len(people) == len(set(people))
    assert comes in live["briefed"]
    assert "merged_from" in city.said(first.incident_id)
    assert "opened" in city.said(second.incident_id)
    with city.unit.reading(NIGHT) as work:
        assert work.session.get_one(Incident, second.incident_id).state == "merged"


def test_a_missed_call_is_rung_back_three_times(night):
    operator = night.in_charge(Role.OPERATOR)
    contact = tells(night, channel=ContactChannel.MISSED_CALL, number="+915442900234")
    night.passes(minutes=2)
    assert night.workers.provider.taken, "the operator's own telephone tells her"
    for _ in range(3):
        night.as_person(operator, services.take_contact, contact.id)
        night.as_person(operator, services.note_try, contact.id)
    night.as_person(operator, services.deal_with, contact.id, DealtHow.NOT_REACHED)
    with night.unit.reading(NIGHT) as work:
        assert work.session.get_one(Contact, contact.id).dealt_by_person_id == operator


def test_nobody_at_the_desk_and_the_duty_officer_hears_of_it(night):
    duty = night.in_charge(Role.DUTY_OFFICER)
    tells(night, channel=ContactChannel.MISSED_CALL)
    night.passes(minutes=2)
    assert not night.workers.provider.taken
    night.passes(minutes=10)
    told = len(night.workers.provider.taken)
    assert told >= 2
    night.passes(minutes=10)
    assert len(night.workers.provider.taken) > told
    assert duty


def test_she_was_rung_herself_and_only_the_rest_is_asked(night):
    her, *others = night.team(5)
    incident = night.call(channel=ContactChannel.OWN_RESPONDER, coming_person_id=her)
    pages = night.pages(incident)
    assert pages["briefed"] == [her]
    assert len(pages["asked"]) == 3
    night.comes(pages["asked"][0])
    assert night.state(incident) == "filled"
    assert others


def test_somebody_without_a_certificate_who_goes_fills_no_place(night):
    night.team(3)
    with night.unit.begin(NIGHT) as work:
        stranger = services.profile_of(work, make_member(work).person_id)
        her = stranger.person_id
    incident = night.call(channel=ContactChannel.OWN_RESPONDER, coming_person_id=her)
    assert night.pages(incident)["briefed"] == [her]
    assert len(night.asked(incident)) == 3
    night.comes(night.asked(incident)[0])
    assert night.state(incident) == "seeking"


def test_nuisance_asks_nobody(night):
    night.team(3)
    contact = tells(night, kind=Kind.NUISANCE, district="Bidar", place="Bidar")
    assert contact.incident_id is None
    operator = night.in_charge(Role.OPERATOR)
    night.as_person(operator, services.deal_with, contact.id, DealtHow.NUISANCE)
