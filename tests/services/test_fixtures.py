from __future__ import annotations

import contextlib

import psycopg
import pytest
from sqlalchemy import select, text

from tests.cluster import TestCluster
from tests.slate import Slate
from union.infra.people import Person, new_person
from union.infra.work import UnitOfWork, Work
from union.kernel.actor import Actor


def test_work_acts_as_the_application_role(work: Work) -> None:
    assert work.session.scalar(text("SELECT current_user::text")) == "sangha_app"


def test_a_person_can_be_made(work: Work) -> None:
    person = new_person(work)
    assert person.id is not None


def test_what_was_committed_in_the_unit_is_seen_by_work(unit: UnitOfWork, work: Work) -> None:
    with unit.begin(Actor.system("test")) as doing:
        person_id = new_person(doing).id
    assert work.session.scalars(select(Person.id)).all() == [person_id]


def test_committing_really_commits(committing: UnitOfWork, slate: Slate) -> None:
    with committing.begin(Actor.system("test")) as doing:
        person_id = new_person(doing).id
    with committing.reading(Actor.system("test")) as reading:
        assert reading.session.scalars(select(Person.id)).all() == [person_id]


A_PERSON = "INSERT INTO person (key_ref, made_at) VALUES (gen_random_uuid(), '2026-10-16')"
LOOKED_AT = (
    "max(id) FROM person",
    "string_agg(name, ',' ORDER BY code) FROM fund",
    "count(*) FROM information_schema.columns WHERE table_schema = 'public'",
    "current_setting('lock_timeout')",
)


@pytest.mark.parametrize("spoiling", ["UPDATE fund SET name = 'x'", "ALTER TABLE person ADD x int"])
def test_a_wiped_slate_is_as_it_was(cluster: TestCluster, spoiling: str) -> None:
    with Slate.of(cluster) as slate:
        slate.settle()
        before = look(slate)
        with slate.owner.begin() as connection:
            connection.execute(text(spoiling))
        with slate.engine.begin() as connection:
            connection.execute(text(A_PERSON))
            connection.execute(text("SET lock_timeout = '1h'"))
        spoilt = look(slate)
        assert sum(one != other for one, other in zip(before, spoilt, strict=True)) == 3
        with contextlib.closing(psycopg.connect(slate.database.owner_url)) as forgotten:
            forgotten.execute("LOCK TABLE person")
            slate.wipe()
        if slate.fresh:
            slate.settle()
        assert look(slate) == before


def look(slate: Slate) -> list[object]:
    """How a person to come is numbered, what rows and columns there are, how it is set."""
    with slate.engine.connect() as connection:
        connection.execute(text(A_PERSON))
        return [connection.scalar(text(f"SELECT {what}")) for what in LOOKED_AT]
