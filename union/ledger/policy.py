"""Who may do what with the books; plain values only."""

from __future__ import annotations

from union.kernel.actor import Actor, Role
from union.ledger.rules.chart import is_care

APPROVERS = (Role.TREASURER, Role.SIGNATORY)
READERS = (Role.TREASURER, Role.SIGNATORY, Role.TRUSTEE)
WITNESSES = (*READERS, Role.MEMBERSHIP_SECRETARY)
"""Who may say that a box holds what was counted; each sits where the boxes stand."""


def may_approve(actor: Actor) -> bool:
    """A person who signs for the union; whether as payee or twice, the voucher decides."""
    return actor.person_id is not None and actor.has(*APPROVERS)


def may_pay(actor: Actor) -> bool:
    """Only the treasurer hands out money."""
    return actor.person_id is not None and actor.has(Role.TREASURER)


def may_withdraw(actor: Actor) -> bool:
    """Either signatory may stop a payment, and so may a process whose reason is gone."""
    return actor.is_system or may_approve(actor)


def may_read_words(actor: Actor) -> bool:
    """Words beside an entry or voucher may name somebody: a trustee reads none (PRODUCT.md)."""
    return actor.person_id is not None and actor.has(*APPROVERS)


def may_read_care(actor: Actor) -> bool:
    """Words and papers that tell of a case or a call: the second signatory, never the treasurer."""
    return actor.person_id is not None and actor.has(Role.SIGNATORY)


def may_read_beside(actor: Actor, *account_codes: str) -> bool:
    """Words and papers beside money that went through these accounts."""
    if any(is_care(code) for code in account_codes):
        return may_read_care(actor)
    return may_read_words(actor)


def may_witness(actor: Actor) -> bool:
    """Somebody signed in who may see a box; that she did not count it herself, the law decides."""
    return actor.person_id is not None and actor.has(*WITNESSES)


def may_close(actor: Actor) -> bool:
    """Only the treasurer closes a month; what she looked at stands beside it."""
    return may_pay(actor)
