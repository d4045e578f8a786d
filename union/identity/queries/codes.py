"""What stands of an officer's codes; never a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.identity.models import RecoveryCode

if TYPE_CHECKING:
    from union.infra.work import Work


def lines_left(work: Work) -> int:
    """How many lines of the present person's recovery sheet were not used yet."""
    left = select(func.count()).where(
        RecoveryCode.account_id == work.actor.account_id,
        RecoveryCode.used_at.is_(None),
        RecoveryCode.ended_at.is_(None),
    )
    return work.session.scalar(left) or 0
