"""What is learnt of an incident later. Invariant: needs only grow, the shortfall alone is asked.

A district put right begins the search again there: whom only the old place had asked is let go,
unless she is near the new one too, or there already.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.crisis.models import Certificate, Contact, Incident, Page
from union.crisis.queries.gazetteer import areas
from union.crisis.queries.open import CONTACT_PLACE, INCIDENT_PLACE, opened, pages_of
from union.crisis.queries.rota import serving_at
from union.crisis.rules.custody import begins_a_clock
from union.crisis.rules.escalation import District, neighbours
from union.crisis.rules.kinds import LIVE_PAGE, AskedAs, Attachment, Kind, PageState
from union.crisis.rules.needs import severity_of
from union.crisis.services.custody import begin_custody
from union.crisis.services.paging import release_page
from union.crisis.services.policies import follow_policy
from union.crisis.services.search import begin_search, look, needs_of
from union.crisis.services.timeline import say

if TYPE_CHECKING:
    from union.infra.work import Work

TELLS_NO_KIND = (Kind.UNKNOWN, Kind.NUISANCE)


def grow_incident(work: Work, incident: Incident, contact: Contact) -> None:
    """What a further contact tells can only make the need larger; the shortfall alone is paged."""
    before = needs_of(incident)
    moved = _learn(work, incident, contact)
    incident.severity = severity_of(incident.kind, incident.people)
    other_steps = follow_policy(work, incident)
    if needs_of(incident) != before:
        say(work, incident, "needs_grew", needs=dict(incident.needs))
    if moved:
        _ask_anew(work, incident)
    elif other_steps or needs_of(incident) != before:
        look(work, incident)


def _learn(work: Work, incident: Incident, contact: Contact) -> bool:
    """Take over what is new; whether the district is another one now."""
    moved = False
    if contact.attachment is Attachment.OPENED:
        moved = _put_right(work, incident, contact)
    incident.last_contact_at = max(incident.last_contact_at, contact.received_at)
    if incident.kind is Kind.UNKNOWN and contact.kind not in TELLS_NO_KIND:
        incident.kind = contact.kind
        say(work, incident, "kind_known", contact=contact, kind=contact.kind)
        if begins_a_clock(incident.kind):
            begin_custody(work, incident, contact.received_at)
    people = max(incident.people or 0, contact.people or 0) or None
    if people != incident.people:
        incident.people = people
        say(work, incident, "more_people", contact=contact, people=people)
    incident.language = incident.language or contact.language
    if contact.cell_exact and not incident.cell_exact:
        incident.cell, incident.cell_exact = contact.cell, True
    return moved


def _put_right(work: Work, incident: Incident, contact: Contact) -> bool:
    """Whoever opened it says more exactly where it is; the team sees the better place."""
    place = opened(work, contact, CONTACT_PLACE, contact.place)
    if place:
        incident.place = work.vault.encrypt(incident.key_ref, INCIDENT_PLACE, incident.ref, place)
    former = incident.branch_id
    here = (contact.branch_id, contact.cell)
    if contact.branch_id is None or (former, incident.cell) == here:
        return False
    incident.branch_id, incident.cell = here
    incident.cell_exact = contact.cell_exact
    say(work, incident, "place_known_better", contact=contact, was=former)
    return former != contact.branch_id


def _ask_anew(work: Work, incident: Incident) -> None:
    """Whom only a guess or another district had asked from afar is let go; then all begins anew."""
    districts = [District(area.branch_id, area.cell) for area in areas(work)]
    home = next(one for one in districts if one.branch_id == incident.branch_id)
    near = neighbours(home, districts)
    duties = serving_at(work, work.clock.now()).duties
    for page in pages_of(work.session, incident.id):
        down = {branch_id for _, branch_id in duties.get(page.person_id, ())}
        if _asked_for_the_place(page) and near.isdisjoint(down | _serves(work, page)):
            release_page(work, incident, page, "place_known")
    begin_search(work, incident)


def _asked_for_the_place(page: Page) -> bool:
    """Whether she was asked because she is near, and is not there yet."""
    return (
        page.asked_as is AskedAs.RESPONDER
        and page.shown in LIVE_PAGE
        and page.shown is not PageState.ARRIVED
        and not page.came_herself
    )


def _serves(work: Work, page: Page) -> set[int]:
    certificate = work.session.get(Certificate, page.certificate_id or 0)
    return set() if certificate is None else {certificate.branch_id}
