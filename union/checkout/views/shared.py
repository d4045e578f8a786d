"""What the pages of card payments share: the provider, and whose payment an address names."""

from __future__ import annotations

from flask import current_app

from union.checkout.errors import CardsOffError
from union.checkout.models import CardCheckout, CardInstruction
from union.checkout.policy import is_hers
from union.checkout.queries.hers import checkout_by_ref, instruction_by_ref
from union.gateways.payments import PaymentProvider
from union.infra.work import Work
from union.kernel.errors import NotAllowedError, NotFoundError
from union.members.models import Member
from union.members.queries import all_entries_of, kept_entry
from union.web.current import current_actor

EXTENSION = "sangha_payments"


def provider_or_none() -> PaymentProvider | None:
    """The provider of this deployment, if it has one."""
    held: PaymentProvider | None = current_app.extensions[EXTENSION]
    return held


def provider() -> PaymentProvider:
    """The provider; CardsOffError if there is none."""
    held = provider_or_none()
    if held is None:
        raise CardsOffError
    return held


def herself(work: Work) -> Member:
    """The member who is signed in; NotFoundError for an account without a card of the union's."""
    person_id = current_actor().person_id
    member = None if person_id is None else kept_entry(work.session, person_id)
    if member is None:
        raise NotFoundError
    return member


def her_checkout(work: Work, ref: str) -> CardCheckout:
    """The visit to the provider's page an address names, if it is hers."""
    found = checkout_by_ref(work.session, ref)
    if found is None:
        raise NotFoundError
    _hold_to_herself(work, found.person_id)
    return found


def her_instruction(work: Work, ref: str) -> CardInstruction:
    """The standing instruction an address names, if it is hers."""
    found = instruction_by_ref(work.session, ref)
    if found is None:
        raise NotFoundError
    _hold_to_herself(work, found.person_id)
    return found


def _hold_to_herself(work: Work, person_id: int) -> None:
    if not is_hers(current_actor(), all_entries_of(work.session, person_id)):
        raise NotAllowedError
