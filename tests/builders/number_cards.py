"""Number cards for tests: printed by one officer, opened by the word of another."""

from __future__ import annotations

from dataclasses import dataclass
from unittest.mock import patch

from tests.builders.ledger import acting_as
from union.identity.queries.cards import account_of_person
from union.identity.rules.cards import new_card_digits
from union.identity.services.cards import NewSecrets, open_new_card, print_card, say_start
from union.infra.people import new_person
from union.infra.work import Work
from union.kernel.actor import Actor, Grant, Role

PIN, OTHER, WORD = "482915", "739164", "red lamp on the sill"
PINS = (PIN, OTHER, "904172", "604813", "284610", "902817")
"""All that tests choose: none may stand on a card that is printed for one."""


@dataclass(frozen=True)
class Opened:
    """A card in use: whose account, and the digits on it."""

    account_id: int
    digits: str


def officer(work: Work, role: Role = Role.MEMBERSHIP_SECRETARY) -> Actor:
    """Somebody new in an office."""
    return Actor(new_person(work).id, None, frozenset({Grant(role)}))


def print_fit(work: Work, person_id: int) -> str:
    """A card's digits, by whoever acts, on which none of these tests' PINs happens to stand."""
    with patch("union.identity.services.cards.new_card_digits", _fit_digits):
        return print_card(work, person_id)


def _fit_digits() -> str:
    digits = new_card_digits()
    return _fit_digits() if any(pin in digits for pin in PINS) else digits


def printed_card(work: Work, person_id: int) -> tuple[str, str]:
    """A card that waits, with its word: digits and word."""
    with acting_as(work, officer(work)):
        digits = print_fit(work, person_id)
    with acting_as(work, officer(work, Role.COUNSELLOR)):
        return digits, say_start(work, person_id)


def opened_card(work: Work, person_id: int, pin: str = PIN, word: str = WORD) -> Opened:
    """A card in her use, opened just now with these secrets."""
    digits, start = printed_card(work, person_id)
    open_new_card(work, NewSecrets(digits, start, pin, word))
    return Opened(account_of_person(work.session, person_id).id, digits)
