"""Who was trained for what. Invariant: nobody certifies herself, and no history is ever changed.

A certificate that ends soon is told once, to her and to the coordinators.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.errors import CertificateDaysError, OwnCertificateError
from union.crisis.models import Certificate
from union.crisis.models.drills import CertificateEvent
from union.crisis.queries.rota import in_charge_of_rota
from union.crisis.queries.training import WORDS, ending_untold
from union.crisis.rules.kinds import Shift, TeamRole
from union.crisis.services.holes import begin_looking, look_when_you_can
from union.crisis.services.teams import profile_of
from union.infra.people import Person, is_present, one_person
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_ref
from union.members.models import Branch
from union.messages.services import Outgoing, send_all

if TYPE_CHECKING:
    from union.infra.work import Work

TOLD_BEFORE = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class NewTraining:
    """Somebody was trained: for what, where she serves, from when until when, and by whom."""

    person_id: int
    role: TeamRole
    branch_id: int
    starts_on: date
    ends_on: date
    shift: Shift
    languages: tuple[str, ...] = ()
    words: str = ""


def certify(work: Work, new: NewTraining) -> Certificate:
    """Write a training down; OwnCertificateError for one's own, CertificateDaysError for its days.

    Where she lives is kept as coarsely as on an earlier certificate of hers, else her district.
    """
    _by_another(work, new.person_id)
    _is_new(work, new.person_id, new.role, new.starts_on, new.ends_on)
    profile = profile_of(work, new.person_id)
    spoken = [word.strip().casefold() for word in new.languages if word.strip()]
    profile.languages = list(dict.fromkeys([*profile.languages, *spoken]))
    certificate = Certificate(
        person_id=new.person_id,
        role=new.role,
        branch_id=new.branch_id,
        shift=new.shift,
        home_cell=_cell(work, new.person_id, new.branch_id),
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        made_at=work.clock.now(),
    )
    return _kept(work, certificate, "trained", new.words)


def renew(
    work: Work, certificate_id: int, starts_on: date, ends_on: date, words: str = ""
) -> Certificate:
    """She was trained again: a certificate like the old one, which stays as it was."""
    old = _certificate(work, certificate_id)
    _by_another(work, old.person_id)
    _is_new(work, old.person_id, old.role, starts_on, ends_on)
    certificate = Certificate(
        person_id=old.person_id,
        role=old.role,
        branch_id=old.branch_id,
        shift=old.shift,
        home_cell=old.home_cell,
        starts_on=starts_on,
        ends_on=ends_on,
        made_at=work.clock.now(),
    )
    return _kept(work, certificate, "renewed", words)


def revoke(work: Work, certificate_id: int, words: str) -> None:
    """It holds no longer, from this instant on; once is for good, and the reason is kept."""
    certificate = _certificate(work, certificate_id)
    _by_another(work, certificate.person_id)
    if certificate.revoked_at is not None:
        raise CertificateDaysError(certificate_id=certificate_id)
    certificate.revoked_at = work.clock.now()
    _write(work, certificate, "revoked", words)


def end_certificates(work: Work, person_id: int, role: TeamRole) -> None:
    """She has the office no more by which she was called: what called her holds no longer."""
    held = work.session.scalars(
        select(Certificate)
        .where(
            one_person(Certificate.person_id) == one_person(person_id),
            Certificate.role == role,
            Certificate.revoked_at.is_(None),
        )
        .order_by(Certificate.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for certificate in held:
        certificate.revoked_at = work.clock.now()
        _write(work, certificate, "revoked")


def announce_ends(work: Work) -> int:
    """Tell of certificates that end within 60 days and are not renewed, each once; how many."""
    ending = ending_untold(work, work.clock.today() + TOLD_BEFORE)
    for certificate in ending:
        _write(work, certificate, "end_told")
    people = sorted({certificate.person_id for certificate in ending})
    told = [
        Outgoing(purpose="rota", template="come_by", channels=("push", "sms"), person_id=person_id)
        for person_id in people
    ]
    if ending:
        told += [look_when_you_can(one) for one in in_charge_of_rota(work)]
    send_all(work, told)
    return len(ending)


def _certificate(work: Work, certificate_id: int) -> Certificate:
    found = work.session.get(
        Certificate, certificate_id, with_for_update=True, populate_existing=True
    )
    if found is None:
        raise NotFoundError
    return found


def _by_another(work: Work, person_id: int) -> None:
    if is_present(work, person_id):
        raise OwnCertificateError


def _is_new(work: Work, person_id: int, role: TeamRole, starts_on: date, ends_on: date) -> None:
    like_it = select(Certificate.id).where(
        Certificate.person_id == person_id,
        Certificate.role == role,
        Certificate.starts_on == starts_on,
    )
    if ends_on <= starts_on or work.session.scalar(like_it) is not None:
        raise CertificateDaysError


def _cell(work: Work, person_id: int, branch_id: int) -> str:
    known = work.session.scalar(
        select(Certificate.home_cell)
        .where(Certificate.person_id == person_id, Certificate.branch_id == branch_id)
        .order_by(Certificate.id.desc())
        .limit(1)
    )
    return known or work.session.get_one(Branch, branch_id).cell


def _kept(work: Work, certificate: Certificate, what: str, words: str) -> Certificate:
    work.session.add(certificate)
    work.session.flush()
    _write(work, certificate, what, words)
    begin_looking(work)
    return certificate


def _write(work: Work, certificate: Certificate, what: str, words: str = "") -> None:
    ref = new_ref()
    key_ref = work.session.get_one(Person, certificate.person_id).key_ref
    work.session.add(
        CertificateEvent(
            ref=ref,
            certificate_id=certificate.id,
            what=what,
            words=work.vault.encrypt(key_ref, WORDS, ref, words) if words else None,
            at=work.clock.now(),
            by_person_id=work.actor.person_id,
        )
    )
    work.session.flush()
