"""Whether she may be a minor: sealed, so that machine and desk cannot read it again.

Invariant: every listed person has a mark of the same length where anybody could open one, so that
having one says nothing; an opening is written down before it is shown (P3).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Taken
from union.crisis.rules.taken import Change, Source
from union.crisis.services.paging import look_at_the_desk
from union.crisis.services.taken_story import Line, lock_taken, write
from union.crisis.services.timeline import a_person
from union.infra.readings import Reading, Why
from union.infra.sealing import (
    MINORS,
    Circle,
    CircleKey,
    CircleMissingError,
    OpenCircle,
    SealedField,
    seal,
)
from union.messages.services import send_all

if TYPE_CHECKING:
    from uuid import UUID

    from union.infra.work import Work

MINOR = "taken.minor"
TAKEN = "taken"
YES, NO = "yes", "no"
_LENGTH = 4


def seal_mark(work: Work, key_ref: UUID, ref: str, said: str) -> bytes | None:
    """The sealed mark, of one length whatever it says; None while nobody could open it."""
    if work.session.get(Circle, MINORS) is None:
        return None
    return seal(work, SealedField(MINORS, key_ref, MINOR, ref), said.ljust(_LENGTH))


def mark_minor(work: Work, taken_id: int, said: str, source: Source) -> None:
    """Somebody thinks she is, or is not, under eighteen; those who hold the key are told to look.

    CircleMissingError while nobody holds that key.
    """
    a_person(work)
    _, taken = lock_taken(work, taken_id)
    mark = seal_mark(work, taken.key_ref, taken.ref, said)
    if mark is None:
        raise CircleMissingError(circle=MINORS)
    taken.minor = mark
    write(work, taken, Line(Change.SEALED_MARK, source))
    holders = work.session.scalars(
        select(CircleKey.person_id).where(
            CircleKey.circle == MINORS, CircleKey.revoked_at.is_(None)
        )
    ).all()
    send_all(work, [look_at_the_desk(one) for one in sorted(set(holders))])


def open_mark(work: Work, taken_id: int, passphrase: str, why: Why) -> str:
    """What the mark says: "yes", "no" or "". Show it only after this was committed.

    PassphraseWrongError or NotEntitledError for whoever holds no key to it.
    """
    taken = work.session.get_one(Taken, taken_id)
    circle = OpenCircle(work, MINORS, passphrase)
    if taken.minor is None:
        return ""
    reading = Reading("opened_taken_mark", TAKEN, taken.id, taken.person_id, why)
    return circle.open(
        SealedField(MINORS, taken.key_ref, MINOR, taken.ref), taken.minor, reading
    ).strip()
