"""Who may give offices, how long a proposal waits, and how an office was come by."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from union.kernel.actor import Actor, Role

GIVERS = frozenset({Role.SIGNATORY, Role.MEMBERSHIP_SECRETARY, Role.DUTY_OFFICER})
"""Who may propose, confirm and end offices, if she holds hers for the whole union.

Never the keeper of the machine. The same three stand in ``gives_offices()`` of revision 0044.
"""

HANDS = 2
"""So many people give an office, none of them she who is to hold it."""

PROPOSAL_LASTS = timedelta(days=30)
"""After it a proposal nobody confirmed is made anew; the database says the same."""


class GivenHow(StrEnum):
    """How an office was come by; the database holds each to what it says."""

    TWO = "two"
    FIRST = "first"
    REGISTER = "register"
    MACHINE = "machine"
    BEFORE = "before"


def gives_offices(actor: Actor) -> bool:
    """Whether she may propose, confirm and end offices."""
    return any(grant.role in GIVERS and grant.branch_id is None for grant in actor.grants)
