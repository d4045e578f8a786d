"""Commands are done once; fields open only where they belong; sealed ones only to the entitled."""

from __future__ import annotations

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import func, select

from tests.builders.readings import WHY, written_down
from union.infra.commands import CommandReusedError, once
from union.infra.keystore import KeyGoneError
from union.infra.people import Person, new_people, new_person
from union.infra.readings import Reading
from union.infra.sealing import (
    LEGAL_NAMES,
    CircleMissingError,
    NotEntitledError,
    OpenCircle,
    PassphraseWrongError,
    SealedField,
    entitle,
    make_circle,
    make_personal_key,
    seal,
)
from union.infra.work import Work
from union.kernel.actor import Actor


def _people(work):
    return work.session.scalar(select(func.count()).select_from(Person))


def test_the_same_command_twice_is_done_once(work):
    def do():
        return {"person_id": new_person(work).id}

    first = once(work, "k1", "make", {"a": 1}, do)
    assert once(work, "k1", "make", {"a": 1}, do) == first
    assert _people(work) == 1


@pytest.mark.parametrize(("name", "request_"), [("make", {"a": 2}), ("unmake", {"a": 1})])
def test_a_key_that_comes_back_with_something_else_is_refused(work, name, request_):
    once(work, "k1", "make", {"a": 1}, dict)
    with pytest.raises(CommandReusedError):
        once(work, "k1", name, request_, dict)


def test_a_key_of_one_person_is_no_key_of_another(work):
    once(work, "k1", "make", {}, dict)
    other = Actor(new_person(work).id, None, frozenset())
    with pytest.raises(CommandReusedError):
        once(Work(work.session, work.clock, other, work.vault), "k1", "make", {}, dict)


def test_a_field_opens_only_in_its_own_place(vault):
    hers, another = vault.new_keys(2)
    blob = vault.encrypt(hers, "member.called_name", "r1", "Akka")
    assert b"Akka" not in blob
    assert vault.decrypt(hers, "member.called_name", "r1", blob) == "Akka"
    for key, place, row in (
        (hers, "member.called_name", "r2"),
        (hers, "member.remark", "r1"),
        (another, "member.called_name", "r1"),
    ):
        with pytest.raises(InvalidTag):
            vault.decrypt(key, place, row, blob)


def test_a_destroyed_key_opens_nothing_ever_again(vault):
    key = vault.new_key()
    blob = vault.encrypt(key, "member.called_name", "r1", "Akka")
    vault.destroy_key(key)
    for holder in (vault, vault.fresh()):
        with pytest.raises(KeyGoneError):
            holder.decrypt(key, "member.called_name", "r1", blob)


def test_blind_indexes_differ_by_purpose_and_only_listed_ones_exist(vault):
    number = "+915830166131"
    assert vault.blind_index("phone", number) == vault.fresh().blind_index("phone", number)
    assert vault.blind_index("phone", number) != vault.blind_index("outside_number", number)
    assert len(vault.blind_index("phone", number)) == 8
    with pytest.raises(KeyError):
        vault.blind_index("shoe_size", "7")


@pytest.fixture
def officers(work):
    people = new_people(work, 2)
    make_personal_key(work, people[0].id, "first secret")
    make_personal_key(work, people[1].id, "second secret")
    make_circle(work, LEGAL_NAMES, [people[0].id])
    return people


def _as(work, person):
    return Work(work.session, work.clock, Actor(person.id, None, frozenset()), work.vault)


@pytest.fixture
def sealed(work, officers):
    person = new_person(work)
    field = SealedField(LEGAL_NAMES, person.key_ref, "member.legal_name", "r1")
    reading = Reading("legal_name_opened", "member", 1, person.id, WHY)
    return field, seal(work, field, "Parvathi"), reading


def test_only_the_entitled_open_a_seal_and_it_is_written_down(work, officers, sealed):
    field, blob, reading = sealed
    assert b"Parvathi" not in blob
    circle = OpenCircle(_as(work, officers[0]), LEGAL_NAMES, "first secret")
    assert circle.open(field, blob, reading) == "Parvathi"
    (entry,) = written_down(work)
    assert (entry.actor_person_id, entry.subject_person_id) == (
        officers[0].id,
        reading.subject_person_id,
    )
    with pytest.raises(NotEntitledError):
        OpenCircle(_as(work, officers[1]), LEGAL_NAMES, "second secret")
    with pytest.raises(PassphraseWrongError):
        OpenCircle(_as(work, officers[0]), LEGAL_NAMES, "second secret")
    with pytest.raises(NotEntitledError):
        OpenCircle(work, LEGAL_NAMES, "first secret")


def test_somebody_entitled_lets_another_in(work, officers, sealed):
    field, blob, reading = sealed
    entitle(_as(work, officers[0]), LEGAL_NAMES, officers[1].id, "first secret")
    circle = OpenCircle(_as(work, officers[1]), LEGAL_NAMES, "second secret")
    assert circle.open(field, blob, reading) == "Parvathi"


def test_a_seal_dies_with_its_subjects_key(work, officers, sealed):
    field, blob, reading = sealed
    work.vault.destroy_key(field.key_ref)
    circle = OpenCircle(_as(work, officers[0]), LEGAL_NAMES, "first secret")
    with pytest.raises(KeyGoneError):
        circle.open(field, blob, reading)


def test_nothing_is_sealed_that_nobody_could_open(work):
    field = SealedField("health", new_person(work).key_ref, "claim.words", "r1")
    with pytest.raises(CircleMissingError):
        seal(work, field, "fever")
