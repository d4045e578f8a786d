"""Who may do what with a case; plain values only."""

from __future__ import annotations

from collections.abc import Collection

from union.kernel.actor import Actor, Role
from union.legal.rules import RECEIVERS, CaseKind


def is_paralegal(actor: Actor) -> bool:
    """A person who may have cases and see the queue of those nobody has."""
    return actor.person_id is not None and actor.has(Role.PARALEGAL)


def may_open(actor: Actor, kind: str, holders: Collection[int | None]) -> bool:
    """Only whoever has the case, for as long as she holds the office she has it in."""
    if actor.person_id is None or actor.person_id not in holders:
        return False
    return is_paralegal(actor) if kind == CaseKind.AID else actor.has(*RECEIVERS)
