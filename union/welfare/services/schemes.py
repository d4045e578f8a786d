"""Schemes begin and change by dated versions. Invariant: what a claim was judged by stays."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.infra import audit
from union.kernel.errors import NotAllowedError
from union.ledger.errors import AmountNotPositiveError
from union.welfare.errors import VersionInPastError, VersionStandsError
from union.welfare.models import Scheme, SchemeVersion
from union.welfare.policy import may_judge
from union.welfare.queries import scheme_by_code, terms_of, versions_of

if TYPE_CHECKING:
    from union.infra.work import Work
    from union.welfare.rules import Terms


def begin_scheme(work: Work, code: str, from_on: date, terms: Terms) -> SchemeVersion:
    """Let a scheme hold with these terms from a civil day on; it is made if it is new.

    The same day again is answered with the version that stands: a version is never changed.
    """
    scheme = scheme_by_code(work.session, code)
    if scheme is None:
        scheme = Scheme(code=code, made_at=work.clock.now())
        work.session.add(scheme)
        work.session.flush()
    standing = work.session.scalar(
        select(SchemeVersion).where(
            SchemeVersion.scheme_id == scheme.id, SchemeVersion.from_on == from_on
        )
    )
    if standing is not None:
        return standing
    version = SchemeVersion(
        scheme_id=scheme.id,
        from_on=from_on,
        daily_amount_minor=terms.daily_amount_minor,
        unpaid_days=terms.unpaid_days,
        waiting_months=terms.waiting_months,
        arrears_ceiling_months=terms.arrears_ceiling_months,
        cap_days=terms.cap_days,
        evidence=sorted(each.value for each in terms.evidence),
        made_by_person_id=work.actor.person_id,
        made_at=work.clock.now(),
    )
    work.session.add(version)
    work.session.flush()
    audit.log(work, "scheme_version_made", object_type="scheme_version", object_id=version.id)
    return version


def change_scheme(work: Work, code: str, from_on: date, terms: Terms) -> SchemeVersion:
    """Let the committee begin a scheme or change its terms from a day on.

    NotAllowedError; VersionInPastError for a day gone by, but for a scheme's very beginning;
    VersionStandsError where other terms were made for that day; AmountNotPositiveError.
    """
    if not may_judge(work.actor):
        raise NotAllowedError
    if terms.daily_amount_minor <= 0:
        raise AmountNotPositiveError
    if from_on < work.clock.today() and versions_of(work.session, code):
        raise VersionInPastError
    version = begin_scheme(work, code, from_on, terms)
    if terms_of(version) != terms:
        raise VersionStandsError(version_id=version.id)
    return version
