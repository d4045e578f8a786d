"""Who may do what with card payments: decisions over plain values, never a query."""

from __future__ import annotations

from collections.abc import Collection

from union.kernel.actor import Actor, Role

KEEPERS = frozenset({Role.TREASURER, Role.SIGNATORY})
"""Who sees every payment by card."""


def is_hers(actor: Actor, person_ids: Collection[int]) -> bool:
    """Whether something asked by one of these entries is the actor's own."""
    return actor.person_id is not None and actor.person_id in person_ids
