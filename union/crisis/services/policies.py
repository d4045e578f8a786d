"""Policies as versions. Invariant: none is ever changed; an incident keeps to what was in force.

What is learnt of an incident (its kind, that it is grave, its district) may bring it under another
policy, but never under a version written after it began.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.crisis.errors import PolicyChangedError, PolicyUnsafeError
from union.crisis.models import CrisisPolicy
from union.crisis.queries.policies import POLICY_WORDS, Version, newest_of, policy_at
from union.crisis.rules.escalation import FIRST_POLICIES, read_steps, write_steps
from union.crisis.rules.kinds import Kind
from union.crisis.rules.needs import grown, needs_for
from union.crisis.rules.policies import Draft, Scope, why_unsafe
from union.crisis.services.search import needs_of
from union.crisis.services.timeline import a_person, changed, say
from union.infra.editions import forget
from union.kernel.ids import new_ref

if TYPE_CHECKING:
    from datetime import datetime

    from union.crisis.models import Incident
    from union.infra.work import Work

POLICY_LOCK = 7_320_032


def policy_for(work: Work, wanted: Scope, at: datetime) -> Version:
    """The policy of what an incident is known to be, as it was in force when it began."""
    return policy_at(work, wanted, at) or Version.of(_first(work, wanted))


def policy_in_force(work: Work, kind: Kind) -> CrisisPolicy:
    """The newest version for a kind everywhere; the first is written when it is first asked for."""
    widest = Scope(kind)
    return newest_of(work.session, widest) or _first(work, widest)


def follow_policy(work: Work, incident: Incident) -> bool:
    """What is known now may bring it under another policy: said, and its steps begin anew.

    What was needed before is never needed less. False where it stays under its own.
    """
    wanted = Scope(incident.kind, incident.severity, incident.branch_id)
    policy = policy_for(work, wanted, incident.opened_at)
    needs = grown(needs_of(incident), needs_for(policy.quorum, incident.people))
    incident.needs = {role.value: count for role, count in needs.items()}
    if policy.id == incident.policy_id:
        return False
    say(work, incident, "policy_taken", was=incident.policy_id, policy_id=policy.id)
    incident.policy_id, incident.step = policy.id, 0
    return True


def new_policy(
    work: Work, scope: Scope, draft: Draft, words: str = "", seen: int | None = None
) -> CrisisPolicy:
    """Write the next version; open incidents keep theirs.

    PolicyUnsafeError if it could leave a caller alone; PolicyChangedError if ``seen``, the version
    that was read, is no longer the newest of this scope. Before a kind ever came, 0 was read.
    """
    unsafe = why_unsafe(draft)
    if unsafe is not None:
        raise PolicyUnsafeError(why=unsafe)
    return _write(work, scope, draft, words, seen)


def end_policy(work: Work, scope: Scope, words: str, seen: int) -> CrisisPolicy:
    """From now on the wider policy holds; the widest itself cannot end (PolicyChangedError)."""
    a_person(work)
    former = newest_of(work.session, scope)
    if former is None or former.is_over or scope.is_widest:
        raise PolicyChangedError
    draft = Draft(former.quorum, read_steps(former.steps))
    return _write(work, scope, draft, words, seen, is_over=True)


def _write(
    work: Work,
    scope: Scope,
    draft: Draft,
    words: str,
    seen: int | None,
    *,
    is_over: bool = False,
) -> CrisisPolicy:
    if scope.is_widest:
        policy_in_force(work, scope.kind)
    _lock(work, scope)
    former = newest_of(work.session, scope)
    version = former.version if former else 0
    if seen is not None and max(seen, int(scope.is_widest)) != version:
        raise PolicyChangedError(version=version)
    ref, key_ref = new_ref(), work.vault.new_key() if words else None
    policy = CrisisPolicy(
        ref=ref,
        kind=scope.kind,
        severity=scope.severity,
        branch_id=scope.branch_id,
        version=version + 1,
        is_over=is_over,
        quorum={role: count for role, count in draft.quorum.items() if count},
        steps=write_steps(draft.steps),
        key_ref=key_ref,
        words=work.vault.encrypt(key_ref, POLICY_WORDS, ref, words) if key_ref else None,
        made_by_person_id=work.actor.person_id,
        made_at=work.clock.now(),
    )
    work.session.add(policy)
    work.session.flush()
    forget(work)
    changed(work)
    return policy


def _first(work: Work, scope: Scope) -> CrisisPolicy:
    """The version a union begins with, written once, whoever asks for it at the same moment."""
    _lock(work, scope)
    kind = scope.kind
    known = newest_of(work.session, Scope(kind))
    if known is not None:
        forget(work)
        return known
    quorum, steps = FIRST_POLICIES.get(kind, FIRST_POLICIES[Kind.UNKNOWN])
    policy = CrisisPolicy(
        ref=new_ref(),
        kind=kind,
        version=1,
        is_over=False,
        quorum=dict(quorum),
        steps=[dict(step) for step in steps],
        made_at=work.clock.now(),
    )
    work.session.add(policy)
    work.session.flush()
    forget(work)
    return policy


def _lock(work: Work, scope: Scope) -> None:
    """One after the other for each kind, so that versions follow each other."""
    number = func.hashtext(scope.kind.value)
    work.session.execute(select(func.pg_advisory_xact_lock(POLICY_LOCK, number)))
