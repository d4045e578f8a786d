"""Who may do what with a claim; plain values only."""

from __future__ import annotations

from collections.abc import Collection

from union.kernel.actor import Actor, Role
from union.welfare.errors import OwnClaimError


def may_ask_for(actor: Actor, her_ids: Collection[int]) -> bool:
    """She herself, or the committee for somebody who cannot write."""
    return actor.is_system or actor.person_id in her_ids or may_judge(actor)


def may_judge(actor: Actor) -> bool:
    """A person of the committee; that it is not her own claim is asked apart."""
    return actor.person_id is not None and actor.has(Role.WELFARE_COMMITTEE)


def is_hers(actor: Actor, her_ids: Collection[int]) -> bool:
    """Whether the claim is the actor's own, under whichever entry of the register."""
    return actor.person_id in her_ids


def refuse_own(actor: Actor, her_ids: Collection[int]) -> None:
    """Nobody judges her own claim, nor reads it as the committee does: OwnClaimError."""
    if is_hers(actor, her_ids):
        raise OwnClaimError
