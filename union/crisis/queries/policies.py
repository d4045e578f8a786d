"""Reads of policies: the newest of a scope, the one in force at an instant, every version."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import CrisisPolicy
from union.crisis.rules.escalation import Step, read_steps
from union.crisis.rules.policies import Scope, most_exact
from union.infra.editions import POLICIES, kept
from union.kernel.errors import NotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy.orm import Session

    from union.crisis.rules.kinds import Kind
    from union.infra.work import Work

POLICY_WORDS = "crisis_policy.words"


@dataclass(frozen=True, slots=True)
class Version:
    """A version as the engine reads it: whom it is for, from when on, and what it says."""

    id: int
    scope: Scope
    version: int
    made_at: datetime
    is_over: bool
    quorum: Mapping[str, int]
    steps: tuple[Step, ...]

    @classmethod
    def of(cls, row: CrisisPolicy) -> Version:
        """The version a row keeps; rows are never changed."""
        steps = read_steps(row.steps)
        return cls(
            row.id, scope_of(row), row.version, row.made_at, row.is_over, dict(row.quorum), steps
        )

    def was_known(self, at: datetime) -> bool:
        """Whether it was in force at an instant; a kind's first version has been from ever."""
        return self.made_at <= at or (self.version == 1 and self.scope.is_widest)


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


def policy_at(work: Work, wanted: Scope, at: datetime) -> Version | None:
    """The most exact policy that was in force at an instant; None if a kind never came before.

    The first version of a kind has been in force from ever: it is written down when it first comes.
    """
    versions = kept(work, POLICIES, wanted.kind, lambda: _versions_of(work, wanted.kind))
    newest = {one.scope: one for one in versions if one.was_known(at)}
    exact = most_exact([scope for scope, one in newest.items() if not one.is_over], wanted)
    return None if exact is None else newest[exact]


def steps_of(work: Work, policy_id: int) -> tuple[Step, ...]:
    """The steps of a version."""
    return kept(work, POLICIES, policy_id, lambda: _steps_of(work, policy_id))


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


def _versions_of(work: Work, kind: Kind) -> tuple[Version, ...]:
    rows = work.session.scalars(
        select(CrisisPolicy).where(CrisisPolicy.kind == kind).order_by(CrisisPolicy.version)
    )
    return tuple(Version.of(row) for row in rows)


def _steps_of(work: Work, policy_id: int) -> tuple[Step, ...]:
    return read_steps(work.session.get_one(CrisisPolicy, policy_id).steps)
