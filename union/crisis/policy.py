"""Who may see what of a crisis: plain answers from an actor and a row, no SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.kernel.actor import Role

if TYPE_CHECKING:
    from union.crisis.models import Page
    from union.kernel.actor import Actor

DESK = frozenset({Role.OPERATOR, Role.DUTY_OFFICER, Role.COORDINATOR})
"""Whoever sees the board and every incident."""

HAS_HOURS = frozenset(
    {
        *DESK,
        Role.RESPONDER,
        Role.TEAM_LEAD,
        Role.COUNSELLOR,
        Role.PARALEGAL,
    }
)
"""Whoever has hours of her own on the rota."""

ANSWERS_FOR_LAPSED = frozenset({Role.DUTY_OFFICER, Role.COORDINATOR})
"""Whoever may call somebody whose certificate ran out (C7)."""


def works_at_desk(actor: Actor) -> bool:
    """Whether she sees incidents she was not called to."""
    return actor.has(*DESK)


def is_hers(actor: Actor, page: Page) -> bool:
    """Whether she was the one called."""
    return actor.person_id is not None and actor.person_id == page.person_id


def may_call_lapsed(actor: Actor) -> bool:
    """Whether she may answer for somebody whose certificate ran out."""
    return actor.has(*ANSWERS_FOR_LAPSED)


def sees_silent_alarm(actor: Actor) -> bool:
    """Whether a forced answer is shown to her: only to those in charge."""
    return actor.has(*ANSWERS_FOR_LAPSED)


def plans_rota(actor: Actor) -> bool:
    """Whether she writes hours, absences and papers down for others, and answers for swaps."""
    return actor.has(Role.COORDINATOR)


def writes_policies(actor: Actor) -> bool:
    """Whether she writes how calls are answered; one coordinator is enough, for none is unsafe."""
    return actor.has(Role.COORDINATOR)


def is_told_of_force(actor: Actor) -> bool:
    """Whether she hears that somebody answered a practice call under force."""
    return sees_silent_alarm(actor)
