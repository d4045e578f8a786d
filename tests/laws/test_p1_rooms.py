"""P1: server, secrets and both databases together read no word of a case without a person's own.

Attacked by SQL, as the application's login and as the owner of the tables: another public key, a
holder taken away, an epoch left out or forked, words moved between rooms and rows, a key for
somebody who may not.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier

import pytest
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import make_transient

from tests.builders.ledger import acting_as
from tests.builders.legal import (
    NOTE,
    WORDS,
    choose_words,
    make_case,
    make_keeper,
    make_paralegal,
    own_key_of,
)
from tests.builders.members import make_member
from tests.laws.test_p1_names_stay_sealed import everything
from union.infra.rooms import CaseRoomKey, RoomForgedError, newest_room
from union.infra.sealing import CircleKey, NotEntitledError, PersonalKey, open_own_key
from union.kernel.actor import Actor
from union.kernel.erased import erased
from union.legal.invariants import INVARIANTS
from union.legal.models import CaseEvent, CaseParty
from union.legal.rules import PartyRole
from union.legal.services import add_note, add_party, hand_back_case, let_others_in, read_case
from union.legal.services.words import words_of

TEST = Actor.system("test")
WHO = "the inspector of the night"
SECOND = "what she said the day after"


class Scene:
    """A case with words in it, its paralegal, another who has nothing to do with it, a keeper."""

    def __init__(self, work) -> None:
        self.keeper = make_keeper(work)
        self.hers, self.other = make_paralegal(work), make_paralegal(work)
        choose_words(work, self.hers, self.other)
        self.member = make_member(work)
        self.case = make_case(work, self.hers, self.member.person_id)
        with acting_as(work, self.hers):
            add_party(work, self.case.ref, PartyRole.POLICE, WHO)
        self.room = newest_room(work, self.case.id)

    def read(self, work) -> set[str]:
        own = own_key_of(work, self.hers)
        with acting_as(work, self.hers):
            content = read_case(work, self.case.ref, own)
        said = {one.words for one in content.events} | {one.who for one in content.parties}
        return said - {None}


@pytest.fixture
def scene(work) -> Scene:
    return Scene(work)


@contextmanager
def held_by(work, law):
    """What stands inside is refused by the database in the name of this law, or for want of it."""
    with pytest.raises(DBAPIError) as caught, work.session.begin_nested():
        yield
    found = caught.value.orig
    assert (found.diag.constraint_name or found.sqlstate) == law


def test_everything_together_but_her_words_reads_nothing(work, scene, machine_secrets):
    """Each cell of each table, and what the machine's keys open of it, tried with every key."""
    opened = [cell for _table, cell in everything(work)]
    lines = work.session.scalars(select(CaseEvent).where(CaseEvent.words.is_not(None))).all()
    boxes = [
        work.vault.decrypt_bytes(scene.case.key_ref, "case_event.words", line.ref, line.words)
        for line in lines
    ]
    assert len(boxes) == 1
    opened += [box.decode("latin-1") for box in boxes]
    for canary in (NOTE, WHO, WORDS):
        assert not any(canary in cell for cell in opened)
    secrets = [machine_secrets.index_key, machine_secrets.signing_key]
    secrets += [key for _version, key in machine_secrets.machine_keys.held]
    wraps = work.session.scalars(select(CaseRoomKey.wrapped)).all()
    for secret in secrets:
        for box in (*boxes, *wraps):
            with pytest.raises(CryptoError):
                SealedBox(PrivateKey(secret)).decrypt(box)
    assert {NOTE, WHO} <= scene.read(work)


def test_destroying_the_cases_key_closes_it_for_its_holders_too(work, scene):
    assert {NOTE, WHO} <= scene.read(work)
    work.vault.destroy_key(scene.case.key_ref)
    assert scene.read(work) == {erased()}


CHANGES = (
    "UPDATE case_room SET public_key = decode(repeat('07', 32), 'hex')",
    "UPDATE case_room SET mark = mark",
    "UPDATE case_room SET epoch = epoch + 1",
    "DELETE FROM case_room",
    "TRUNCATE case_room CASCADE",
    "UPDATE case_room_key SET wrapped = '\\x00'",
    "UPDATE case_room_key SET person_id = person_id",
    "UPDATE case_room_key SET room_id = room_id",
    "DELETE FROM case_room_key",
    "TRUNCATE case_room_key",
    "UPDATE case_event SET words = NULL, room_id = NULL",
    "UPDATE case_event SET room_id = NULL WHERE words IS NOT NULL",
    "UPDATE case_party SET words = '\\x00'",
    "DELETE FROM case_party",
)


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_of_a_room_is_changed_or_taken_away(work, scene, change):
    with held_by(work, "42501"):
        work.session.execute(text(change))


