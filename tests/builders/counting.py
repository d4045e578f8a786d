"""Cash counted in front of two for tests, and officers with accounts of their own."""

from __future__ import annotations

from tests.builders.identity import make_account
from tests.builders.ledger import acting_as
from union.infra.people import new_person
from union.infra.work import Work
from union.kernel.actor import Actor, Grant, Role
from union.ledger.models import CashCount
from union.ledger.queries import control_balance
from union.ledger.services import count_cash, witness_count


def make_officer(work: Work, *roles: Role) -> Actor:
    """A new person with an account, holding these roles everywhere."""
    person = new_person(work)
    account = make_account(work, person.id)
    return Actor(person.id, account.id, frozenset(Grant(role) for role in roles))


def count_box(work: Work, account: str, counted_minor: int, *, seen: bool = True) -> CashCount:
    """A box counted by the present treasurer, of so many paise, and seen by a signatory."""
    held = control_balance(work.session, account)
    made = count_cash(work, account, {100: counted_minor // 100}, held)
    if seen:
        with acting_as(work, make_officer(work, Role.SIGNATORY)):
            witness_count(work, made.ref, agrees=True)
    return made
