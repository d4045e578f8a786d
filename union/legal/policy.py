"""Who may do what with a case; plain values only."""

from __future__ import annotations

from union.kernel.actor import Actor, Role


def is_paralegal(actor: Actor) -> bool:
    """A person who may have cases and see the queue of those nobody has."""
    return actor.person_id is not None and actor.has(Role.PARALEGAL)


def may_open(actor: Actor, assignee_person_id: int | None) -> bool:
    """Only whom the case is assigned to, for as long as she is a paralegal."""
    return is_paralegal(actor) and actor.person_id == assignee_person_id
