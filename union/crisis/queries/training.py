"""Certificates as people speak of them: who holds what until when, and what became of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import aliased

from union.crisis.models import Certificate, TeamProfile
from union.crisis.models.drills import CertificateEvent
from union.crisis.rules.kinds import Shift, TeamRole
from union.infra.people import Person
from union.kernel.errors import NotFoundError
from union.members.models import Branch, Member

if TYPE_CHECKING:
    from union.infra.work import Work

WORDS = "certificate_event.words"


@dataclass(frozen=True, slots=True)
class Held:
    """One certificate and how it stands on a day."""

    id: int
    person_id: int
    role: TeamRole
    branch: str
    branch_id: int
    shift: Shift
    starts_on: date
    ends_on: date
    revoked_at: datetime | None
    languages: tuple[str, ...]

    def holds_on(self, day: date) -> bool:
        """Whether it is in force on a day."""
        return self.revoked_at is None and self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a certificate's history; ``words`` in the clear, by whoever wrote them."""

    certificate_id: int
    what: str
    at: datetime
    by_person_id: int | None
    words: str | None


def held(work: Work, person_id: int | None = None, branch_id: int | None = None) -> list[Held]:
    """Certificates of members who are with us, by district and end; of one person or district."""
    query = (
        select(Certificate, Branch.name, TeamProfile.languages)
        .join(Branch, Branch.id == Certificate.branch_id)
        .join(Member, Member.person_id == Certificate.person_id)
        .outerjoin(TeamProfile, TeamProfile.person_id == Certificate.person_id)
        .where(Member.status == "active", Member.merged_into.is_(None))
        .order_by(Branch.name, Certificate.ends_on, Certificate.id)
    )
    if person_id is not None:
        query = query.where(Certificate.person_id == person_id)
    if branch_id is not None:
        query = query.where(Certificate.branch_id == branch_id)
    return [
        Held(
            id=one.id,
            person_id=one.person_id,
            role=one.role,
            branch=name,
            branch_id=one.branch_id,
            shift=one.shift,
            starts_on=one.starts_on,
            ends_on=one.ends_on,
            revoked_at=one.revoked_at,
            languages=tuple(languages or ()),
        )
        for one, name, languages in work.session.execute(query)
    ]


def history(work: Work, person_id: int) -> list[Happened]:
    """What became of her certificates, the latest first."""
    rows = work.session.execute(
        select(CertificateEvent, Person.key_ref)
        .join(Certificate, Certificate.id == CertificateEvent.certificate_id)
        .join(Person, Person.id == Certificate.person_id)
        .where(Certificate.person_id == person_id)
        .order_by(CertificateEvent.id.desc())
    )
    return [
        Happened(
            certificate_id=event.certificate_id,
            what=event.what,
            at=event.at,
            by_person_id=event.by_person_id,
            words=work.vault.opened(key_ref, WORDS, event.ref, event.words),
        )
        for event, key_ref in rows
    ]


def ending_untold(work: Work, until: date) -> Sequence[Certificate]:
    """Certificates in force that end by a day, untold, with no later one like them."""
    later = aliased(Certificate)
    renewed = (
        select(later.id)
        .where(
            later.person_id == Certificate.person_id,
            later.role == Certificate.role,
            later.revoked_at.is_(None),
            later.ends_on > Certificate.ends_on,
        )
        .exists()
    )
    told = (
        select(CertificateEvent.id)
        .where(
            CertificateEvent.certificate_id == Certificate.id,
            CertificateEvent.what == "end_told",
        )
        .exists()
    )
    return work.session.scalars(
        select(Certificate)
        .join(Member, Member.person_id == Certificate.person_id)
        .where(
            Certificate.revoked_at.is_(None),
            Certificate.ends_on.between(work.clock.today(), until),
            Member.status == "active",
            Member.merged_into.is_(None),
            ~renewed,
            ~told,
        )
        .order_by(Certificate.id)
    ).all()


def trained_person(work: Work, ref: str) -> Member:
    """The member behind a reference; NotFoundError if there is none with us."""
    member = work.session.scalar(
        select(Member).where(Member.ref == ref, Member.merged_into.is_(None))
    )
    if member is None:
        raise NotFoundError
    return member


def refs_of(work: Work, person_ids: Sequence[int]) -> dict[int, str]:
    """The public references of these members."""
    rows = work.session.execute(
        select(Member.person_id, Member.ref).where(Member.person_id.in_(person_ids))
    )
    return {row.person_id: row.ref for row in rows}
