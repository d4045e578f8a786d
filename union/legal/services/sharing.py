"""Sharing a case with a lawyer from outside.

Invariant: a share rests on her consent, names its parts and its last day, and is only ever
ended; the database ends it in the commit that takes the consent back or ends the lawyer's office.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.infra import audit
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_ref
from union.legal.errors import (
    LawyerUnknownError,
    ShareDayError,
    ShareStandsError,
    ShareUnwantedError,
)
from union.legal.models import CaseShare, LegalCase
from union.legal.queries import consent_to_share, lawyers
from union.legal.rules import SHARED_AT_MOST, Part, ShareEnd
from union.legal.services.rooms import settle
from union.legal.services.story import CASE, own_case, say

if TYPE_CHECKING:
    from collections.abc import Collection

    from union.infra.sealing import OwnKey
    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class NewShare:
    """With which lawyer (by the reference of her office), which parts, to which day's end."""

    office: str
    parts: frozenset[Part]
    until_on: date


def share_case(work: Work, case_ref: str, new: NewShare, own: OwnKey | None = None) -> CaseShare:
    """Share a case of one's own; refuses with ``ShareUnwantedError`` while she has not consented.

    With one's opened key the lawyer is let into its words at once, else when it is opened next.
    LawyerUnknownError, ShareDayError, ShareStandsError while she has it already.
    """
    case = own_case(work, case_ref)
    consent = consent_to_share(work, case.id)
    if consent is None:
        raise ShareUnwantedError(case_id=case.id)
    lawyer = next((one for one in lawyers(work, case) if one.office == new.office), None)
    if lawyer is None:
        raise LawyerUnknownError
    until_at = _end_of(work, new.until_on)
    if not work.clock.now() < until_at <= work.clock.now() + SHARED_AT_MOST:
        raise ShareDayError
    before = _live(work, case.id, lawyer.person_id)
    if before is not None and before.until_at > work.clock.now():
        raise ShareStandsError(case_id=case.id)
    if before is not None:
        _end(work, before, ShareEnd.OVER)
    share = CaseShare(
        ref=new_ref(),
        case_id=case.id,
        person_id=lawyer.person_id,
        consent_id=consent.id,
        parts=sorted(part.value for part in new.parts),
        made_at=work.clock.now(),
        made_by_person_id=work.actor.person_id,
        until_at=until_at,
    )
    work.session.add(share)
    work.session.flush()
    _say(work, case, "shared")
    settle(work, case, own)
    return share


def end_share(work: Work, case_ref: str, share_ref: str) -> CaseShare:
    """Take a share back: from the lawyer's next page on it opens nothing. Twice is once.

    Also of a case that is closed: what was shown before goes on until its day.
    """
    case = own_case(work, case_ref, closed_too=True)
    share = work.session.scalar(
        select(CaseShare)
        .where(CaseShare.ref == share_ref, CaseShare.case_id == case.id)
        .execution_options(populate_existing=True)
    )
    if share is None:
        raise NotFoundError
    if share.ended_at is None:
        _end(work, share, ShareEnd.ENDED)
        _say(work, case, "share_ended")
        settle(work, case)
    return share


def end_shares(work: Work, case: LegalCase, of: Collection[int] | None = None) -> None:
    """End whatever of a case is shared, or with these people: nobody has it who could do so."""
    live = work.session.scalars(
        select(CaseShare)
        .where(CaseShare.case_id == case.id, CaseShare.ended_at.is_(None))
        .order_by(CaseShare.id)
        .execution_options(populate_existing=True)
    ).all()
    for share in live:
        if of is not None and share.person_id not in of:
            continue
        over = share.until_at <= work.clock.now()
        _end(work, share, ShareEnd.OVER if over else ShareEnd.ENDED)
        _say(work, case, "share_ended")


def _end_of(work: Work, day: date) -> datetime:
    after = day + timedelta(days=1)
    return datetime.combine(after, time(), work.clock.zone).astimezone(UTC)


def _live(work: Work, case_id: int, person_id: int) -> CaseShare | None:
    return work.session.scalar(
        select(CaseShare).where(
            CaseShare.case_id == case_id,
            CaseShare.person_id == person_id,
            CaseShare.ended_at.is_(None),
        )
    )


def _end(work: Work, share: CaseShare, how: ShareEnd) -> None:
    share.ended_at, share.ended_how = work.clock.now(), how.value
    share.ended_by_person_id = work.actor.person_id
    work.session.flush()


def _say(work: Work, case: LegalCase, code: str) -> None:
    say(work, case, code)
    audit.log(
        work,
        f"case_{code}",
        object_type=CASE,
        object_id=case.id,
        subject_person_id=case.subject_person_id,
    )
