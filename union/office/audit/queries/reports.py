"""Signed reports: the text, who signed, and what the newest one said stood at its end."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from union.infra.signing import Signature, fingerprint, is_signed
from union.infra.work import Work
from union.office.audit.queries.books import Standing
from union.office.audit.rules.report import content_hash, signed_text
from union.office.audit.rules.steps import Span
from union.office.models import Audit, AuditReport, AuditSignature

REPORT_PLACE = "audit_report.body"


@dataclass(frozen=True, slots=True)
class SignatureView:
    """One signature: when, by which key, and whether it holds."""

    row: AuditSignature
    key_print: str
    holds: bool


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report as it was signed."""

    audit: Audit
    report: AuditReport
    content: dict[str, Any]
    signatures: Sequence[SignatureView]


def report_of(work: Work, audit: Audit) -> ReportView | None:
    """The signed report of an audit, if there is one."""
    report = work.session.get(AuditReport, audit.id)
    if report is None:
        return None
    text = work.vault.decrypt(audit.key_ref, REPORT_PLACE, audit.ref, report.body)
    signatures = work.session.scalars(
        select(AuditSignature)
        .where(AuditSignature.audit_id == audit.id)
        .order_by(AuditSignature.signed_at, AuditSignature.person_id)
    )
    signed = signed_text(audit.ref, content_hash(text))
    return ReportView(
        audit,
        report,
        json.loads(text),
        [
            SignatureView(
                row,
                fingerprint(row.public_key),
                is_signed(signed, Signature(row.public_key, row.signature)),
            )
            for row in signatures
        ],
    )


def last_reported(work: Work, span: Span) -> tuple[Span, Standing] | None:
    """What the newest signed report before these days said stood at its end."""
    audit = work.session.scalars(
        select(Audit)
        .join(AuditReport, AuditReport.audit_id == Audit.id)
        .where(Audit.to_on < span.from_on)
        .order_by(Audit.to_on.desc(), Audit.id.desc())
        .limit(1)
    ).one_or_none()
    view = report_of(work, audit) if audit is not None else None
    if view is None:
        return None
    stood = {(account, fund): amount for account, fund, amount in view.content["standing"]}
    return Span(view.audit.from_on, view.audit.to_on), stood
