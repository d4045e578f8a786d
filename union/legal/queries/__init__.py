"""Reads of legal: lists that name nobody, who has a case or could."""

from __future__ import annotations

from union.legal.queries.cases import (
    CaseLine,
    case_by_ref,
    cases_of,
    complaints_of,
    consent_stands,
    helpers_for,
    lines_of,
    unassigned_cases,
)
from union.legal.queries.holders import (
    complaints_by_receiver,
    holders_of,
    person_of_card,
    receivers_of,
    shut_out_of,
    without,
)
from union.legal.queries.rooms import (
    cases_to_let_into,
    is_keeper,
    office_of_waits,
    waits_of_office,
)
from union.legal.queries.shares import (
    Lawyer,
    SharedLine,
    ShareLine,
    consent_to_share,
    last_day,
    lawyers,
    live_share,
    shared_with,
    shares_of,
)

__all__ = [
    "CaseLine",
    "Lawyer",
    "ShareLine",
    "SharedLine",
    "case_by_ref",
    "cases_of",
    "cases_to_let_into",
    "complaints_by_receiver",
    "complaints_of",
    "consent_stands",
    "consent_to_share",
    "helpers_for",
    "holders_of",
    "is_keeper",
    "last_day",
    "lawyers",
    "lines_of",
    "live_share",
    "office_of_waits",
    "person_of_card",
    "receivers_of",
    "shared_with",
    "shares_of",
    "shut_out_of",
    "unassigned_cases",
    "waits_of_office",
    "without",
]
