"""Audits, their samples and findings, as the pages of trustees and treasurer show them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select, text
from sqlalchemy.orm import Session

from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.office.audit.queries.asking import ask
from union.office.audit.rules.sampling import Paper
from union.office.audit.rules.steps import Span
from union.office.models import (
    Audit,
    AuditAnswer,
    AuditFinding,
    AuditReport,
    AuditSample,
    AuditSampleItem,
)

FINDING_PLACE = "audit_finding.body"
ANSWER_PLACE = "audit_answer.body"

_POPULATIONS = {
    "vouchers": """
SELECT DISTINCT v.id, v.ref, v.amount_minor
  FROM journal_entry e JOIN voucher v ON v.id = e.voucher_id
 WHERE e.posted_on BETWEEN :from_on AND :to_on ORDER BY v.id""",
    "receipts": """
SELECT r.id, r.ref, p.amount_minor FROM receipt r JOIN dues_payment p ON p.id = r.payment_id
 WHERE p.happened_on BETWEEN :from_on AND :to_on ORDER BY r.id""",
}

_PAPERS = {
    "vouchers": """
SELECT v.id, v.ref AS voucher, max(e.posted_on) AS day, v.fund_code,
       v.spend_account_code AS account, NULL::bigint AS number
  FROM voucher v JOIN journal_entry e ON e.voucher_id = v.id WHERE v.id = ANY(:ids)
 GROUP BY v.id""",
    "receipts": """
SELECT r.id, NULL AS voucher, p.happened_on AS day, NULL AS fund_code,
       coalesce(c.account_code, '') AS account, r.number
  FROM receipt r JOIN dues_payment p ON p.id = r.payment_id
  LEFT JOIN collector c ON c.id = r.collector_id WHERE r.id = ANY(:ids)""",
}


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An audit in the list."""

    audit: Audit
    findings: int
    signed: bool


@dataclass(frozen=True, slots=True)
class SampleLine:
    """A sample and how much of it was looked at."""

    sample: AuditSample
    size: int
    looked_at: int
    not_right: int


@dataclass(frozen=True, slots=True)
class PaperLine:
    """One drawn paper with what must stand on it; nobody's name."""

    item: AuditSampleItem
    about: object


@dataclass(frozen=True, slots=True)
class AnswerView:
    """What was said to a finding."""

    row: AuditAnswer
    words: str


@dataclass(frozen=True, slots=True)
class FindingView:
    """A finding with its words and everything said to it since."""

    row: AuditFinding
    audit: Audit
    words: str
    answers: Sequence[AnswerView]

    @property
    def state(self) -> str:
        """What was said last: open, reply, follow_up, settled or reopened."""
        return self.answers[-1].row.kind if self.answers else "open"


def audits(session: Session) -> Sequence[AuditLine]:
    """Every audit, newest first."""
    counts = (
        select(AuditFinding.audit_id, func.count().label("findings"))
        .group_by(AuditFinding.audit_id)
        .subquery()
    )
    signed = exists().where(AuditReport.audit_id == Audit.id)
    rows = session.execute(
        select(Audit, func.coalesce(counts.c.findings, 0), signed)
        .outerjoin(counts, counts.c.audit_id == Audit.id)
        .order_by(Audit.id.desc())
    )
    return [AuditLine(*row) for row in rows]


def audit_by_ref(session: Session, ref: str) -> Audit:
    """One audit; NotFoundError."""
    found = session.scalars(select(Audit).where(Audit.ref == ref)).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def span_of(audit: Audit) -> Span:
    """The days it looks at."""
    return Span(audit.from_on, audit.to_on)


def population(work: Work, what: str, span: Span) -> list[Paper]:
    """Everything that may be drawn."""
    rows = ask(work, _POPULATIONS[what], span)
    return [Paper(row.id, row.ref, row.amount_minor) for row in rows]


def samples(session: Session, audit: Audit) -> Sequence[SampleLine]:
    """The samples of an audit, oldest first."""
    item = AuditSampleItem
    rows = session.execute(
        select(
            AuditSample,
            func.count(item.position),
            func.count(item.verdict),
            func.count(item.verdict).filter(item.verdict != "right"),
        )
        .join(item, item.sample_id == AuditSample.id)
        .where(AuditSample.audit_id == audit.id)
        .group_by(AuditSample.id)
        .order_by(AuditSample.id)
    )
    return [SampleLine(*row) for row in rows]


def sample_by_ref(session: Session, ref: str) -> AuditSample:
    """One sample; NotFoundError."""
    found = session.scalars(select(AuditSample).where(AuditSample.ref == ref)).one_or_none()
    if found is None:
        raise NotFoundError
    return found


def papers_of(session: Session, sample: AuditSample) -> Sequence[PaperLine]:
    """The drawn papers in the order of their strata."""
    items = session.scalars(
        select(AuditSampleItem)
        .where(AuditSampleItem.sample_id == sample.id)
        .order_by(AuditSampleItem.position)
    ).all()
    rows = session.execute(text(_PAPERS[sample.what]), {"ids": [one.object_id for one in items]})
    about = {row.id: row for row in rows}
    return [PaperLine(one, about[one.object_id]) for one in items]


def findings_at(session: Session, *states: str) -> int:
    """How many findings stand at one of these, by what was said last; "open" is no word yet."""
    last = (
        select(AuditAnswer.kind)
        .where(AuditAnswer.finding_id == AuditFinding.id)
        .order_by(AuditAnswer.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = select(func.count(AuditFinding.id)).where(func.coalesce(last, "open").in_(states))
    return session.scalar(query) or 0


def findings(work: Work, audit: Audit | None = None) -> list[FindingView]:
    """Findings of one audit in order, or of all, newest first."""
    query = select(AuditFinding, Audit).join(Audit, Audit.id == AuditFinding.audit_id)
    if audit is None:
        query = query.order_by(AuditFinding.id.desc())
    else:
        query = query.where(AuditFinding.audit_id == audit.id).order_by(AuditFinding.number)
    return _views(work, [(row[0], row[1]) for row in work.session.execute(query)])


def finding_by_ref(work: Work, ref: str) -> FindingView:
    """One finding; NotFoundError."""
    row = work.session.execute(
        select(AuditFinding, Audit)
        .join(Audit, Audit.id == AuditFinding.audit_id)
        .where(AuditFinding.ref == ref)
    ).one_or_none()
    if row is None:
        raise NotFoundError
    return _views(work, [(row[0], row[1])])[0]


def _views(work: Work, rows: list[tuple[AuditFinding, Audit]]) -> list[FindingView]:
    said: dict[int, list[AuditAnswer]] = {}
    answers = work.session.scalars(
        select(AuditAnswer)
        .where(AuditAnswer.finding_id.in_([finding.id for finding, _ in rows]))
        .order_by(AuditAnswer.id)
    )
    for answer in answers:
        said.setdefault(answer.finding_id, []).append(answer)
    work.vault.preload([audit.key_ref for _, audit in rows])
    open_words = work.vault.decrypt
    return [
        FindingView(
            finding,
            audit,
            open_words(audit.key_ref, FINDING_PLACE, finding.ref, finding.body),
            [
                AnswerView(one, open_words(audit.key_ref, ANSWER_PLACE, one.ref, one.body))
                for one in said.get(finding.id, [])
            ],
        )
        for finding, audit in rows
    ]
