"""An answer given under force. Invariant: it counts for nothing, and sounds as an honest one would.

Whoever stands behind her sees and hears what an honest answer at that moment would bring; those in
charge are told without a sound; she is never asked again in this incident. A notebook opened under
force is a contact that waits for a person (C1), and nothing about it ever reaches her telephone.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Contact, Incident, Page
from union.crisis.queries.missed import is_missed
from union.crisis.queries.open import pages_of
from union.crisis.rules.kinds import (
    COMING,
    IN_CHARGE,
    LIVE_PAGE,
    OPEN_INCIDENT,
    SILENT_ALARM,
    AnsweredBy,
    AskedAs,
    ContactChannel,
    ContactState,
    PageState,
)
from union.crisis.services.contacts import receive_contact
from union.crisis.services.going import brief_soon, look_briefed
from union.crisis.services.paging import (
    PAGE,
    Asking,
    ask_people,
    look_at_the_desk,
    seem,
    stand_down,
)
from union.crisis.services.report import Report
from union.crisis.services.search import is_full, look
from union.crisis.services.timeline import say
from union.identity.queries import people_with_role
from union.infra.timers import finish_timers
from union.kernel.actor import Role
from union.messages.services import send_all

if TYPE_CHECKING:
    from union.infra.work import Work

TELLS_WHERE = (AnsweredBy.LINK, AnsweredBy.APP)
"""Answers to which the place is shown in the same breath, so that an honest one is briefed."""


class Heard(StrEnum):
    """What became of an answer; ``LOOKS_ACCEPTED`` must be shown exactly like ``ACCEPTED``."""

    ACCEPTED = "accepted"
    LOOKS_ACCEPTED = "looks_accepted"
    ENOUGH = "enough"
    OVER = "over"
    WRONG = "wrong"
    LOCKED = "locked"
    NOT_NOW = "not_now"
    MISSED = "missed"
    """Enough are coming, but she was given up unheard: she is asked how she is."""


def forced(
    work: Work, incident: Incident, page: Page, by: AnsweredBy, *, says_yes: bool = True
) -> Heard:
    """Her other pair was used, now or before; both rows are locked.

    Unless she ``says_yes`` a page that was given up looks as it did: what she says moves it next.
    """
    honest = _as_honest(work, incident, page, says_yes=says_yes)
    if page.duress_at is None:
        _begin(work, incident, page, honest, by)
    elif honest is Heard.LOOKS_ACCEPTED and page.shown not in _SAID_YES:
        seem(work, incident, page, PageState.ACCEPTED)
        finish_timers(work, PAGE, page.id)
        brief_soon(work, page)
    at_once = by in TELLS_WHERE or page.asked_as in IN_CHARGE
    if honest is Heard.LOOKS_ACCEPTED and page.shown is PageState.ACCEPTED and at_once:
        look_briefed(work, incident, page)
    return honest


_SAID_YES = (PageState.ACCEPTED, *COMING)


def _as_honest(work: Work, incident: Incident, page: Page, *, says_yes: bool) -> Heard:
    """What an honest answer would hear now."""
    if page.shown in _SAID_YES:
        return Heard.LOOKS_ACCEPTED
    if page.shown is PageState.DROPPED_OUT and not says_yes:
        return Heard.MISSED
    heard = _if_yes(work, incident, page)
    return Heard.MISSED if heard in _NO_MORE and is_missed(work, page) else heard


_NO_MORE = (Heard.ENOUGH, Heard.OVER)


def _if_yes(work: Work, incident: Incident, page: Page) -> Heard:
    if incident.state not in OPEN_INCIDENT:
        return Heard.OVER
    if page.shown is PageState.RELEASED:
        return Heard.ENOUGH
    if page.asked_as not in IN_CHARGE and is_full(work, incident, page.asked_as):
        return Heard.ENOUGH
    return Heard.LOOKS_ACCEPTED


def _begin(work: Work, incident: Incident, page: Page, honest: Heard, by: AnsweredBy) -> None:
    was_yes, was_asked = page.state in _SAID_YES, page.state is PageState.ASKED
    stays = was_yes or honest is Heard.MISSED
    seems = page.state if stays else PageState.ACCEPTED
    if honest in _NO_MORE:
        seems = PageState.RELEASED
    if not stays:
        finish_timers(work, PAGE, page.id)
        if seems is PageState.ACCEPTED:
            brief_soon(work, page)
    if page.state in LIVE_PAGE:
        page.state = PageState.DROPPED_OUT if was_yes else PageState.SILENT
        page.ended_at = work.clock.now()
    page.duress_at, page.seems = work.clock.now(), seems
    say(work, incident, "duress", page=page, by=by, looks="" if stays else seems.value)
    if honest is Heard.ENOUGH and was_asked:
        stand_down(work, page)
    alarm(work, incident)


def alarm(work: Work, incident: Incident) -> None:
    """Those in charge are told; an ended incident asks nobody, and its board line stays."""
    holders = set(people_with_role(work, Role.COORDINATOR))
    if incident.state not in OPEN_INCIDENT:
        holders |= set(people_with_role(work, Role.DUTY_OFFICER))
        send_all(work, [look_at_the_desk(person_id) for person_id in sorted(holders)])
        return
    live = {p.person_id for p in pages_of(work.session, incident.id) if p.state in LIVE_PAGE}
    askings = [
        Asking(person_id, AskedAs.COORDINATOR, reasons=(SILENT_ALARM,))
        for person_id in sorted(holders - live)
    ]
    ask_people(work, incident, askings)
    look(work, incident)


def opened_under_force(work: Work, ids: Mapping[str, int]) -> None:
    """Handler of ``opened_by_pin``: if it was her other PIN or password, somebody thinks of her.

    One contact while nobody has dealt with it, however often she is made to open. Nobody is sent
    out by it: where she is is not known, and who comes to her door may make it worse.
    """
    if not ids["other"]:
        return
    waits = select(Contact.id).where(
        Contact.person_id == ids["person_id"],
        Contact.channel == ContactChannel.OTHER_PIN,
        Contact.state != ContactState.DEALT,
    )
    if work.session.scalar(waits.limit(1)) is not None:
        return
    report = Report(
        channel=ContactChannel.OTHER_PIN, person_id=ids["person_id"], may_call_back=False
    )
    receive_contact(work, report, ask=False)
