"""With whom a case is shared, and what is shared with whoever asks; opens no word of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.identity.queries import offices_now
from union.kernel.actor import Role
from union.legal.models import CaseConsent, CaseShare, LegalCase
from union.legal.queries.holders import not_kept_from, shut_out_of, without
from union.legal.rules import Part, Purpose, ShareEnd, Step
from union.members.queries import member_views

if TYPE_CHECKING:
    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class Lawyer:
    """Somebody a case may be shared with, by the reference of her office."""

    office: str
    person_id: int
    who: str


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A share as whoever has the case sees it; ``ended`` is None while it opens something."""

    ref: str
    who: str
    parts: tuple[Part, ...]
    until_on: date
    ended: ShareEnd | None


@dataclass(frozen=True, slots=True)
class SharedLine:
    """A case in a lawyer's list: never whose."""

    ref: str
    step: Step
    next_on: date | None
    until_on: date


def lawyers(work: Work, case: LegalCase) -> list[Lawyer]:
    """Every lawyer but who asks, not kept out of it, and whose own it is not."""
    held = [one for one in offices_now(work) if one.grant.role is Role.LAWYER]
    away = [*shut_out_of(work, case.id), case.subject_person_id, work.actor.person_id]
    able = set(without(work, [one.person_id for one in held], away))
    names = member_views(work, able)
    return [
        Lawyer(
            office=one.ref,
            person_id=one.person_id,
            who=names[one.person_id].label if one.person_id in names else one.sign_in_name,
        )
        for one in held
        if one.person_id in able
    ]


def shares_of(work: Work, case: LegalCase) -> tuple[ShareLine, ...]:
    """Every share of a case, the latest first."""
    rows = work.session.scalars(
        select(CaseShare).where(CaseShare.case_id == case.id).order_by(CaseShare.id.desc())
    ).all()
    names = {one.person_id: one.who for one in lawyers(work, case)}
    return tuple(
        ShareLine(
            ref=row.ref,
            who=names.get(row.person_id, ""),
            parts=tuple(Part(part) for part in row.parts),
            until_on=last_day(work, row.until_at),
            ended=_how_it_ended(work, row),
        )
        for row in rows
    )


def shared_with(work: Work, person_id: int) -> list[SharedLine]:
    """The cases shared with somebody now, what is to be done soonest first."""
    rows = work.session.execute(
        select(CaseShare, LegalCase.next_step, LegalCase.next_on)
        .join(LegalCase, LegalCase.id == CaseShare.case_id)
        .where(
            CaseShare.person_id == person_id,
            CaseShare.ended_at.is_(None),
            CaseShare.until_at > work.clock.now(),
            not_kept_from(person_id),
        )
        .order_by(LegalCase.next_on, CaseShare.id)
    )
    return [
        SharedLine(share.ref, Step(step or Step.OTHER), next_on, last_day(work, share.until_at))
        for share, step, next_on in rows
    ]


def last_day(work: Work, until_at: datetime) -> date:
    """The last whole day of what ends at this instant, on the union's clocks."""
    return (until_at - timedelta(seconds=1)).astimezone(work.clock.zone).date()


def live_share(work: Work, ref: str) -> CaseShare | None:
    """What is shared with whoever acts under this reference, now; None for anybody else's."""
    return work.session.scalar(
        select(CaseShare)
        .join(LegalCase, LegalCase.id == CaseShare.case_id)
        .join(CaseConsent, CaseConsent.id == CaseShare.consent_id)
        .where(
            CaseShare.ref == ref,
            CaseShare.person_id == work.actor.person_id,
            CaseShare.ended_at.is_(None),
            CaseShare.until_at > work.clock.now(),
            CaseConsent.withdrawn_at.is_(None),
            not_kept_from(work.actor.person_id),
        )
    )


def consent_to_share(work: Work, case_id: int) -> CaseConsent | None:
    """Her standing word that a lawyer may be told."""
    return work.session.scalar(
        select(CaseConsent).where(
            CaseConsent.case_id == case_id,
            CaseConsent.purpose == Purpose.SHARE_LAWYER.value,
            CaseConsent.withdrawn_at.is_(None),
        )
    )


def _how_it_ended(work: Work, share: CaseShare) -> ShareEnd | None:
    if share.ended_how is not None:
        return ShareEnd(share.ended_how)
    return None if share.until_at > work.clock.now() else ShareEnd.OVER
