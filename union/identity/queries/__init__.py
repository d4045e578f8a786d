"""Reads of accounts: who is behind a sign-in, and who holds which office."""

from __future__ import annotations

from union.identity.queries.accounts import actor_of_account
from union.identity.queries.roles import (
    Office,
    Proposal,
    account_by_name,
    account_of_person,
    givers_besides,
    offices_now,
    offices_of,
    people_with_role,
    proposals_open,
    still_begins,
)
from union.identity.queries.sessions import actor_of_token, present_by_token

__all__ = [
    "Office",
    "Proposal",
    "account_by_name",
    "account_of_person",
    "actor_of_account",
    "actor_of_token",
    "givers_besides",
    "offices_now",
    "offices_of",
    "people_with_role",
    "present_by_token",
    "proposals_open",
    "still_begins",
]
