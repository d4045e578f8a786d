"""Incidents opened and grown. Invariant (C2): incident, first pages and timers are one commit.

A place alone is enough to open one; everything else may follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.errors import (
    AskedAlreadyError,
    CertificateError,
    NoSafeWordError,
    StaysAwayError,
)
from union.crisis.models import Certificate, Contact, Incident, IncidentAvoid, Page
from union.crisis.queries.open import (
    CONTACT_PLACE,
    CONTACT_WORDS,
    INCIDENT_PLACE,
    opened,
    pages_of,
)
from union.crisis.rules.custody import begins_a_clock
from union.crisis.rules.kinds import (
    FILLED_BY,
    LIVE_PAGE,
    AnsweredBy,
    AskedAs,
    Attachment,
    IncidentState,
    Kind,
    PageState,
)
from union.crisis.rules.needs import needs_for, severity_of
from union.crisis.rules.policies import Scope
from union.crisis.services.custody import begin_custody
from union.crisis.services.going import mark_briefed
from union.crisis.services.paging import CODE_LENGTH, Asking, ask_people, release_page, set_aside
from union.crisis.services.policies import policy_for
from union.crisis.services.search import advance, look
from union.crisis.services.timeline import a_person, lock_incident, say
from union.kernel.ids import new_digits, new_ref

if TYPE_CHECKING:
    from uuid import UUID

    from union.infra.work import Work


def open_incident(
    work: Work,
    contact: Contact,
    coming_herself: int | None = None,
    key_ref: UUID | None = None,
) -> Incident:
    """Open an incident from a contact and ask the first people; the contact is locked, or new.

    ``coming_herself`` is a responder who was called on her own phone and goes: she counts, has
    a safety timer from now, and only the rest is asked for. ``key_ref`` is a key already made.
    Where a person opens one from what was taken for nuisance, what happens there is not known yet.
    """
    now = work.clock.now()
    kind = Kind.UNKNOWN if contact.kind is Kind.NUISANCE else contact.kind
    severity = severity_of(kind, contact.people)
    policy = policy_for(work, Scope(kind, severity, contact.branch_id), now)
    place = _where(work, contact)
    key_ref, ref = key_ref or work.vault.new_key(), new_ref()
    incident = Incident(
        ref=ref,
        key_ref=key_ref,
        kind=kind,
        severity=severity,
        branch_id=contact.branch_id,
        cell=contact.cell,
        cell_exact=contact.cell_exact,
        place=work.vault.encrypt(key_ref, INCIDENT_PLACE, ref, place) if place else None,
        people=contact.people,
        language=contact.language,
        gender_wish=contact.gender_wish,
        policy_id=policy.id,
        needs=dict(needs_for(policy.quorum, contact.people)),
        step=0,
        rounds=0,
        state=IncidentState.SEEKING,
        opened_at=now,
        last_contact_at=contact.received_at,
        follow_up=False,
    )
    work.session.add(incident)
    work.session.flush()
    contact.incident_id, contact.attachment = incident.id, Attachment.OPENED
    work.session.add(contact)
    if contact.person_id is not None:
        work.session.add(IncidentAvoid(incident_id=incident.id, person_id=contact.person_id))
    work.session.flush()
    say(work, incident, "opened", contact=contact, channel=contact.channel, kind=kind)
    coming = [] if coming_herself is None else [add_coming(work, incident, coming_herself)]
    if begins_a_clock(incident.kind):
        begin_custody(work, incident, contact.received_at)
    look(work, incident, coming, new=True)
    return incident


def add_coming(work: Work, incident: Incident, person_id: int) -> Page:
    """Somebody goes of her own accord: she is briefed, for she was called there herself.

    She fills a place only with a certificate in force; without one she is marked as having come
    herself, and the whole team is still asked for.
    """
    certificate = _certificate(work, person_id)
    now = work.clock.now()
    page = Page(
        ref=new_ref(),
        incident_id=incident.id,
        person_id=person_id,
        certificate_id=certificate.id if certificate else None,
        asked_as=AskedAs.RESPONDER,
        state=PageState.ACCEPTED,
        step=incident.step,
        reasons=["called_on_her_own_phone"],
        came_herself=True,
        code=new_digits(CODE_LENGTH),
        wrong_tries=0,
        asked_at=now,
        asked_on=work.clock.today(),
        answered_at=now,
        answered_by=AnsweredBy.CAME_HERSELF,
    )
    other = set_aside(work, incident, page)
    if other is not None:
        return other
    work.session.add(page)
    work.session.flush()
    say(work, incident, "goes_herself", page=page, certified=certificate is not None)
    mark_briefed(work, incident, page)
    return page


def widen_now(work: Work, incident_id: int) -> None:
    """A person does not want to wait for the step's time."""
    a_person(work)
    incident = lock_incident(work, incident_id, still_open=True)
    say(work, incident, "widened_by_hand")
    incident.held_until = None
    advance(work, incident)


