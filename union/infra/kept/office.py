"""What the office keeps; one line for each column, and nothing else."""

from __future__ import annotations

from union.infra.kept.line import Kept, Whose, closed, codes, hashed, public

OFFICE: tuple[Kept, ...] = (
    *closed(Whose.UNION, "audit_id.key_ref", "audit_finding.body", "audit_report.body"),
    *closed(Whose.UNION, "finding_id.audit_id.key_ref", "audit_answer.body"),
    *closed(Whose.HER, "key_ref", "reading_question.words"),
    *closed(Whose.HER, "question_id.key_ref", "reading_answer.words"),
    *hashed("audit_report", "content_hash"),
    *hashed("audit_sample", "population_hash"),
    *public("audit_signature", "content_hash public_key signature"),
    *public("reading_head_receipt", "public_key signature"),
    *public("erasure_certificate", "public_key signature"),
    *hashed("erasure_certificate", "said_hash previous_hash"),
    *codes("erasure_certificate", "said"),
    *codes("audit_finding", "step"),
    *codes("audit_sample", "seed"),
    *codes("audit_sample_item", "object_ref"),
)
