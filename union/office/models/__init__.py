"""The tables of use cases that span domains: the trustees' workspace, readings, erasing."""

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
from union.office.models.erasing import ErasureCertificate
from union.office.models.readings import (
    ReadingAnswer,
    ReadingHeadReceipt,
    ReadingKeeper,
    ReadingQuestion,
)

__all__ = [
    "Audit",
    "AuditAnswer",
    "AuditFinding",
    "AuditReport",
    "AuditSample",
    "AuditSampleItem",
    "AuditSignature",
    "ErasureCertificate",
    "ReadingAnswer",
    "ReadingHeadReceipt",
    "ReadingKeeper",
    "ReadingQuestion",
]
