"""Who looks over the books: a trustee who signs for no money herself. Plain values only."""

from __future__ import annotations

from union.kernel.actor import Actor, Role


def may_audit(actor: Actor) -> bool:
    """A trustee who neither keeps nor signs for the money she looks at."""
    return (
        actor.person_id is not None
        and actor.has(Role.TRUSTEE)
        and not actor.has(Role.TREASURER, Role.SIGNATORY)
    )


def may_reply(actor: Actor) -> bool:
    """Whoever keeps the money answers for it."""
    return actor.person_id is not None and actor.has(Role.TREASURER, Role.SIGNATORY)