def call_lapsed(work: Work, incident_id: int, person_id: int, role: AskedAs, reason: str) -> Page:
    """A coordinator asks somebody whose certificate lapsed; it is marked, with her reason (C7).

    CertificateError where she never held one, AskedAlreadyError while she is asked or on her way,
    StaysAwayError where she must not come.
    """
    by = a_person(work)
    incident = lock_incident(work, incident_id, still_open=True)
    _may_be_picked(work, incident, person_id)
    certificate = _latest(work, person_id, role)
    if certificate is None:
        raise CertificateError(person_id=person_id)
    asking = Asking(person_id, role, certificate.id, override_by=by)
    page = ask_people(work, incident, [asking])[0]
    say(work, incident, "lapsed_called", page=page, words=reason)
    return page


def ask_by_hand(work: Work, incident_id: int, person_id: int, role: AskedAs) -> Page:
    """A person picks somebody the engine has not asked; her certificate must be in force.

    Raises as ``call_lapsed`` does.
    """
    a_person(work)
    incident = lock_incident(work, incident_id, still_open=True)
    _may_be_picked(work, incident, person_id)
    certificate = _certificate(work, person_id, role)
    if certificate is None:
        raise CertificateError(person_id=person_id)
    return ask_people(work, incident, [Asking(person_id, role, certificate.id)])[0]


def name_in_conflict(work: Work, incident_id: int, person_id: int) -> None:
    """She is named in this, or the caller does not want her: she is never asked, and let go."""
    a_person(work)
    incident = lock_incident(work, incident_id, still_open=True)
    _avoid(work, incident, person_id)
    say(work, incident, "named_in_conflict", person_id=person_id)
    for page in pages_of(work.session, incident.id):
        if page.person_id == person_id and page.shown in LIVE_PAGE:
            release_page(work, incident, page, "named_in_conflict")
    look(work, incident)


def leave_safe_word(work: Work, incident_id: int, word: str) -> None:
    """Keep the word by which the caller says that it is over; an empty one is NoSafeWordError."""
    if not word.strip():
        raise NoSafeWordError(incident_id=incident_id)
    incident = lock_incident(work, incident_id, still_open=True)
    incident.safe_word_hash = safe_word_hash(work, incident, word)
    say(work, incident, "safe_word_left")


def safe_word_hash(work: Work, incident: Incident, word: str) -> bytes:
    """The keyed hash of a safe word; case and spaces around it do not matter."""
    return work.vault.fingerprint("digits", f"incident:{incident.ref}:{word.strip().casefold()}")


def _may_be_picked(work: Work, incident: Incident, person_id: int) -> None:
    """Picked by hand, or not; whoever asks her holds the incident, so two cannot at once.

    Somebody forced looks as if she were on her way, and nothing more is sent to her telephone.
    """
    if work.session.get(IncidentAvoid, (incident.id, person_id)) is not None:
        raise StaysAwayError(person_id=person_id)
    for page in pages_of(work.session, incident.id):
        if page.person_id == person_id and (page.state in LIVE_PAGE or page.duress_at is not None):
            raise AskedAlreadyError(person_id=person_id)


def _avoid(work: Work, incident: Incident, person_id: int) -> None:
    if work.session.get(IncidentAvoid, (incident.id, person_id)) is None:
        work.session.add(IncidentAvoid(incident_id=incident.id, person_id=person_id))
        work.session.flush()


def _certificate(
    work: Work, person_id: int, role: AskedAs = AskedAs.RESPONDER
) -> Certificate | None:
    today = work.clock.today()
    held = _held(work, person_id, role)
    return next((c for c in held if c.starts_on <= today <= c.ends_on), None)


def _latest(work: Work, person_id: int, role: AskedAs) -> Certificate | None:
    return next(iter(_held(work, person_id, role)), None)


def _held(work: Work, person_id: int, role: AskedAs) -> list[Certificate]:
    return list(
        work.session.scalars(
            select(Certificate)
            .where(
                Certificate.person_id == person_id,
                Certificate.role.in_(FILLED_BY[role]),
                Certificate.revoked_at.is_(None),
            )
            .order_by(Certificate.ends_on.desc())
        )
    )


def _where(work: Work, contact: Contact) -> str | None:
    """What a responder is told: the place as named, else the words it was understood from."""
    named = opened(work, contact, CONTACT_PLACE, contact.place)
    return named or opened(work, contact, CONTACT_WORDS, contact.words)
