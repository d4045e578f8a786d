"""Opening an audit, drawing papers, and saying what each one showed.

Invariant: a sample keeps its seed and the hash of what it was drawn from, so that it can be drawn
again; once the report is signed the database refuses every change.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, insert, select

from union.infra import audit as log
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_ref
from union.office.audit.errors import (
    DaysBackwardsError,
    HandlesMoneyError,
    NothingToDrawError,
    ReportSignedError,
)
from union.office.audit.policy import may_audit
from union.office.audit.queries.workspace import audit_by_ref, population, sample_by_ref, span_of
from union.office.audit.rules.sampling import draw, population_hash
from union.office.models import Audit, AuditReport, AuditSample, AuditSampleItem

SEED_BYTES = 8


@dataclass(frozen=True, slots=True)
class NewSample:
    """What to draw: "vouchers" or "receipts", how many, and a seed thrown by hand, if any."""

    what: str
    size: int
    seed: str = ""


def open_audit(work: Work, kind: str, from_on: date, to_on: date) -> Audit:
    """Begin to look at these days; HandlesMoneyError, DaysBackwardsError."""
    person_id = trustee(work)
    if not from_on <= to_on <= work.clock.today():
        raise DaysBackwardsError
    made = Audit(
        ref=new_ref(),
        kind=kind,
        from_on=from_on,
        to_on=to_on,
        key_ref=work.vault.new_key(),
        opened_at=work.clock.now(),
        opened_by=person_id,
    )
    work.session.add(made)
    work.session.flush()
    log.log(work, "audit_opened", object_type="audit", object_id=made.id)
    return made


def draw_sample(work: Work, audit_ref: str, wanted: NewSample) -> AuditSample:
    """Draw papers of the audit's days by chance, with a seed of ours unless one was thrown.

    NothingToDrawError if there are none; ReportSignedError.
    """
    person_id = trustee(work)
    audit = unsigned(work, audit_ref)
    papers = population(work, wanted.what, span_of(audit))
    if not papers:
        raise NothingToDrawError
    seed = " ".join(wanted.seed.split()) or secrets.token_hex(SEED_BYTES)
    sample = AuditSample(
        ref=new_ref(),
        audit_id=audit.id,
        what=wanted.what,
        seed=seed,
        population=len(papers),
        population_hash=population_hash(papers),
        drawn_at=work.clock.now(),
        drawn_by=person_id,
    )
    work.session.add(sample)
    work.session.flush()
    drawn = draw(papers, seed, wanted.size)
    work.session.execute(
        insert(AuditSampleItem),
        [
            {
                "sample_id": sample.id,
                "position": position,
                "stratum": one.stratum,
                "object_id": one.paper.id,
                "object_ref": one.paper.ref,
                "amount_minor": one.paper.amount_minor,
            }
            for position, one in enumerate(drawn, 1)
        ],
    )
    log.log(work, "audit_sample_drawn", object_type="audit_sample", object_id=sample.id)
    return sample


def look_at_paper(work: Work, sample_ref: str, position: int, verdict: str) -> AuditSampleItem:
    """Say what the paper showed: right, wrong or missing; she may think better of it."""
    person_id = trustee(work)
    sample = sample_by_ref(work.session, sample_ref)
    item = work.session.get(AuditSampleItem, (sample.id, position))
    if item is None:
        raise NotFoundError
    refuse_signed(work, sample.audit_id)
    item.verdict = verdict
    item.looked_at = work.clock.now()
    item.looked_by = person_id
    work.session.flush()
    return item


def trustee(work: Work) -> int:
    """The acting trustee's person; HandlesMoneyError if she signs for money, too."""
    if not may_audit(work.actor) or work.actor.person_id is None:
        raise HandlesMoneyError
    return work.actor.person_id


def unsigned(work: Work, ref: str) -> Audit:
    """The audit, held until the end of this work, if nobody signed its report yet."""
    audit = audit_by_ref(work.session, ref)
    refuse_signed(work, audit.id)
    return audit


def refuse_signed(work: Work, audit_id: int) -> None:
    """Hold the audit until this work ends; ReportSignedError once its report is signed."""
    hold(work, audit_id)
    if work.session.get(AuditReport, audit_id) is not None:
        raise ReportSignedError(audit_id=audit_id)


AUDIT_LOCK = 3015


def hold(work: Work, audit_id: int) -> None:
    """Whoever writes in an audit, or signs it, waits for whoever does so already."""
    work.session.execute(select(func.pg_advisory_xact_lock(AUDIT_LOCK, audit_id % 2**31)))
