"""A bare person, to which accounts, members, lawyers, payees, approvals, keys and audit point."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Function, Select, SQLColumnExpression, func, null, select
from sqlalchemy.orm import Mapped

from union.infra.db import Base, BigId, Instant, KeyRef

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from union.infra.work import Work


class Person(Base):
    """Somebody, of whom only this is known here; destroying her key erases her."""

    __tablename__ = "person"

    id: Mapped[BigId]
    key_ref: Mapped[KeyRef]
    made_at: Mapped[Instant]


def new_person(work: Work) -> Person:
    """One new person with a data key of her own."""
    return new_people(work, 1)[0]


def new_people(work: Work, count: int) -> list[Person]:
    """So many new people, their keys made in one go."""
    now = work.clock.now()
    people = [Person(key_ref=key_ref, made_at=now) for key_ref in work.vault.new_keys(count)]
    work.session.add_all(people)
    work.session.flush()
    return people


def one_person(
    person_id: SQLColumnExpression[int] | SQLColumnExpression[int | None] | int | None,
) -> Function[int]:
    """Who that is, in a question: entries of the register that were joined are one person.

    NULL for nobody.
    """
    return func.one_person(person_id, type_=BigInteger)


def whose(session: Session, person_ids: Collection[int | None]) -> dict[int | None, int]:
    """Who each of these ids is: entries of the register that were joined are one person."""
    rows = session.execute(
        select(Person.id, one_person(Person.id).label("stands_for")).where(
            Person.id.in_([one for one in person_ids if one is not None])
        )
    )
    return {row.id: row.stands_for for row in rows}


def is_present(work: Work, *person_ids: int | None) -> bool:
    """Whether the present person is one of these; a machine is nobody."""
    present = work.actor.person_id
    if present is None:
        return False
    people = whose(work.session, {present, *person_ids})
    return people.get(present, present) in {people.get(one, one) for one in person_ids}


def people_of(work: Work, named: Select[int] | Select[int | None]) -> frozenset[int] | None:
    """Whom a question for people's ids names; None if it finds nothing at all.

    The present person is among them under her own id where she is one of them under another
    entry. One question to the database whatever it finds, so that its time tells nothing.
    """
    named_too = named.subquery()
    found = people_with(work, select(named_too.c[0], null()))
    return None if found is None else found[0]


def people_with(
    work: Work, named: Select[Any, Any]
) -> tuple[frozenset[int], frozenset[int]] | None:
    """As ``people_of``, of a question for people's ids and another's beside each: both, apart."""
    found = named.subquery()
    person_id, beside = found.c[0], found.c[1]
    present = work.actor.person_id
    rows = work.session.execute(
        select(person_id, one_person(person_id) == one_person(present), beside)
    ).all()
    if not rows:
        return None
    people = {row[0] for row in rows if row[0] is not None}
    if present is not None and any(row[1] for row in rows):
        people.add(present)
    return frozenset(people), frozenset(row[2] for row in rows if row[2] is not None)
