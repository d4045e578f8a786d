"""One of ours was called on her own phone, and goes: she rings our line for that, or writes it.

Invariant (C3): whoever holds her telephone can ring, and can write where it is signed in, so
neither counts for anything without her two digits: others are asked as if nobody went, and she like
anybody. After a missed call a person speaks with her (C1) about the place, which nobody knows yet.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Certificate, IncidentAvoid
from union.crisis.queries.mine import pages_lately
from union.crisis.queries.open import pages_of
from union.crisis.rules.answers import MOST_WRONG_TRIES
from union.crisis.rules.kinds import (
    FILLED_BY,
    LIVE_PAGE,
    AnsweredBy,
    AskedAs,
    ContactChannel,
)
from union.crisis.services.answers import Pair, answer_page, whose_pair
from union.crisis.services.contacts import receive_contact
from union.crisis.services.force import Heard
from union.crisis.services.paging import Asking, ask_people
from union.crisis.services.report import Report
from union.crisis.services.timeline import a_person, lock_incident, say
from union.members.queries import branch_of

if TYPE_CHECKING:
    from union.crisis.models import Contact
    from union.gateways.port import Inbound
    from union.infra.work import Work


def she_goes(work: Work, inbound: Inbound, inbound_id: int, people: list[int]) -> Contact:
    """Open an incident around her own district, ask for a backup, and ring her at once."""
    her = _certificate(work, people)
    branch = branch_of(work.session, her.person_id) if her is not None else None
    contact = receive_contact(
        work,
        Report(
            channel=ContactChannel.OWN_RESPONDER,
            number=inbound.from_number,
            branch_id=None if her is None else branch.id if branch else her.branch_id,
            inbound_id=inbound_id,
            received_at=inbound.at,
            ring_back=True,
        ),
    )
    if her is not None and contact.incident_id is not None:
        _ask_her(work, contact.incident_id, her)
    return contact


def goes_from_her_page(work: Work, report: Report, digits: str) -> Heard:
    """She writes where she goes, with her digits; without them others go and she is asked too.

    Her other pair looks as if she went, and alarms. Guessing ends as it does on her pages.
    """
    person_id = a_person(work)
    tries = sum(page.wrong_tries for page in pages_lately(work, [person_id]))
    if tries >= MOST_WRONG_TRIES:
        receive_contact(work, report)
        return Heard.LOCKED
    pair = whose_pair(work, person_id, digits)
    if pair is not Pair.NEITHER:
        report = replace(report, coming_person_id=person_id)
    incident_id = receive_contact(work, report).incident_id
    if incident_id is None or pair is Pair.HERS:
        return Heard.ACCEPTED
    her = _certificate(work, [person_id])
    if pair is Pair.NEITHER and her is not None:
        _ask_her(work, incident_id, her)
    pages = [one for one in pages_of(work.session, incident_id) if one.person_id == person_id]
    return answer_page(work, pages[-1].id, digits, AnsweredBy.APP) if pages else Heard.WRONG


def _ask_her(work: Work, incident_id: int, her: Certificate) -> None:
    incident = lock_incident(work, incident_id)
    avoided = work.session.get(IncidentAvoid, (incident.id, her.person_id))
    pages = [one for one in pages_of(work.session, incident.id) if one.person_id == her.person_id]
    live = next((one for one in pages if one.state in LIVE_PAGE), None)
    if live is None and avoided is None:
        reasons = ("called_on_her_own_phone",)
        asking = Asking(her.person_id, AskedAs.RESPONDER, her.id, reasons=reasons)
        live = next(iter(ask_people(work, incident, [asking])), None)
    say(work, incident, "rang_her_own_line", page=live)


def _certificate(work: Work, people: list[int]) -> Certificate | None:
    """The certificate in force of the one responder whose telephone it is."""
    today = work.clock.today()
    rows = work.session.scalars(
        select(Certificate)
        .where(
            Certificate.person_id.in_(people),
            Certificate.role.in_(FILLED_BY[AskedAs.RESPONDER]),
            Certificate.revoked_at.is_(None),
            Certificate.starts_on <= today,
            Certificate.ends_on >= today,
        )
        .order_by(Certificate.ends_on.desc())
    ).all()
    return rows[0] if len({row.person_id for row in rows}) == 1 else None
