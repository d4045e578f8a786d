"""Pages of signing in and out, and of leaving in a hurry."""

from __future__ import annotations

from union.identity.views import (
    cards,
    enrolment,
    hers,
    own_secrets,
    passkeys,
    prove,
    sessions,
    signing,
)
from union.identity.views.blueprint import blueprint
from union.identity.views.signed_in import SignedIn

__all__ = [
    "SignedIn",
    "blueprint",
    "cards",
    "enrolment",
    "hers",
    "own_secrets",
    "passkeys",
    "prove",
    "sessions",
    "signing",
]
