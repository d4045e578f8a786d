"""The union's rules of dues as they stood on a day, and what a member paid as."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from union.dues.models import DuesRule, PaysAs
from union.kernel.periods import Month
from union.members.models import Member


def rule_on(session: Session, day: date) -> DuesRule:
    """The rule in force on a civil day: the latest that had begun; the first holds from ever."""
    query = select(DuesRule).where(DuesRule.from_on <= day)
    return session.scalars(query.order_by(DuesRule.from_on.desc(), DuesRule.id.desc())).first() or (
        session.scalars(select(DuesRule).order_by(DuesRule.from_on, DuesRule.id)).one()
    )


def rules_set(session: Session) -> Sequence[DuesRule]:
    """Every rule ever set, the latest first."""
    return session.scalars(
        select(DuesRule).order_by(DuesRule.from_on.desc(), DuesRule.id.desc())
    ).all()


def category_in(session: Session, person_id: int, month: Month) -> str:
    """What she pays as in a month: as somebody decided last, else as the register has her."""
    decided = session.scalar(
        select(PaysAs.category)
        .where(PaysAs.person_id == person_id, PaysAs.from_month <= month.first_day)
        .order_by(PaysAs.from_month.desc(), PaysAs.id.desc())
        .limit(1)
    )
    if decided is not None:
        return decided
    return session.scalar(select(Member.category).where(Member.person_id == person_id)) or ""
