"""P1: what is erased is gone, also what came late, out of a backup and with her other password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from tests.builders.erasing import (
    PHONE,
    TEST,
    WORDS,
    ask_and_agree,
    carry_out,
    order_now,
    wait_and_carry_out,
)
from tests.builders.messages import make_inbound
from tests.laws.erasing_house import AT, HOLDS, House, house_of
from tests.slate import Slate
from union.identity.models import Account
from union.infra.key_ends import entries_erased, keys_of, left_of
from union.infra.keystore import KeyGoneError
from union.infra.people import Person
from union.infra.work import UnitOfWork
from union.kernel.clock import ManualClock
from union.members.models import Member
from union.messages.models import InboundMessage
from union.messages.services import store_inbound
from union.office.erasing.queries import certificate_of
from union.office.erasing.rules import WAIT, key_mark


@pytest.fixture
def house(committing: UnitOfWork, slate: Slate, clock: ManualClock) -> House:
    return house_of(committing, slate, clock)


def test_not_early_and_then_everything(house):
    ref = ask_and_agree(house.unit, house.cast)
    wait_and_carry_out(house.unit, house.clock, timedelta(hours=71, minutes=59))
    with house.unit.reading(TEST) as work:
        assert order_now(work, ref).begun_at is None
    wait_and_carry_out(house.unit, house.clock, timedelta(minutes=1))
    assert house.broken() == {}
    with house.unit.reading(TEST) as work:
        order = order_now(work, ref)
        assert order.ended_at is not None
        assert left_of(work.session, order.person_id) == []
        hers = work.session.get_one(Person, house.cast.her).key_ref
        with pytest.raises(KeyGoneError):
            work.vault.encrypt(hers, "a", "b", "c")
        certificate = certificate_of(work.session, ref)
        assert certificate.holds
        assert key_mark(hers) in certificate.said
        assert house.cast.card not in certificate.said
        everything = work.session.execute(text("SELECT row_to_json(m)::text FROM member m")).all()
        assert house.cast.card not in str(everything)
        inbound = work.session.execute(text("SELECT key_ref FROM inbound_message")).scalar_one()
        assert work.vault.destroyed([inbound])
        index = work.vault.blind_index("phone", f"+91{PHONE}")
        found = text("SELECT count(*) FROM inbound_message WHERE from_index = :index")
        assert work.session.scalar(found, {"index": index}) == 0
        batch = work.session.execute(text("SELECT original FROM import_row")).scalar_one()
        assert WORDS.encode() not in batch
        assert batch == b""


def test_a_union_from_before_forgets_her_again(house):
    """The rows of a backup with the keys of today: what is hers there goes, nobody else's."""
    with house.unit.reading(TEST) as work:
        hers = work.session.get_one(Person, house.cast.her).key_ref
        vault = work.vault
    vault.destroy_key(hers)
    with house.unit.begin(TEST) as work:
        assert entries_erased(work.session, [hers]) == [house.cast.her]
    with house.books.attack(owner=True) as cursor:
        cursor.execute(f"SELECT erasure_forget({house.cast.her}, {AT})")
    with house.unit.reading(TEST) as work:
        assert entries_erased(work.session, [hers]) == []
        one = work.session.get_one(Member, house.cast.one.person_id)
        assert one.card_number is not None


def test_a_key_that_was_too_old_and_a_hold_bring_no_erasure(house):
    """A restore takes away only of whom was erased, and never of whom a court asks about."""
    with house.unit.reading(TEST) as work:
        hers = work.session.get_one(Person, house.cast.her).key_ref
        ones = work.session.get_one(Person, house.cast.one.person_id).key_ref
    with house.books.attack(owner=True) as cursor:
        cursor.execute(f"INSERT INTO retention_key VALUES ('{ones}', 'gone_keys', {AT})")
    with house.unit.reading(TEST) as work:
        assert entries_erased(work.session, [hers, ones]) == [house.cast.her]
    house.write(HOLDS)
    with house.unit.reading(TEST) as work:
        assert entries_erased(work.session, [hers, ones]) == []


def test_the_hash_of_her_other_password_goes_too(house):
    """A hash of nothing stands there, and what is left is asked about it."""
    house.erase()
    found = select(Account.other_hash).where(Account.person_id == house.cast.her)
    with house.unit.reading(TEST) as work:
        nothing = work.session.scalars(found).one()
        assert set(nothing.rpartition("$")[2]) == {"A"}
        assert left_of(work.session, house.cast.her) == []
    house.write("UPDATE user_account SET other_hash = '$argon2id$x' WHERE person_id = {her}")
    with house.unit.reading(TEST) as work:
        assert left_of(work.session, house.cast.her) == ["user_account"]


def test_words_that_come_once_her_keys_are_gone_end_before_her_rows(house):
    ref = ask_and_agree(house.unit, house.cast)
    house.clock.advance(WAIT)
    carry_out(house.unit, steps=2)
    with house.unit.begin(TEST) as work:
        order = order_now(work, ref)
        assert (order.keys_gone_at is None, order.rows_gone_at) == (False, None)
        late = make_inbound(work.clock.now(), from_number=f"+91{PHONE}", body=WORDS)
        store_inbound(work, late)
        work.session.flush()
        newest = select(InboundMessage.key_ref).order_by(InboundMessage.id.desc()).limit(1)
        late_key = work.session.scalars(newest).one()
    carry_out(house.unit)
    with house.unit.reading(TEST) as work:
        order = order_now(work, ref)
        assert late_key in {one.key_ref for one in keys_of(work.session, order)}
        assert late_key in work.vault.destroyed([late_key])
        assert order.ended_at is not None


def test_the_second_step_again_changes_nothing(house):
    ref = ask_and_agree(house.unit, house.cast)
    wait_and_carry_out(house.unit, house.clock)
    with house.unit.reading(TEST) as work:
        before = certificate_of(work.session, ref).said
    carry_out(house.unit)
    with house.unit.reading(TEST) as work:
        assert certificate_of(work.session, ref).said == before
