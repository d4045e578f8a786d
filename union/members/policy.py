"""Who may see and change which members; plain values only."""

from __future__ import annotations

from union.kernel.actor import Actor, Role
from union.kernel.errors import NotFoundError

KEEPERS = (Role.MEMBERSHIP_SECRETARY, Role.BRANCH_SECRETARY)


def branch_scope(actor: Actor) -> frozenset[int] | None:
    """The branches whose register the actor keeps; None means all of them."""
    return actor.branches(*KEEPERS)


def may_keep(actor: Actor, branch_id: int | None) -> bool:
    """Whether the actor keeps the register of this branch."""
    scope = branch_scope(actor)
    return scope is None or branch_id in scope


def refuse_other_branch(actor: Actor, branch_id: int | None) -> None:
    """NotFoundError unless the actor keeps the register of this branch: it is as if it were not."""
    if not may_keep(actor, branch_id):
        raise NotFoundError


def keeps_whole_register(actor: Actor) -> bool:
    """Whether the actor may bring in books and join entries across branches."""
    return actor.branches(Role.MEMBERSHIP_SECRETARY) is None
