"""Numbers that a person let rest, and how often a number was nuisance; read, never judged."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Contact, QuietNumber
from union.crisis.queries.open import CONTACT_NUMBER, opened
from union.crisis.rules.kinds import DealtHow

if TYPE_CHECKING:
    from union.infra.work import Work

QUIET_NUMBER = "quiet_number.number"


def quiet_row(work: Work, contact: Contact) -> QuietNumber | None:
    """The word by which this contact's number rests now, if anybody gave it."""
    if contact.number_index is None:
        return None
    hers = opened(work, contact, CONTACT_NUMBER, contact.number)
    rows = work.session.scalars(
        select(QuietNumber).where(
            QuietNumber.number_index == contact.number_index, QuietNumber.ended_at.is_(None)
        )
    )
    return next((row for row in rows if _number(work, row) == hers), None)


def quiet_numbers(work: Work, indexes: Collection[bytes]) -> frozenset[str]:
    """Of numbers with these indexes those that rest; an index alone may mean several."""
    if not indexes:
        return frozenset()
    rows = work.session.scalars(
        select(QuietNumber).where(
            QuietNumber.number_index.in_(indexes), QuietNumber.ended_at.is_(None)
        )
    ).all()
    work.vault.preload([row.key_ref for row in rows])
    return frozenset(_number(work, row) for row in rows)


def nuisance_of(work: Work, contact: Contact) -> tuple[int, int]:
    """How often this number reached us, and how often a person said it was nuisance."""
    if contact.number_index is None:
        return (1, 0)
    hers = opened(work, contact, CONTACT_NUMBER, contact.number)
    rows = work.session.scalars(
        select(Contact).where(Contact.number_index == contact.number_index)
    ).all()
    work.vault.preload([row.key_ref for row in rows])
    same = [row for row in rows if opened(work, row, CONTACT_NUMBER, row.number) == hers]
    return (len(same), sum(row.dealt_how is DealtHow.NUISANCE for row in same))


def _number(work: Work, row: QuietNumber) -> str:
    return work.vault.decrypt(row.key_ref, QUIET_NUMBER, row.ref, row.number)