@pytest.mark.parametrize("change", CHANGES)
def test_not_by_the_owner_either(committing, slate, change):
    with committing.begin(TEST) as work:
        Scene(work)
    with pytest.raises(DBAPIError) as caught, slate.owner.connect() as connection:
        connection.execute(text(change))
    assert caught.value.orig.sqlstate == "23001"


LAY_ROOM = """
INSERT INTO case_room (case_id, epoch, public_key, mark, made_at)
VALUES (:case, :epoch, :key, :mark, :at)
"""


def lay_room(work, case, epoch, key, mark=bytes(32)):
    at = work.clock.now()
    values = {"case": case.id, "epoch": epoch, "key": key, "mark": mark, "at": at}
    work.session.execute(text(LAY_ROOM), values)


def lay_key(work, room_id, whose):
    column = "circle" if isinstance(whose, str) else "person_id"
    work.session.execute(
        text(
            f"INSERT INTO case_room_key (room_id, {column}, wrapped, made_at)"
            " VALUES (:room, :whose, '\\x00', :at)"
        ),
        {"room": room_id, "whose": whose, "at": work.clock.now()},
    )


@pytest.mark.parametrize("epoch", [1, 3, 7])
def test_no_epoch_is_forked_or_left_out(work, scene, epoch):
    with held_by(work, "case_room_follows"):
        lay_room(work, scene.case, epoch, bytes(32))


@pytest.mark.parametrize("whose_mark", ["none", "the room's before"])
def test_nothing_is_sealed_to_a_public_key_that_somebody_laid_there(work, scene, whose_mark):
    """Its next epoch, with keys for all who may, so that nothing calls for another epoch."""
    theirs = bytes(PrivateKey.generate().public_key)
    lay_room(work, scene.case, 2, theirs, bytes(32) if whose_mark == "none" else scene.room.mark)
    laid = newest_room(work, scene.case.id)
    lay_key(work, laid.id, scene.hers.person_id)
    lay_key(work, laid.id, "case_keepers")
    with acting_as(work, scene.hers), pytest.raises(RoomForgedError):
        add_note(work, scene.case.ref, SECOND)


def test_a_room_nobody_could_open_is_not_made(work, scene):
    lay_room(work, scene.case, 2, bytes(32))
    with held_by(work, "case_room_held"):
        work.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_a_case_is_not_sealed_by_half(work):
    hers = make_paralegal(work)
    case = make_case(work, hers)
    choose_words(work, hers)
    lay_room(work, case, 1, bytes(32))
    lay_key(work, newest_room(work, case.id).id, hers.person_id)
    with held_by(work, "case_room_whole"):
        work.session.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))


def test_no_key_is_laid_for_somebody_who_may_not(work, scene):
    for who in (scene.other.person_id, scene.keeper.person_id, scene.member.person_id):
        with held_by(work, "case_room_key_entitled"):
            lay_key(work, scene.room.id, who)
    with held_by(work, "case_room_key_circle_check"):
        lay_key(work, scene.room.id, "health")
    with held_by(work, "case_room_key_live_key"):
        lay_key(work, scene.room.id, scene.hers.person_id)


def test_a_key_ends_only_with_what_entitled_to_it_never_as_the_last_and_not_twice(work, scene):
    ends = "UPDATE case_room_key SET ended_at = :at WHERE person_id = :who"
    values = {"at": work.clock.now(), "who": scene.hers.person_id}
    for sql in (ends, "UPDATE case_room_key SET ended_at = :at WHERE circle IS NOT NULL"):
        with held_by(work, "case_room_key_only_ends"):
            work.session.execute(text(sql), values)
    with acting_as(work, scene.hers):
        hand_back_case(work, scene.case.ref)
    ended = select(CaseRoomKey.person_id).where(CaseRoomKey.ended_at.is_not(None))
    assert work.session.scalars(ended).all() == [scene.hers.person_id]
    for again in ("NULL", ":at"):
        with held_by(work, "case_room_key_only_ends"):
            work.session.execute(text(ends.replace(":at", again)), values)


def test_words_go_into_the_newest_room_only(work, scene):
    lay = (
        "INSERT INTO case_event (ref, case_id, at, code, facts, words, room_id)"
        " SELECT 'another00000', case_id, at, code, facts, words, {room}"
        " FROM case_event WHERE words IS NOT NULL LIMIT 1"
    )
    elsewhere = make_case(work, scene.other)
    for room in ("NULL", str(newest_room(work, elsewhere.id).id)):
        with held_by(work, "case_words_in_its_room"):
            work.session.execute(text(lay.format(room=room)))


