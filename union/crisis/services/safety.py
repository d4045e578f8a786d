"""The safety of those who go. Invariant: silence on the way ends in somebody sent after her."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.errors import StateError
from union.crisis.models import Contact, Incident, IncidentEvent, Page
from union.crisis.queries.missed import SAFETY_ALARM, is_missed
from union.crisis.queries.open import CONTACT_PLACE, place_of
from union.crisis.rules.kinds import (
    COMING,
    OPEN_INCIDENT,
    ContactChannel,
    ContactState,
    Kind,
)
from union.crisis.services.contacts import CONTACT, CONTACT_TIMER
from union.crisis.services.going import not_heard_of
from union.crisis.services.incidents import open_incident
from union.crisis.services.paging import PAGE, send_link
from union.crisis.services.timeline import lock_page, say
from union.infra.timers import set_timer
from union.kernel.ids import new_ref

if TYPE_CHECKING:
    from union.infra.work import Work

ALARM_AFTER = timedelta(minutes=10)
DESK_WITHIN = timedelta(minutes=2)
SAME_PRESS = timedelta(minutes=5)
ANY_TIME = timedelta(days=2)
CALLED = "responder_needs_help"


def warn(work: Work, incident: Incident, page: Page) -> None:
    """She has not been heard of in time: ask her, and set the last timer."""
    send_link(work, page)
    say(work, incident, "safety_asked", page=page)
    set_timer(
        work,
        kind=SAFETY_ALARM,
        subject_type=PAGE,
        subject_id=page.id,
        due_at=work.clock.now() + ALARM_AFTER,
    )


def raise_alarm(work: Work, incident: Incident, page: Page) -> Incident | None:
    """She did not answer the warning: that is an incident of its own, where she was going.

    None where one about her is looked after already. The team she was in is looked for again.
    """
    not_heard_of(work, incident, page)
    if _help_under_way(work, page, ANY_TIME) is not None:
        return None
    return open_incident(work, _contact_about(work, incident, page))


def call_for_help(work: Work, page_id: int) -> Incident:
    """She who goes presses for help herself, forced or not; StateError if she is on no way.

    A second press soon after is the same help. Missed, the search for her on this way is it too:
    both timelines say that she has called for it.
    """
    incident, page = lock_page(work, page_id)
    missed = is_missed(work, page)
    if page.shown not in COMING and not missed:
        raise StateError(page_id=page_id)
    since_asked = work.clock.now() - page.asked_at
    already = _help_under_way(work, page, max(since_asked, SAME_PRESS) if missed else SAME_PRESS)
    if already is not None and _has_called(work, page):
        return already
    say(work, incident, CALLED, page=page)
    if already is not None:
        say(work, already, CALLED)
        return already
    return open_incident(work, _contact_about(work, incident, page))


def _has_called(work: Work, page: Page) -> bool:
    """Whether she pressed for help on this way already, just now."""
    pressed = select(IncidentEvent.id).where(
        IncidentEvent.incident_id == page.incident_id,
        IncidentEvent.page_id == page.id,
        IncidentEvent.code == CALLED,
        IncidentEvent.at > work.clock.now() - SAME_PRESS,
    )
    return work.session.scalar(pressed.limit(1)) is not None


def _help_under_way(work: Work, page: Page, within: timedelta) -> Incident | None:
    """The help for her that began within a time, while it is still sought or coming."""
    return work.session.scalar(
        select(Incident)
        .join(Contact, Contact.incident_id == Incident.id)
        .where(
            Contact.person_id == page.person_id,
            Contact.kind == Kind.RESPONDER_SAFETY,
            Contact.received_at >= work.clock.now() - within,
            Incident.state.in_(OPEN_INCIDENT),
        )
        .order_by(Incident.id.desc())
        .limit(1)
    )


def _contact_about(work: Work, incident: Incident, page: Page) -> Contact:
    key_ref, ref = work.vault.new_key(), new_ref()
    place = place_of(work, incident)
    contact = Contact(
        ref=ref,
        key_ref=key_ref,
        channel=ContactChannel.APP,
        received_at=work.clock.now(),
        place=work.vault.encrypt(key_ref, CONTACT_PLACE, ref, place) if place else None,
        person_id=page.person_id,
        branch_id=incident.branch_id,
        cell=incident.cell,
        cell_exact=incident.cell_exact,
        kind=Kind.RESPONDER_SAFETY,
        people=1,
        may_call_back=True,
        state=ContactState.OPEN,
        overflow=0,
        tries=0,
    )
    work.session.add(contact)
    work.session.flush()
    set_timer(
        work,
        kind=CONTACT_TIMER,
        subject_type=CONTACT,
        subject_id=contact.id,
        due_at=work.clock.now() + DESK_WITHIN,
    )
    return contact
