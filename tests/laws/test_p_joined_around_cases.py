"""Entries joined around cases: her erasure ends, and wrong hands of before hinder nobody else.

Attacked by SQL as the application's login would send it, and by its services.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.erasing import TEST, order_now
from tests.builders.identity import give_role, make_account
from tests.builders.ledger import acting_as
from tests.builders.legal import make_case, make_paralegal
from tests.builders.members import make_member
from tests.laws.erasing_house import House, house_of
from tests.laws.money import refused
from union.infra.people import new_person
from union.infra.timers import Timer
from union.infra.work import Work
from union.kernel.actor import Actor, Grant, Role
from union.legal.invariants import INVARIANTS
from union.legal.models import CaseShare, LegalCase
from union.legal.queries import lawyers
from union.legal.rules import CaseOutcome, Part, Purpose
from union.legal.services import (
    NewShare,
    close_case,
    give_consent,
    keep_out,
    look_at_case,
    share_case,
)
from union.members.models import Member
from union.members.services.pairs import merge_members, propose_pair
from union.office.erasing.queries import certificate_of
from union.office.services.register_decisions import decide_duplicate

AROUND = INVARIANTS["case_with_whom_it_goes_around"]
SHARE = (
    "INSERT INTO case_share (ref, case_id, person_id, consent_id, parts, made_at,"
    " made_by_person_id, until_at) SELECT 's', case_id, {who}, consent_id, parts, made_at,"
    " made_by_person_id, until_at FROM case_share"
)
JOINED = (
    "INSERT INTO member (person_id, ref, key_ref, joined_precision, status, made_at, merged_into)"
    " SELECT {who}, 'joined', gen_random_uuid(), joined_precision, 'active', made_at, {into}"
    " FROM member WHERE person_id = {into}"
)


@pytest.fixture
def house(committing, slate, clock) -> House:
    return house_of(committing, slate, clock)


def join(work: Work, one: int, other: int) -> None:
    """As the membership secretary does it, on a page."""
    decide_duplicate(work, propose_pair(work, one, other, []).id, same=True)


def test_her_erasure_ends_though_her_closed_case_was_with_one_it_goes_around(house):
    with house.unit.begin(TEST) as work:
        paralegal, named = make_paralegal(work), make_member(work).person_id
        case = make_case(work, paralegal, house.cast.her)
        with acting_as(work, paralegal):
            keep_out(work, case.ref, named)
            close_case(work, case.ref, CaseOutcome.AS_SHE_WISHED)
        assert case.acts
    with house.unit.begin(TEST) as work:
        join(work, named, paralegal.person_id)
    ref = house.erase()
    with house.unit.reading(TEST) as work:
        assert certificate_of(work.session, ref).said
        assert order_now(work, ref).ended_at
        kept = work.session.scalars(select(LegalCase)).one()
        assert (kept.acts, kept.assignee_person_id) == ([], paralegal.person_id)
        assert work.session.get_one(Member, house.cast.her).called is None
    assert house.broken() == {}


@dataclass
class Scene:
    """An open case that is shown to somebody, and one it goes around, by id."""

    house: House
    case: int
    paralegal: Actor
    hers: int
    named: int
    lawyer: int
    other: int

    def joined_before(self, kept: int, gone: int) -> None:
        """Join as it was done before joining asked about cases."""
        with self.house.books.attack(owner=True) as cursor:
            cursor.execute("ALTER TABLE member DISABLE TRIGGER joining_goes_around")
        with self.house.unit.begin(TEST) as work:
            merge_members(work, kept, gone)
        with self.house.books.attack(owner=True) as cursor:
            cursor.execute("ALTER TABLE member ENABLE TRIGGER joining_goes_around")
        assert self.wrong() == 1

    def wrong(self) -> int:
        with self.house.unit.reading(TEST) as work:
            return len(work.session.connection().exec_driver_sql(AROUND).all())


def make_lawyer(work: Work) -> int:
    account = make_account(work, make_member(work).person_id)
    give_role(work, account.id, Grant(Role.LAWYER))
    return account.person_id


@pytest.fixture
def scene(house: House) -> Scene:
    with house.unit.begin(TEST) as work:
        paralegal, named = make_paralegal(work), make_member(work).person_id
        hers, lawyer, other = make_member(work).person_id, make_lawyer(work), make_lawyer(work)
        case = make_case(work, paralegal, hers)
        with acting_as(work, paralegal):
            give_consent(work, case.ref, Purpose.SHARE_LAWYER, work.clock.today())
            office = next(x.office for x in lawyers(work, case) if x.person_id == lawyer)
            until = work.clock.today() + timedelta(days=30)
            share_case(work, case.ref, NewShare(office, frozenset({Part.STORY}), until))
            keep_out(work, case.ref, named)
        return Scene(house, case.id, paralegal, hers, named, lawyer, other)


def test_what_lies_in_wrong_hands_hinders_no_other_hand_and_no_other_joining(scene):
    scene.joined_before(scene.named, scene.lawyer)
    scene.house.write(SHARE, who=scene.other)
    with scene.house.unit.begin(TEST) as work:
        join(work, scene.hers, make_member(work).person_id)
    with refused("joining_goes_around"), scene.house.books.attack() as cursor:
        cursor.execute(
            "UPDATE member SET merged_into = %s WHERE person_id = %s", (scene.hers, scene.other)
        )


def test_the_next_look_takes_it_out_of_wrong_hands(scene):
    with scene.house.unit.begin(TEST) as work:
        also = make_paralegal(work)
    for gone in (scene.lawyer, scene.paralegal.person_id):
        scene.joined_before(scene.named, gone)
        with scene.house.unit.begin(TEST) as work:
            due = select(Timer).where(
                Timer.subject_type == "legal_case",
                Timer.subject_id == scene.case,
                Timer.done_at.is_(None),
            )
            timer = work.session.scalars(due).one()
            scene.house.clock.move_to(timer.due_at)
            look_at_case(work, timer)
        assert scene.wrong() == 0
    with scene.house.unit.reading(TEST) as work:
        assert work.session.scalars(select(CaseShare.ended_at)).one()
        had = work.session.scalars(select(LegalCase.assignee_person_id)).one()
        assert had == also.person_id


def test_an_entry_that_begins_joined_is_asked_too(scene):
    with scene.house.unit.begin(TEST) as work:
        account = make_account(work)
        give_role(work, account.id, Grant(Role.PARALEGAL))
        paralegal = Actor(account.person_id, account.id, frozenset({Grant(Role.PARALEGAL)}))
        make_case(work, paralegal, scene.hers)
    with refused("joining_goes_around"):
        scene.house.write(JOINED, who=paralegal.person_id, into=scene.hers)
    with scene.house.unit.begin(TEST) as work:
        nobody = new_person(work).id
    scene.house.write(JOINED, who=nobody, into=scene.hers)
