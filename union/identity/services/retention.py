"""Letting go of sign-ins that ended, slips that were used, and tries that count no more.

Invariant: a slip stays until somebody has seen her whom it was for; no try goes that is counted.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import aliased

from union.identity.models import TrySpent
from union.identity.rules.retention import SIGN_INS, SLIPS, TRIES
from union.infra.machinery_kept import taken_away
from union.infra.retention import Asked, Keeping, bound, calls
from union.infra.work import Work

STILL_COUNTED = timedelta(days=2)
"""The database lets none go before another is so much younger."""


def drop_tries(work: Work, asked: Asked) -> int:
    """Tries older than any that is counted."""
    younger = aliased(TrySpent)
    counted = select(younger.id).where(younger.at > TrySpent.at + STILL_COUNTED)
    due = (
        select(TrySpent.id)
        .where(TrySpent.at < bound(work, TRIES.kind, asked), counted.exists())
        .order_by(TrySpent.at)
        .limit(asked.most)
    )
    return taken_away(work, delete(TrySpent).where(TrySpent.id.in_(due)))


KEPT: tuple[Keeping, ...] = (
    Keeping(SIGN_INS, calls("age_out_sign_in_session")),
    Keeping(SLIPS, calls("age_out_enrolment_slip")),
    Keeping(TRIES, drop_tries),
)
"""Each kind of this domain, and its hand."""