def test_what_is_sealed_is_not_sealed_over(work, scene):
    """The one door by which the application changes a line opens only where nothing is sealed."""
    words = select(CaseEvent.id).where(CaseEvent.words.is_not(None))
    lines = {
        "case_event": work.session.scalar(words.limit(1)),
        "case_party": work.session.scalars(select(CaseParty.id)).one(),
    }
    for table, line in lines.items():
        with held_by(work, f"{table}_append_only"):
            work.session.execute(
                text("SELECT case_words_seal(:table, :line, :room, '\\x00')"),
                {"table": table, "line": line, "room": scene.room.id},
            )


def test_words_moved_to_another_row_or_room_do_not_open(work, scene):
    """Whoever has the machine's keys makes the outer layer anew anywhere; not the inner one."""
    with acting_as(work, scene.hers):
        add_note(work, scene.case.ref, SECOND)
    other = make_case(work, scene.hers)
    place, events = "case_event.words", select(CaseEvent).where(CaseEvent.words.is_not(None))
    first, second, elsewhere = work.session.scalars(events.order_by(CaseEvent.id)).all()
    box = work.vault.decrypt_bytes(scene.case.key_ref, place, first.ref, first.words)
    own = own_key_of(work, scene.hers)
    for case, line in ((scene.case, second), (other, elsewhere)):
        make_transient(line)
        line.words = work.vault.encrypt_bytes(case.key_ref, place, line.ref, box)
        with acting_as(work, scene.hers):
            words = words_of(work, case, own)
        with pytest.raises(RoomForgedError):
            words.text(place, line)


def test_a_sealed_line_says_where_it_belongs(work, scene):
    own, room = own_key_of(work, scene.hers), scene.room
    line = work.session.scalars(select(CaseEvent).where(CaseEvent.words.is_not(None))).first()
    key = work.session.scalars(
        select(CaseRoomKey).where(CaseRoomKey.person_id == scene.hers.person_id)
    ).first()
    secret = PrivateKey(SealedBox(own.secret).decrypt(key.wrapped))
    box = work.vault.decrypt_bytes(scene.case.key_ref, "case_event.words", line.ref, line.words)
    said = json.loads(SealedBox(secret).decrypt(box))
    assert said == [scene.case.id, room.epoch, "case_event.words", line.ref, NOTE]


@pytest.mark.parametrize("what", ["nothing", "another secret"])
def test_whoever_writes_herself_among_the_keepers_opens_nothing(work, scene, what):
    """The application's login can lay a row there; what it cannot lay is the circle's secret."""
    own = own_key_of(work, scene.other)
    wrapped = bytes(SealedBox(own.secret.public_key).encrypt(bytes(32)))
    row = {"circle": "case_keepers", "person_id": scene.other.person_id}
    now, laid = work.clock.now(), bytes(80) if what == "nothing" else wrapped
    work.session.add(CircleKey(**row, wrapped_secret=laid, made_at=now))
    third = make_paralegal(work)
    choose_words(work, third)
    scene.case.assignee_person_id = third.person_id
    work.session.flush()
    with acting_as(work, scene.other), pytest.raises((NotEntitledError, RoomForgedError)):
        let_others_in(work, own)


def test_the_invariants_find_nothing_in_a_sound_case(work, scene):
    for name in ("room_nobody_holds", "case_sealed_by_half"):
        assert work.session.execute(text(INVARIANTS[name])).all() == []


def test_nobody_is_given_words_of_her_own_by_another(work, scene):
    """A second pair of keys for a person who has one is refused; hers is the one things go to."""
    pair = PrivateKey.generate()
    key = {"public_key": bytes(pair.public_key), "salt": bytes(16), "wrapped_secret": b"x"}
    with held_by(work, "personal_key_pkey"):
        work.session.execute(
            PersonalKey.__table__.insert().values(
                person_id=scene.hers.person_id, made_at=work.clock.now(), **key
            )
        )


def test_two_who_let_her_in_at_once_let_her_in_once(committing):
    with committing.begin(TEST) as work:
        scene = Scene(work)
        with acting_as(work, scene.hers):
            hand_back_case(work, scene.case.ref)
        third = make_paralegal(work)
        choose_words(work, third)
        scene.case.assignee_person_id = third.person_id
        scene.case.assigned_at = work.clock.now()
    together = Barrier(2)

    def let_in(_turn: int) -> None:
        with committing.begin(scene.keeper) as work:
            own = open_own_key(work, WORDS)
            together.wait()
            let_others_in(work, own)

    with ThreadPoolExecutor(2) as hands:
        list(hands.map(let_in, range(2)))
    with committing.reading(TEST) as work:
        held = select(CaseRoomKey.person_id).where(CaseRoomKey.ended_at.is_(None))
        assert sorted(one or 0 for one in work.session.scalars(held)) == [0, third.person_id]
