"""Accounts made, roles given, people signed in and out.

Invariant: a secret is never kept, only its argon2id hash; a sign-in's token is never kept,
only its keyed hash; an unknown name costs the same work as a wrong password.
"""

from __future__ import annotations

from union.identity.errors import SignInNameTakenError, SignInRefusedError
from union.identity.services.accounts import check_own_password, create_account
from union.identity.services.roles import answer_role, end_role, give_role, propose_role
from union.identity.services.sessions import sign_out
from union.identity.services.signing import sign_in

__all__ = [
    "SignInNameTakenError",
    "SignInRefusedError",
    "answer_role",
    "check_own_password",
    "create_account",
    "end_role",
    "give_role",
    "propose_role",
    "sign_in",
    "sign_out",
]
