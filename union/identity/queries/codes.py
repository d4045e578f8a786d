"""What stands of an officer's codes; never a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.identity.models import RecoveryCode
from union.identity.rules.codes import RECOVERY_CODES

if TYPE_CHECKING:
    from union.infra.work import Work


def lines_left(work: Work) -> int:
    """How many lines of the present person's recovery sheet were not used yet.

    Under force a whole sheet, as of somebody whose office is new.
    """
    if work.actor.duress:
        return RECOVERY_CODES
    left = select(func.count()).where(
        RecoveryCode.account_id == work.actor.account_id,
        RecoveryCode.used_at.is_(None),
        RecoveryCode.ended_at.is_(None),
    )
    return work.session.scalar(left) or 0
