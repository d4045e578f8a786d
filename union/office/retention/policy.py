"""Who may hold what: whoever answers for such records, and nobody learns of others through it."""

from __future__ import annotations

from union.infra.holds import HeldThing, LegalHold
from union.kernel.actor import Actor, Role

HOLDERS = {
    HeldThing.PERSON: frozenset({Role.MEMBERSHIP_SECRETARY, Role.SIGNATORY}),
    HeldThing.INCIDENT: frozenset({Role.COORDINATOR, Role.DUTY_OFFICER}),
    HeldThing.CASE: frozenset({Role.PARALEGAL}),
}
"""A treasurer never learns from a hold that a case exists; whoever holds cases sees no register."""

ANYWHERE = frozenset({HeldThing.CASE})
"""What one may hold who has her office in one branch only: cases are held each by whose it is."""


def may_hold(actor: Actor) -> tuple[HeldThing, ...]:
    """What this actor may hold, see held and lift, in the order it is offered."""
    return tuple(thing for thing in HOLDERS if _may(actor, thing))


def may_see_hold(actor: Actor, hold: LegalHold) -> bool:
    """Whether she sees this one: another's case only once it waits for a second person."""
    thing = HeldThing(hold.subject_type)
    if not _may(actor, thing):
        return False
    return thing is not HeldThing.CASE or is_placer(actor, hold) or hold.lift_by is not None


def is_placer(actor: Actor, hold: LegalHold) -> bool:
    """Whether she placed it herself."""
    return actor.person_id is not None and actor.person_id == hold.placed_by


def _may(actor: Actor, thing: HeldThing) -> bool:
    return any(
        grant.role in HOLDERS[thing] and (grant.branch_id is None or thing in ANYWHERE)
        for grant in actor.grants
    )
