"""A bare person, to which accounts, members, lawyers, payees, approvals, keys and audit point."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy.orm import Mapped

from union.infra.db import Base, BigId, Instant, KeyRef

if TYPE_CHECKING:
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
