"""Where the office is locked: who could bring it back, who holds circles, and what was refused."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from tests.builders.locking import hand_of, make_keeper, wraps
from tests.builders.members import PASSPHRASE, make_circles
from union.infra.office_locks import OfficeLock, standing_lock
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor, Role
from union.office.locking.services import How, bring_back, give_hand, lock_office

TEST = Actor.system("test")
AT = "'2026-10-16T00:00:00Z'"
DENIED = "42501"


@dataclass(frozen=True)
class Scene:
    """Three who can bring it back, and one who holds two circles; the database behind."""

    unit: UnitOfWork
    keepers: list[int]
    holder: int

    def lock(self, by: int | None = None) -> OfficeLock:
        how = How.COMMAND if by is None else How.PAGE
        with self.unit.begin(TEST) as work:
            return lock_office(work, how, by)

    def hand(self, person_id: int, words: str = PASSPHRASE):
        with self.unit.begin(hand_of(person_id)) as work:
            return give_hand(work, words)

    def back(self, first: int, second: int) -> None:
        assert not self.hand(first).is_second
        hand = self.hand(second)
        assert hand.is_second
        bring_back(self.unit, hand_of(second), hand)

    def lying(self) -> dict[str, str]:
        with self.unit.reading(TEST) as work:
            return {key: hashlib.sha256(blob).hexdigest() for key, blob in wraps(work).items()}

    def is_locked(self) -> bool:
        with self.unit.reading(TEST) as work:
            return standing_lock(work.session) is not None

    def tried(self, sql: str, **values) -> str | None:
        """The law that refused it, or the state; None if it was let through."""
        try:
            with self.unit.begin(TEST) as work:
                work.session.execute(text(sql), values)
        except DBAPIError as error:
            return error.orig.diag.constraint_name or error.orig.sqlstate
        return None


def make_scene(unit: UnitOfWork) -> Scene:
    with unit.begin(TEST) as work:
        roles = (Role.SIGNATORY, Role.MEMBERSHIP_SECRETARY, Role.TRUSTEE)
        keepers = [make_keeper(work, role) for role in roles]
        return Scene(unit, keepers, make_circles(work))


def join_hands(scene, first: int, second: int) -> str | None:
    return scene.tried(
        "INSERT INTO office_unlock SELECT id, :one, :two, :at FROM office_lock"
        " ORDER BY id DESC LIMIT 1",
        one=first,
        two=second,
        at="2026-10-16T00:00:00Z",
    )
