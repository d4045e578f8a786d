"""Reads of welfare: schemes in force, what a claim rests on, and claims as pages show them."""

from __future__ import annotations

from union.welfare.queries.claims import (
    ClaimLine,
    ClaimView,
    DecisionView,
    HearingView,
    claim_by_ref,
    claim_view,
    claims_decided,
    claims_of,
    claims_waiting,
    judges_of,
    payment_reversed,
)
from union.welfare.queries.schemes import (
    circumstances,
    scheme_by_code,
    terms_of,
    version_on,
    versions_of,
)

__all__ = [
    "ClaimLine",
    "ClaimView",
    "DecisionView",
    "HearingView",
    "circumstances",
    "claim_by_ref",
    "claim_view",
    "claims_decided",
    "claims_of",
    "claims_waiting",
    "judges_of",
    "payment_reversed",
    "scheme_by_code",
    "terms_of",
    "version_on",
    "versions_of",
]
