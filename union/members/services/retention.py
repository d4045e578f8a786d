"""Letting go of files that were brought in, and of who somebody was who has gone.

Invariant: of a member who left or died her card's number stays, for money that was hers is booked
by it; nothing goes while a claim, a case or a payment of hers waits, or while she is held.
"""

from __future__ import annotations

from sqlalchemy import delete, func, or_, select, update

from union.infra.retention import Asked, Keeping, bound, orders_keys
from union.infra.work import Work
from union.members.models import ContactPoint, Member
from union.members.rules.retention import (
    GONE_IDENTITY,
    GONE_KEYS,
    IMPORT_ROWS,
    SET_ASIDE,
    UPLOADS,
)

_WORDS = ("called", "legal_name", "born", "place", "nominee", "remarks")


def forget_who_went(work: Work, asked: Asked) -> int:
    """What she was called, her papers' name, where, whom she named, and every number of hers."""
    known = or_(*(getattr(Member, word).is_not(None) for word in _WORDS))
    number = select(ContactPoint.id).where(ContactPoint.person_id == Member.person_id)
    due = work.session.scalars(
        select(Member.person_id)
        .where(
            known | number.exists(),
            func.is_gone(Member.person_id, bound(work, GONE_IDENTITY.kind, asked)),
        )
        .order_by(Member.person_id)
        .limit(asked.most)
    ).all()
    work.session.execute(delete(ContactPoint).where(ContactPoint.person_id.in_(due)))
    work.session.execute(
        update(Member).where(Member.person_id.in_(due)).values(dict.fromkeys(_WORDS))
    )
    return len(due)


KEPT: tuple[Keeping, ...] = (
    Keeping(IMPORT_ROWS, orders_keys(IMPORT_ROWS.kind)),
    Keeping(UPLOADS),
    Keeping(SET_ASIDE, orders_keys(SET_ASIDE.kind)),
    Keeping(GONE_IDENTITY, forget_who_went),
    Keeping(GONE_KEYS, orders_keys(GONE_KEYS.kind)),
)
"""Each kind of this domain, and its hand."""
