"""What every scene stands on: a unit of work, words nobody else uses, and people who may act."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from sqlalchemy import select

from tests.builders.identity import give_role, make_account
from tests.builders.members import make_member
from tests.canary.planting import MARK, NUMBER
from union.demo.people import PASSWORD
from union.infra.people import new_person
from union.infra.sealing import CIRCLES, CircleKey, PersonalKey, make_circle, make_personal_key
from union.infra.work import UnitOfWork, Work
from union.kernel.actor import Actor, Grant, Role
from union.members.models import Branch
from union.members.services import NewBranch, add_branches

FIRST_WORD = 700_000_000
"""The words of scenes are numbered from here on; those of walkers never come so far."""

OPENS = PASSWORD
"""The opening words of everybody here who has some, as in the demonstration."""

PLACE = (15.17, 74.63)


class Words:
    """Words and telephone numbers, each handed out once."""

    def __init__(self) -> None:
        self._numbers: Iterator[int] = itertools.count(FIRST_WORD)
        self._phones: Iterator[int] = itertools.count(700)

    def __call__(self) -> str:
        """A word that stands nowhere yet."""
        return f"{MARK}{next(self._numbers)}"

    def phone(self) -> str:
        """A telephone number as people write it; there are three hundred."""
        return f"{NUMBER}{next(self._phones):03d}"


@dataclass
class Stage:
    """Where scenes are played; each acts in units of work of its own, as pages do."""

    unit: UnitOfWork
    word: Words = field(default_factory=Words)

    def __post_init__(self) -> None:
        """A district of the scenes' own, and somebody who opens each circle there is not yet."""
        with self.as_machine() as work:
            self.branch_id = add_branches(work, [NewBranch("Kanari", (), "Kanari", *PLACE)])[0].id
            opens = new_person(work)
            make_personal_key(work, opens.id, OPENS)
            for name in CIRCLES:
                make_circle(work, name, [opens.id])

    def as_machine(self) -> AbstractContextManager[Work]:
        """Work of nobody in particular."""
        return self.unit.begin(Actor.system("canary"))

    def as_person(self, person_id: int, *roles: Role) -> AbstractContextManager[Work]:
        """Work of this person, who holds these offices."""
        return self.unit.begin(Actor(person_id, None, frozenset(map(Grant, roles))))

    def as_somebody(self, *roles: Role) -> AbstractContextManager[Work]:
        """Work of a new person who holds these offices."""
        with self.as_machine() as work:
            person_id = new_person(work).id
        return self.as_person(person_id, *roles)

    def officer(self, *roles: Role, reads: bool = False) -> Actor:
        """A new person whose account holds these offices; with opening words if she reads."""
        with self.as_machine() as work:
            account = make_account(work)
            for role in roles:
                give_role(work, account.id, Grant(role))
            if reads:
                make_personal_key(work, account.person_id, OPENS)
            return Actor(account.person_id, account.id, frozenset(map(Grant, roles)))

    def member(self, work: Work, **fields: object) -> int:
        """A new member of the scenes' district; her person."""
        branch = work.session.get_one(Branch, self.branch_id)
        return make_member(work, branch, **fields).person_id

    def holder_of(self, work: Work, circle: str) -> int:
        """Somebody of a circle, whose opening words are ``OPENS``."""
        return (
            work.session.scalars(
                select(CircleKey.person_id)
                .join(PersonalKey, PersonalKey.person_id == CircleKey.person_id)
                .where(CircleKey.circle == circle, CircleKey.revoked_at.is_(None))
                .order_by(CircleKey.person_id)
            ).first()
            or 0
        )


Scene = Callable[[Stage], None]
