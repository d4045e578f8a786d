"""Reads of schemes, and of everything the rule is told about one claim."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from union.dues.queries.arrears import months_in_arrears
from union.members.models import Member
from union.members.queries import all_entries_of, with_us_on
from union.welfare.models import Claim, ClaimDecision, Scheme, SchemeVersion
from union.welfare.rules import Circumstances, Evidence, Outcome, PaidSpan, Terms

if TYPE_CHECKING:
    from union.infra.work import Work


def scheme_by_code(session: Session, code: str) -> Scheme | None:
    """The scheme of this code."""
    return session.scalar(select(Scheme).where(Scheme.code == code))


def version_on(session: Session, code: str, on: date) -> SchemeVersion | None:
    """What a scheme said on a civil day; None before its first version."""
    return session.scalar(
        select(SchemeVersion)
        .join(Scheme, Scheme.id == SchemeVersion.scheme_id)
        .where(Scheme.code == code, SchemeVersion.from_on <= on)
        .order_by(SchemeVersion.from_on.desc())
        .limit(1)
    )


def versions_of(session: Session, code: str) -> Sequence[SchemeVersion]:
    """Every version of a scheme, the newest first."""
    return session.scalars(
        select(SchemeVersion)
        .join(Scheme, Scheme.id == SchemeVersion.scheme_id)
        .where(Scheme.code == code)
        .order_by(SchemeVersion.from_on.desc())
    ).all()


def terms_of(version: SchemeVersion) -> Terms:
    """A version as the rule reads it."""
    return Terms(
        daily_amount_minor=version.daily_amount_minor,
        unpaid_days=version.unpaid_days,
        waiting_months=version.waiting_months,
        arrears_ceiling_months=version.arrears_ceiling_months,
        cap_days=version.cap_days,
        evidence=frozenset(Evidence(each) for each in version.evidence),
    )


def circumstances(work: Work, claim: Claim) -> Circumstances:
    """All the rule may know of a claim, as on its first day; merged entries are one woman."""
    ids = all_entries_of(work.session, claim.person_id)
    return Circumstances(
        from_on=claim.from_on,
        until_on=claim.until_on,
        is_member=with_us_on(work.session, claim.person_id, claim.from_on),
        member_since=work.session.scalar(
            select(func.min(Member.joined_on)).where(Member.person_id.in_(ids))
        ),
        months_in_arrears=months_in_arrears(work, claim.person_id, claim.from_on),
        evidence=Evidence(claim.evidence),
        paid_before=paid_spans(work.session, ids, claim),
    )


def paid_spans(session: Session, her_ids: Sequence[int], claim: Claim) -> tuple[PaidSpan, ...]:
    """The days her other claims under the same scheme were granted, oldest first."""
    rows = session.execute(
        select(ClaimDecision.paid_from_on, ClaimDecision.days)
        .join(Claim, Claim.id == ClaimDecision.claim_id)
        .where(
            Claim.person_id.in_(her_ids),
            Claim.scheme_id == claim.scheme_id,
            Claim.id != claim.id,
            ClaimDecision.outcome == Outcome.GRANT.value,
        )
        .order_by(ClaimDecision.paid_from_on, ClaimDecision.id)
    )
    return tuple(PaidSpan(from_on, days) for from_on, days in rows)
