"""Which policy holds for an incident, and which ones nobody may write; plain values, no SQL."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from union.crisis.rules.kinds import IN_CHARGE, TEAM, AskedAs, Kind, Severity, Who

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from union.crisis.rules.escalation import Step

LONGEST_WAIT = 600
MOST_STEPS = 12
MOST_OF_A_ROLE = 10
ROLE_ASKED_WITHIN = 600
IN_CHARGE_WITHIN = 1200
"""Seconds of waiting after which a role, and those in charge, must have been asked."""

_ASKS_IN_CHARGE = (Who.COORDINATORS, Who.DUTY_OFFICER)


class Unsafe(StrEnum):
    """Why a policy could leave a caller alone."""

    NOBODY_NEEDED = "nobody_needed"
    TOO_MANY_NEEDED = "too_many_needed"
    NO_STEPS = "no_steps"
    TOO_MANY_STEPS = "too_many_steps"
    WAITS_TOO_LONG = "waits_too_long"
    NO_LAST_STEP = "no_last_step"
    ROLE_TOO_LATE = "role_too_late"
    IN_CHARGE_TOO_LATE = "in_charge_too_late"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a policy is for; None means any severity, every district.

    A kind that came as a bare word is taken for the kind it names; any other is a ValueError.
    """

    kind: Kind
    severity: Severity | None = None
    branch_id: int | None = None

    def __post_init__(self) -> None:
        """What is looked for, locked and compared is a Kind, whoever handed it in."""
        object.__setattr__(self, "kind", Kind(self.kind))

    @property
    def is_widest(self) -> bool:
        """Whether it holds wherever nothing more exact does."""
        return self.severity is None and self.branch_id is None

    def holds_for(self, other: Scope) -> bool:
        """Whether it holds for an incident of another, exact scope."""
        return (
            self.kind is other.kind
            and self.severity in (None, other.severity)
            and self.branch_id in (None, other.branch_id)
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """How many of which role, and the steps; all that a version says."""

    quorum: Mapping[str, int]
    steps: tuple[Step, ...]


def most_exact(scopes: Sequence[Scope], wanted: Scope) -> Scope | None:
    """The scope that holds for an incident: its district before its severity before its kind."""
    holding = [scope for scope in scopes if scope.holds_for(wanted)]
    return max(holding, key=_exactness, default=None)


def why_unsafe(draft: Draft) -> Unsafe | None:
    """The first reason why nobody may write this, or None."""
    counts = draft.quorum.values()
    tests = (
        (Unsafe.NOBODY_NEEDED, not any(counts) or min(counts) < 0),
        (Unsafe.TOO_MANY_NEEDED, max(counts, default=0) > MOST_OF_A_ROLE),
        (Unsafe.NO_STEPS, not draft.steps),
        (Unsafe.TOO_MANY_STEPS, len(draft.steps) > MOST_STEPS),
        (Unsafe.NO_LAST_STEP, not _is_endless(draft.steps[-1:])),
        (
            Unsafe.WAITS_TOO_LONG,
            not all(1 <= step.wait_seconds <= LONGEST_WAIT for step in draft.steps),
        ),
        (Unsafe.ROLE_TOO_LATE, _role_too_late(draft)),
        (
            Unsafe.IN_CHARGE_TOO_LATE,
            waited_before(draft.steps, AskedAs.COORDINATOR) > IN_CHARGE_WITHIN,
        ),
    )
    return next((reason for reason, holds in tests if holds), None)


def waited_before(steps: Sequence[Step], role: AskedAs) -> int:
    """Seconds that go by before the first step that asks for a role."""
    waited = 0
    for step in steps:
        if asks_for(step, role):
            break
        waited += step.wait_seconds
    return waited


def _exactness(scope: Scope) -> tuple[bool, bool]:
    return (scope.branch_id is not None, scope.severity is not None)


def _is_endless(last: Sequence[Step]) -> bool:
    return any(step.who is Who.DUTY_OFFICER and not step.roles for step in last)


def _role_too_late(draft: Draft) -> bool:
    needed = [role for role in TEAM if draft.quorum.get(role, 0) > 0]
    return any(waited_before(draft.steps, role) > ROLE_ASKED_WITHIN for role in needed)


def asks_for(step: Step, role: AskedAs) -> bool:
    """Whether a step asks somebody as this; the coordinators' step asks nobody else."""
    if role in IN_CHARGE:
        return step.who in _ASKS_IN_CHARGE
    return step.who is not Who.COORDINATORS and (not step.roles or role in step.roles)
