"""P1: nobody is erased by one hand, early, unasked or under a hold.

What the services refuse is attacked here by SQL with the application's login.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.erasing import TEST, ask_and_agree, carry_out, order_now, wait_and_carry_out
from tests.builders.members import make_member
from tests.laws.erasing_house import HOLDS, House, house_of
from tests.laws.money import forbidden, refused
from tests.slate import Slate
from union.infra.key_ends import hindrances, keys_of
from union.infra.timers import Timer
from union.infra.work import UnitOfWork
from union.kernel.clock import ManualClock
from union.members.models import Member
from union.office.erasing.errors import ErasureByTwoError
from union.office.erasing.queries import certificate_of
from union.office.erasing.rules import LOOK_AGAIN, WAIT
from union.office.erasing.services import asking


@pytest.fixture
def house(committing: UnitOfWork, slate: Slate, clock: ManualClock) -> House:
    return house_of(committing, slate, clock)


ASKS = (
    "INSERT INTO erasure (ref, person_id, asked_at, asked_how, first_by, first_at)"
    " VALUES ('e', {her}, {at}, 'office', {one}, {at})"
)
AGREES = (
    "UPDATE erasure SET second_by = {who}, second_at = {{at}}, told_at = {{at}},"
    " not_before = timestamptz {{at}} + interval '{hours} hours'"
)
BEGINS = "UPDATE erasure SET begun_at = {later}"


def test_two_hands_and_neither_is_hers_under_any_entry(house):
    with house.unit.begin(TEST) as work:
        twin, also_one = make_member(work), make_member(work)
        work.session.get_one(Member, twin.person_id).merged_into = house.cast.her
        work.session.get_one(Member, also_one.person_id).merged_into = house.cast.one.person_id
        twin_id, also_id = twin.person_id, also_one.person_id
    with refused("erasure_by_two"):
        house.write(ASKS.replace("{one}", str(house.cast.her)))
    house.write(ASKS)
    for who in (house.cast.her, twin_id, house.cast.one.person_id, also_id):
        with refused("erasure_by_two"):
            house.write(AGREES.format(who=who, hours=72))
    with refused("erasure_waits_check"):
        house.write(AGREES.format(who="{two}", hours=71))
    with refused("erasure_held"):
        house.write(BEGINS)
    house.write(AGREES.format(who="{two}", hours=72))
    with refused("erasure_stays"):
        house.write(f"UPDATE erasure SET second_by = {also_id}")
    with refused("erasure_not_early_check"):
        house.write("UPDATE erasure SET begun_at = timestamptz {at} + interval '71 hours'")


def test_one_officer_is_not_two_in_the_services_either(house):
    with house.unit.begin(house.cast.one) as work:
        ref = asking.ask_for_her(work, house.cast.card, asking.Asked.OFFICE).ref
    with pytest.raises(ErasureByTwoError), house.unit.begin(house.cast.one) as work:
        asking.agree(work, ref)


def test_no_key_ends_but_by_an_order_that_has_begun(house):
    ends = (
        "INSERT INTO key_end SELECT key_ref, e.id, {later} FROM person, erasure e"
        " WHERE person.id = {her}"
    )
    house.write(ASKS)
    with refused("key_end_by_order"):
        house.write(ends)
    house.write(AGREES.format(who="{two}", hours=72))
    with refused("key_end_by_order"):
        house.write(ends)
    house.write(BEGINS)
    with refused("key_end_by_order"):
        house.write(ends.replace("person.id = {her}", "person.id = {one}"))
    house.write(ends)
    with refused("key_end_stays"):
        house.write("UPDATE key_end SET destroyed_at = {at}")
    house.write("UPDATE key_end SET destroyed_at = {later}")
    with refused("key_end_stays"):
        house.write("UPDATE key_end SET destroyed_at = NULL")
    with forbidden():
        house.write("DELETE FROM key_end")
    with refused("erasure_order_check"):
        house.write("UPDATE erasure SET listed_at = {later}")


def test_the_steps_come_in_their_order(house):
    ref = ask_and_agree(house.unit, house.cast)
    house.write(BEGINS)
    with refused("erasure_keys_first"):
        house.write("UPDATE erasure SET keys_gone_at = {later}")
    with refused("erasure_keys_first"):
        house.write("SELECT erasure_take_away(id, {later}) FROM erasure")
    for forget in ("erasure_forget({her}, {later})", "erasure_forget_accounts({her}, {later})"):
        with forbidden():
            house.write(f"SELECT {forget}")
    with forbidden():
        house.write("UPDATE erasure SET rows_gone_at = {later}")
    with house.unit.reading(TEST) as work:
        assert order_now(work, ref).keys_gone_at is None


def test_the_owner_takes_one_column_out_and_changes_nothing_else(house):
    with refused("erasure_by_owner"), house.books.attack(owner=True) as cursor:
        cursor.execute("UPDATE collection_line SET original = NULL, receipt_no = 7")
    with forbidden():
        house.write("UPDATE collection_line SET original = NULL")


def test_no_entry_is_joined_while_it_is_asked_or_afterwards(house):
    with house.unit.begin(TEST) as work:
        other = make_member(work).person_id
    joins = (
        f"INSERT INTO merge (ref, kept_person_id, gone_person_id, merged_at)"
        f" VALUES ('m', {{her}}, {other}, {{at}})"
    )
    house.write(ASKS)
    with refused("erasure_joins_nobody"):
        house.write(joins)
    house.write("UPDATE erasure SET stopped_at = {at}, stopped_how = 'office'")
    house.write(joins)


def test_what_was_stopped_is_never_carried_out(house):
    ref = ask_and_agree(house.unit, house.cast)
    with house.unit.begin(house.cast.one) as work:
        asking.stop(work, ref)
    wait_and_carry_out(house.unit, house.clock, timedelta(days=30))
    with refused("erasure_stays"):
        house.write(BEGINS)
    with house.unit.reading(TEST) as work:
        assert keys_of(work.session, order_now(work, ref)) == []
        assert work.session.get_one(Member, house.cast.her).card_number == house.cast.card


def test_certificates_are_numbered_chained_and_never_dated_back(house):
    ref = house.erase()
    with house.unit.reading(TEST) as work:
        held = certificate_of(work.session, ref)
        hashed, previous = held.said_hash.hex(), held.previous_hash.hex()
    again = (
        "INSERT INTO erasure_certificate SELECT {number}, erasure_id, made_at - interval '{back}',"
        " said, said_hash, '\\x{previous}', public_key, signature FROM erasure_certificate"
    )
    for number, back, before in ((3, "0", hashed), (2, "0", previous), (2, "1 hour", hashed)):
        with refused("erasure_certificate_chained"):
            house.write(again, number=number, back=back, previous=before)
    with refused("erasure_certificate_last"):
        house.write(again, number=2, back="0", previous=hashed)
    for statement in ("UPDATE {t} SET number = 2", "DELETE FROM {t}", "TRUNCATE {t}"):
        with forbidden():
            house.write(statement, t="erasure_certificate")
    assert house.broken() == {}
    with house.books.attack(owner=True) as cursor:
        cursor.execute("ALTER TABLE erasure_certificate DISABLE TRIGGER USER")
        cursor.execute("UPDATE erasure_certificate SET said = said || 'stays nothing 1'")
        cursor.execute("ALTER TABLE erasure_certificate ENABLE TRIGGER USER")
    assert set(house.broken()) == {
        "erasure_certificates_make_one_chain",
        "infra.erasure_certificates_are_signed",
    }


def test_a_hold_stops_it_before_it_begins(house):
    ref = ask_and_agree(house.unit, house.cast)
    house.write(HOLDS)
    with refused("erasure_held"):
        house.write(BEGINS)
    wait_and_carry_out(house.unit, house.clock)
    with house.unit.reading(TEST) as work:
        assert hindrances(work.session, house.cast.her) == ["held"]
        assert order_now(work, ref).begun_at is None
        open_timer = select(Timer).where(Timer.kind == asking.ERASE, Timer.done_at.is_(None))
        assert work.session.scalars(open_timer).one().due_at == work.clock.now() + LOOK_AGAIN


def test_a_hold_stops_what_is_not_gone_yet(house):
    """Her keys are ordered to end and her rows still stand: both stay for whoever needs them."""
    ref = ask_and_agree(house.unit, house.cast)
    house.clock.advance(WAIT)
    carry_out(house.unit, steps=1)
    house.write(HOLDS)
    carry_out(house.unit)
    with house.unit.reading(TEST) as work:
        assert not any(one.destroyed_at for one in keys_of(work.session, order_now(work, ref)))
    house.write("UPDATE key_end SET destroyed_at = {later}")
    house.write("UPDATE erasure SET keys_gone_at = {later}")
    with refused("erasure_keys_first"):
        house.write("SELECT erasure_take_away(id, {later}) FROM erasure")
