"""Findings and what is said to them: written once, answered as often as needed, never erased.

Invariant: a finding belongs to an audit whose report is not signed yet; answers may follow later.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from union.infra import audit as log
from union.infra.work import Work
from union.kernel.errors import NotAllowedError
from union.kernel.ids import new_ref
from union.office.audit.policy import may_audit, may_reply
from union.office.audit.queries.workspace import ANSWER_PLACE, FINDING_PLACE, finding_by_ref
from union.office.audit.services.looking import trustee, unsigned
from union.office.models import AuditAnswer, AuditFinding

REPLY = "reply"


@dataclass(frozen=True, slots=True)
class NewFinding:
    """What was found, how grave it is, at which step, and how much money is in it (paise)."""

    words: str
    severity: str
    step: str | None = None
    amount_minor: int | None = None


def write_finding(work: Work, audit_ref: str, found: NewFinding) -> AuditFinding:
    """Write down what was found; ReportSignedError once the report is signed."""
    person_id = trustee(work)
    audit = unsigned(work, audit_ref)
    before = work.session.scalar(
        select(func.max(AuditFinding.number)).where(AuditFinding.audit_id == audit.id)
    )
    ref = new_ref()
    made = AuditFinding(
        ref=ref,
        audit_id=audit.id,
        number=(before or 0) + 1,
        step=found.step,
        severity=found.severity,
        amount_minor=found.amount_minor,
        body=work.vault.encrypt(audit.key_ref, FINDING_PLACE, ref, found.words),
        made_at=work.clock.now(),
        made_by=person_id,
    )
    work.session.add(made)
    work.session.flush()
    log.log(work, "audit_finding", object_type="audit_finding", object_id=made.id)
    return made


def answer_finding(work: Work, finding_ref: str, kind: str, words: str) -> AuditAnswer:
    """Say something to a finding: the treasurer replies, a trustee follows up or settles it.

    NotAllowedError if it is not hers to say.
    """
    may = may_reply(work.actor) if kind == REPLY else may_audit(work.actor)
    if not may or work.actor.person_id is None:
        raise NotAllowedError
    view = finding_by_ref(work, finding_ref)
    ref = new_ref()
    made = AuditAnswer(
        ref=ref,
        finding_id=view.row.id,
        kind=kind,
        body=work.vault.encrypt(view.audit.key_ref, ANSWER_PLACE, ref, words),
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(made)
    work.session.flush()
    log.log(work, f"audit_{kind}", object_type="audit_finding", object_id=view.row.id)
    return made
