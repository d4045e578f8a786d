"""Reads of legal: lists that name nobody, who could take a case, who opened a record."""

from __future__ import annotations

from union.legal.queries.cases import (
    CaseLine,
    case_by_ref,
    cases_of,
    consent_stands,
    helpers_for,
    unassigned_cases,
)
from union.legal.queries.openings import Opening, openings_of

__all__ = [
    "CaseLine",
    "Opening",
    "case_by_ref",
    "cases_of",
    "consent_stands",
    "helpers_for",
    "openings_of",
    "unassigned_cases",
]
