"""Accounts, their secrets, their roles and their sign-ins; secrets are kept only as hashes."""

from __future__ import annotations

from union.identity.models.accounts import Account, CircleWish
from union.identity.models.codes import EnrolmentSlip, RecoveryCode, Totp
from union.identity.models.passkeys import Passkey, PasskeyHandle, PasskeyQuestion
from union.identity.models.roles import OfficesBegun, RoleAnswer, RoleGrant, RoleProposal
from union.identity.models.sessions import SignInSession, TrySpent

__all__ = [
    "Account",
    "CircleWish",
    "EnrolmentSlip",
    "OfficesBegun",
    "Passkey",
    "PasskeyHandle",
    "PasskeyQuestion",
    "RecoveryCode",
    "RoleAnswer",
    "RoleGrant",
    "RoleProposal",
    "SignInSession",
    "Totp",
    "TrySpent",
]
