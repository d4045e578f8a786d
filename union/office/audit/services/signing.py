"""The report: frozen by the first signature, signed by each trustee under her own password.

Invariant: what is signed is what was asked at that moment, under the newest seal; a paper that was
drawn must have been looked at before.
"""

from __future__ import annotations

from typing import Any

from union.identity.services import check_own_password
from union.infra import audit as log
from union.infra.person_signing import sign_as_person
from union.infra.work import Work
from union.ledger.queries.seals import chain_head
from union.office.audit.errors import NotLookedAtError, SignedAlreadyError
from union.office.audit.queries.books import standing
from union.office.audit.queries.guide import ask_all
from union.office.audit.queries.reports import REPORT_PLACE
from union.office.audit.queries.workspace import audit_by_ref, findings, samples, span_of
from union.office.audit.rules.report import as_text, content_hash, signed_text
from union.office.audit.services.looking import hold, trustee
from union.office.models import Audit, AuditReport, AuditSignature


def sign_report(work: Work, audit_ref: str, password: str) -> AuditSignature:
    """Sign the report of an audit; the first signature writes and freezes it.

    NotLookedAtError while drawn papers wait, SignedAlreadyError the second time; the password
    must be her own (PassphraseWrongError).
    """
    person_id = trustee(work)
    check_own_password(work, password)
    audit = audit_by_ref(work.session, audit_ref)
    hold(work, audit.id)
    report = work.session.get(AuditReport, audit.id) or _write(work, audit)
    if work.session.get(AuditSignature, (audit.id, person_id)) is not None:
        raise SignedAlreadyError
    signed = sign_as_person(work, person_id, password, signed_text(audit.ref, report.content_hash))
    made = AuditSignature(
        audit_id=audit.id,
        person_id=person_id,
        content_hash=report.content_hash,
        public_key=signed.public_key,
        signature=signed.value,
        signed_at=work.clock.now(),
    )
    work.session.add(made)
    work.session.flush()
    log.log(work, "audit_signed", object_type="audit", object_id=audit.id)
    return made


def _write(work: Work, audit: Audit) -> AuditReport:
    if any(one.looked_at < one.size for one in samples(work.session, audit)):
        raise NotLookedAtError
    text = as_text(_content(work, audit))
    head = chain_head(work.session)
    report = AuditReport(
        audit_id=audit.id,
        body=work.vault.encrypt(audit.key_ref, REPORT_PLACE, audit.ref, text),
        content_hash=content_hash(text),
        seal_id=head.id if head else None,
        written_at=work.clock.now(),
    )
    work.session.add(report)
    work.session.flush()
    return report


def _content(work: Work, audit: Audit) -> dict[str, Any]:
    span = span_of(audit)
    head = chain_head(work.session)
    stood = standing(work, span)
    return {
        "ref": audit.ref,
        "kind": audit.kind,
        "from_on": audit.from_on.isoformat(),
        "to_on": audit.to_on.isoformat(),
        "written_at": work.clock.now().isoformat(timespec="seconds"),
        "chain": {"seal": head.id, "hash": head.content_hash.hex()} if head else None,
        "steps": [
            {"code": one.code, "verdict": one.verdict.value, "figures": dict(one.figures)}
            for one in ask_all(work, span)
        ],
        "samples": [
            {
                "what": one.sample.what,
                "seed": one.sample.seed,
                "size": one.size,
                "population": one.sample.population,
                "population_hash": one.sample.population_hash.hex(),
                "not_right": one.not_right,
            }
            for one in samples(work.session, audit)
        ],
        "findings": [
            {
                "number": one.row.number,
                "step": one.row.step,
                "severity": one.row.severity,
                "amount_minor": one.row.amount_minor,
                "words": one.words,
                "answers": [[said.row.kind, said.words] for said in one.answers],
            }
            for one in findings(work, audit)
        ],
        "standing": [[*place, amount] for place, amount in sorted(stood.items())],
    }
