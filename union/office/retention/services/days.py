"""Other days for a kind of record: one proposes, another agrees.

Invariant: never under what the database holds for the least, never above the most, and two people.
"""

from __future__ import annotations

from sqlalchemy import Select, select

from union.infra import audit
from union.infra.people import is_present
from union.infra.retention import RetentionWish
from union.infra.work import Work
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref
from union.office.retention.collected import RULES
from union.office.retention.errors import DaysOutOfBoundsError, WishNotByTwoError, WishWaitsError


def propose_days(work: Work, kind: str, days: int) -> RetentionWish:
    """Ask a second person that this kind be kept for other days.

    NotFoundError, DaysOutOfBoundsError, WishWaitsError.
    """
    rule = RULES.get(kind)
    if rule is None or not rule.has_hand:
        raise NotFoundError
    if not rule.least <= days <= rule.most:
        raise DaysOutOfBoundsError(least=rule.least, most=rule.most)
    if work.session.scalar(_open().where(RetentionWish.kind == kind)) is not None:
        raise WishWaitsError
    wish = RetentionWish(
        ref=new_ref(),
        kind=kind,
        days=days,
        proposed_by=_person(work),
        proposed_at=work.clock.now(),
    )
    work.session.add(wish)
    work.session.flush()
    audit.log(work, "days_proposed", object_type="retention_wish", object_id=wish.id)
    return wish


def answer_days(work: Work, ref: str, *, agreed: bool) -> RetentionWish:
    """The second person's yes or no; whoever proposed it may take it back.

    NotFoundError, WishNotByTwoError.
    """
    wish = work.session.scalar(_open().where(RetentionWish.ref == ref).with_for_update())
    if wish is None:
        raise NotFoundError
    if agreed and is_present(work, wish.proposed_by):
        raise WishNotByTwoError
    wish.answered_by, wish.answered_at = _person(work), work.clock.now()
    wish.agreed = agreed
    work.session.flush()
    audit.log(work, "days_answered", object_type="retention_wish", object_id=wish.id)
    return wish


def _open() -> Select[RetentionWish]:
    return select(RetentionWish).where(RetentionWish.answered_at.is_(None))


def _person(work: Work) -> int:
    if work.actor.person_id is None:
        raise NotAllowedError
    return work.actor.person_id
