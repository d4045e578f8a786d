"""Reads of policies: the newest of a scope, the one in force at an instant, every version."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from union.crisis.models import CrisisPolicy
from union.crisis.rules.policies import Scope, most_exact
from union.kernel.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from union.infra.work import Work

POLICY_WORDS = "crisis_policy.words"


def scope_of(policy: CrisisPolicy) -> Scope:
    """What a version is for."""
    return Scope(policy.kind, policy.severity, policy.branch_id)


def newest_of(session: Session, scope: Scope) -> CrisisPolicy | None:
    """The newest version of exactly this scope, over or not."""
    return next(iter(versions_of(session, scope)), None)


def versions_of(session: Session, scope: Scope) -> Sequence[CrisisPolicy]:
    """Every version of exactly this scope, the newest first."""
    return session.scalars(
        select(CrisisPolicy)
        .where(
            CrisisPolicy.kind == scope.kind,
            CrisisPolicy.severity.is_not_distinct_from(scope.severity),
            CrisisPolicy.branch_id.is_not_distinct_from(scope.branch_id),
        )
        .order_by(CrisisPolicy.version.desc())
    ).all()


def policy_at(session: Session, wanted: Scope, at: datetime) -> CrisisPolicy | None:
    """The most exact policy that was in force at an instant; None if a kind never came before.

    The first version of a kind has been in force from ever: it is written down when it first comes.
    """
    rows = session.scalars(
        select(CrisisPolicy)
        .where(
            CrisisPolicy.kind == wanted.kind,
            or_(
                CrisisPolicy.made_at <= at,
                (CrisisPolicy.version == 1)
                & CrisisPolicy.severity.is_(None)
                & CrisisPolicy.branch_id.is_(None),
            ),
        )
        .order_by(CrisisPolicy.version)
    ).all()
    newest = {scope_of(row): row for row in rows}
    exact = most_exact([scope for scope, row in newest.items() if not row.is_over], wanted)
    return None if exact is None else newest[exact]


def newest_policies(session: Session) -> list[CrisisPolicy]:
    """The newest version of every scope that holds, the widest of each kind first."""
    rows = session.scalars(select(CrisisPolicy).order_by(CrisisPolicy.version)).all()
    newest = {scope_of(row): row for row in rows}
    return [row for row in newest.values() if not row.is_over]


def policy_by_ref(session: Session, ref: str) -> CrisisPolicy:
    """A version by its reference; NotFoundError if there is none."""
    found = session.scalar(select(CrisisPolicy).where(CrisisPolicy.ref == ref))
    if found is None:
        raise NotFoundError
    return found


def words_of(work: Work, policy: CrisisPolicy) -> str:
    """Why a version was written, in the clear."""
    if policy.words is None or policy.key_ref is None:
        return ""
    return work.vault.decrypt(policy.key_ref, POLICY_WORDS, policy.ref, policy.words)
