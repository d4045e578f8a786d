"""Who may look at whose dues: decisions over plain values, never a query."""

from __future__ import annotations

from collections.abc import Collection

from union.kernel.actor import Actor, Role

KEEPERS = frozenset({Role.TREASURER, Role.SIGNATORY, Role.MEMBERSHIP_SECRETARY})
"""Who opens any member's passbook."""

TAKERS = frozenset({Role.TREASURER})
"""Who takes money at the desk, settles lines and counts cash."""


def may_see_account(actor: Actor, person_ids: Collection[int]) -> bool:
    """Whether she may see the passbook and receipts of this person (all her entries' ids)."""
    return actor.has(*KEEPERS) or actor.person_id in person_ids


def may_see_receipt(
    actor: Actor, person_ids: Collection[int], collector_ids: Collection[int]
) -> bool:
    """Her own receipt, one she wrote on her round, or any if she keeps the books.

    Both are all entries of the register that stand for the one woman, and for the other.
    """
    return actor.person_id in collector_ids or may_see_account(actor, person_ids)


def may_see_round(actor: Actor, collector_ids: Collection[int]) -> bool:
    """A collector sees the cash in her own hands only, under whichever of her entries."""
    return actor.has(Role.TREASURER, Role.SIGNATORY) or actor.person_id in collector_ids
