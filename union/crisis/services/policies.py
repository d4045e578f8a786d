"""Policies as versions. Invariant: none is ever changed; incidents keep the one they began with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from union.crisis.models import CrisisPolicy
from union.crisis.rules.escalation import FIRST_POLICIES, read_steps
from union.crisis.rules.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from union.infra.work import Work


def policy_in_force(work: Work, kind: Kind) -> CrisisPolicy:
    """The newest version for a kind; the first one is written when it is first asked for."""
    newest = _newest(work, kind)
    if newest is not None:
        return newest
    quorum, steps = FIRST_POLICIES.get(kind, FIRST_POLICIES[Kind.UNKNOWN])
    work.session.execute(
        insert(CrisisPolicy)
        .values(
            kind=kind,
            version=1,
            quorum=dict(quorum),
            steps=[dict(step) for step in steps],
            made_at=work.clock.now(),
        )
        .on_conflict_do_nothing()
    )
    return work.session.scalars(
        select(CrisisPolicy)
        .where(CrisisPolicy.kind == kind)
        .order_by(CrisisPolicy.version.desc())
        .limit(1)
    ).one()


def new_policy(
    work: Work, kind: Kind, quorum: Mapping[str, int], steps: Sequence[Mapping[str, Any]]
) -> CrisisPolicy:
    """Write the next version; unreadable steps raise ValueError. Open incidents keep theirs."""
    read_steps(steps)
    policy_in_force(work, kind)
    last = work.session.scalar(
        select(func.max(CrisisPolicy.version)).where(CrisisPolicy.kind == kind)
    )
    policy = CrisisPolicy(
        kind=kind,
        version=(last or 0) + 1,
        quorum=dict(quorum),
        steps=[dict(step) for step in steps],
        made_by_person_id=work.actor.person_id,
        made_at=work.clock.now(),
    )
    work.session.add(policy)
    work.session.flush()
    return policy


def _newest(work: Work, kind: Kind) -> CrisisPolicy | None:
    return work.session.scalar(
        select(CrisisPolicy)
        .where(CrisisPolicy.kind == kind)
        .order_by(CrisisPolicy.version.desc())
        .limit(1)
    )
