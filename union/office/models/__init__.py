"""The tables of use cases that span domains: the trustees' workspace."""

from __future__ import annotations

from union.office.models.audit import (
    Audit,
    AuditAnswer,
    AuditFinding,
    AuditReport,
    AuditSample,
    AuditSampleItem,
    AuditSignature,
)

__all__ = [
    "Audit",
    "AuditAnswer",
    "AuditFinding",
    "AuditReport",
    "AuditSample",
    "AuditSampleItem",
    "AuditSignature",
]
