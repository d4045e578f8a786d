from __future__ import annotations

from sqlalchemy import select, text

from tests.cluster import Database
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


def test_committing_really_commits(committing: UnitOfWork, fresh_database: Database) -> None:
    with committing.begin(Actor.system("test")) as doing:
        person_id = new_person(doing).id
    with committing.reading(Actor.system("test")) as reading:
        assert reading.session.scalars(select(Person.id)).all() == [person_id]
