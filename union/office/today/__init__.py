"""The first page: which card answers which role, and in which order if she has several.

Calls come before money, money before papers. It never decides anything and never writes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from union.kernel.actor import Role
from union.office.today import calls, care, keeping, locking, members, money, offices
from union.office.today.card import Act, Card, Stamp

if TYPE_CHECKING:
    from union.infra.work import Work

__all__ = ["Act", "Card", "Stamp", "cards_for"]

CARDS: tuple[tuple[frozenset[Role], Callable[[Work], Card]], ...] = (
    (frozenset({Role.OPERATOR}), calls.operator),
    (frozenset({Role.DUTY_OFFICER, Role.COORDINATOR}), calls.in_charge),
    (frozenset({Role.RESPONDER, Role.TEAM_LEAD, Role.COUNSELLOR}), calls.team),
    (frozenset({Role.COLLECTOR}), money.collector),
    (frozenset({Role.TREASURER}), money.treasurer),
    (frozenset({Role.SIGNATORY}), money.signatory),
    (frozenset({Role.TRUSTEE}), money.trustee),
    (frozenset({Role.MEMBERSHIP_SECRETARY}), members.membership_secretary),
    (frozenset({Role.BRANCH_SECRETARY}), members.branch_secretary),
    (frozenset({Role.SAFEGUARDING_OFFICER}), members.named_officer),
    (frozenset({Role.WELFARE_COMMITTEE}), care.committee),
    (frozenset({Role.PARALEGAL}), care.paralegal),
    (frozenset({Role.LAWYER}), care.lawyer),
    (frozenset({Role.SYSADMIN}), care.keeper),
    (frozenset({Role.MEMBER}), money.member),
)


def cards_for(work: Work) -> list[Card]:
    """One card for each thing she does here."""
    cards = [provide(work) for roles, provide in CARDS if work.actor.has(*roles)]
    waiting = [
        *care.keys_of_cases(work),
        *care.long_waits(work),
        *care.received(work),
        *offices.to_confirm(work),
        *keeping.to_agree(work),
    ]
    return [*cards, *waiting, *locking.told_of_locks(work)]
