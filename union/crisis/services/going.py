"""From her yes to there. Invariant: whoever goes has a timer until she says that it is over.

When she is lost to the team, the team is looked for again in the same commit; who is not heard of
is lost to it and looked for herself, until her word brings her back. A forced page has the very
timers of an honest one: to whoever stands behind her nothing may stay away that an honest answer
would have brought.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.errors import StateError
from union.crisis.models import Incident, IncidentEvent, Page
from union.crisis.queries.missed import SAFETY_ALARM, UNHEARD, was_unheard
from union.crisis.rules.kinds import COMING, IN_CHARGE, OPEN_INCIDENT, PageState
from union.crisis.rules.progress import may_become
from union.crisis.rules.travel import LONGEST, minutes_to
from union.crisis.services.paging import PAGE, release_page, seem, set_aside
from union.crisis.services.search import look
from union.crisis.services.timeline import lock_page, say
from union.infra.timers import finish_timers, set_timer

if TYPE_CHECKING:
    from union.infra.work import Work

BRIEF = "crisis_brief"
BRIEF_WITHIN = timedelta(minutes=2)
PROMISE = "crisis_promise"
SAFETY = "crisis_safety"
GRACE = timedelta(minutes=15)
CHECK_IN_EVERY = timedelta(minutes=90)


def brief_page(work: Work, incident: Incident, page: Page, minutes: int | None = None) -> None:
    """She knows where to go: from now on she counts. ``minutes`` is what she promised herself."""
    if page.state in COMING:
        return
    mark_briefed(work, incident, page, minutes)
    if incident.state in OPEN_INCIDENT:
        look(work, incident)


def mark_briefed(work: Work, incident: Incident, page: Page, minutes: int | None = None) -> None:
    """As ``brief_page``, for a caller who looks for the rest of the team itself."""
    answered = page.answered_by is not None and page.duress_at is None
    if not may_become(page.state, PageState.BRIEFED) or not answered:
        raise StateError(page_id=page.id)
    now = work.clock.now()
    page.state, page.briefed_at, page.ended_at = PageState.BRIEFED, now, None
    finish_timers(work, PAGE, page.id)
    say(work, incident, "briefed", page=page)
    if page.asked_as not in IN_CHARGE:
        _promise(work, page, now + timedelta(minutes=minutes or minutes_to(page.km)))


def briefed(work: Work, page_id: int, minutes: int | None = None) -> None:
    """As ``brief_page``, for whoever has only its id."""
    incident, page = lock_page(work, page_id)
    if _pretends(work, incident, page, PageState.BRIEFED):
        return
    brief_page(work, incident, page, minutes)


def look_briefed(work: Work, incident: Incident, page: Page) -> None:
    """Forced, she looks as if she knew where to go; her timers are those of any other."""
    seem(work, incident, page, PageState.BRIEFED)
    finish_timers(work, PAGE, page.id)
    if page.asked_as not in IN_CHARGE:
        _promise(work, page, page.promised_at or work.clock.now())


def brief_soon(work: Work, page: Page) -> None:
    """She said yes, or it looks so; until she knows where to go, somebody has a timer to tell."""
    set_timer(
        work,
        kind=BRIEF,
        subject_type=PAGE,
        subject_id=page.id,
        due_at=work.clock.now() + BRIEF_WITHIN,
    )


def set_out(work: Work, page_id: int, minutes: int | None = None) -> None:
    """She is on her way, and says in how many minutes she is there; said again, it holds anew."""
    incident, page = lock_page(work, page_id)
    again = page.shown is PageState.EN_ROUTE
    if not again and not _pretends(work, incident, page, PageState.EN_ROUTE):
        _move(page, PageState.EN_ROUTE)
    finish_timers(work, PAGE, page.id)
    longest = min(minutes or minutes_to(page.km), LONGEST)
    _promise(work, page, work.clock.now() + timedelta(minutes=longest))
    if page.duress_at is None:
        say(work, incident, "en_route", page=page, minutes=minutes)


def arrive(work: Work, page_id: int) -> None:
    """She is there; a second time changes nothing. Even somebody given up may arrive after all.

    Where the incident has ended nobody waits to hear of her again: she was heard of just now.
    """
    incident, page = lock_page(work, page_id)
    if page.shown is PageState.ARRIVED:
        return
    pretends = _pretends(work, incident, page, PageState.ARRIVED)
    if not pretends:
        if page.briefed_at is None:
            raise StateError(page_id=page.id)
        other = set_aside(work, incident, page)
        if other is not None:
            arrive(work, other.id)
            return
        _move(page, PageState.ARRIVED)
        page.arrived_at, page.ended_at = work.clock.now(), None
    finish_timers(work, PAGE, page.id)
    is_open = incident.state in OPEN_INCIDENT
    if is_open:
        check_in_by(work, page, work.clock.now() + CHECK_IN_EVERY)
    if pretends:
        return
    say(work, incident, "arrived", page=page)
    if is_open:
        look(work, incident)


def drop_out(work: Work, page_id: int, why: str = "said_so") -> None:
    """She cannot after all, or nobody knows where she is: the team falls open again."""
    incident, page = lock_page(work, page_id)
    lose(work, incident, page, why)


def lose(work: Work, incident: Incident, page: Page, why: str) -> None:
    """As ``drop_out``, with both rows locked; whoever says it herself need not be looked for."""
    pretends = _pretends(work, incident, page, PageState.DROPPED_OUT)
    again = pretends or page.state is PageState.DROPPED_OUT
    if not again:
        _move(page, PageState.DROPPED_OUT)
    finish_timers(work, PAGE, page.id)
    if again:
        return
    page.ended_at = work.clock.now()
    say(work, incident, "dropped_out", page=page, why=why)
    if incident.state in OPEN_INCIDENT:
        look(work, incident)


def check_in(work: Work, page_id: int) -> None:
    """She says that she is well; her safety timer begins anew.

    Who was given up because she was not there in time is then no longer looked for; who was there
    and not heard of counts again.
    """
    incident, page = lock_page(work, page_id)
    given_up = page.shown is PageState.DROPPED_OUT
    missing = given_up and bool(finish_timers(work, PAGE, page.id, SAFETY_ALARM))
    unheard = given_up and was_unheard(work, page)
    if page.shown not in COMING and not missing and not unheard:
        raise StateError(page_id=page.id)
    for kind in (SAFETY, SAFETY_ALARM):
        finish_timers(work, PAGE, page.id, kind)
    back = unheard and incident.state in OPEN_INCIDENT and _was_there(work, page)
    if page.duress_at is not None:
        later = PageState.ARRIVED if back else page.shown
        seem(work, incident, page, later, looks="checked_in")
    else:
        say(work, incident, "checked_in", page=page)
        if back:
            _move(page, PageState.ARRIVED)
            page.ended_at = None
            look(work, incident)
    if page.shown in COMING:
        check_in_by(work, page, work.clock.now() + CHECK_IN_EVERY)


def not_heard_of(work: Work, incident: Incident, page: Page) -> None:
    """Nor did she answer when asked: she is looked for, and meanwhile the team without her."""
    if page.shown in COMING:
        lose(work, incident, page, "not_heard_of")
    say(work, incident, UNHEARD, page=page)


def _was_there(work: Work, page: Page) -> bool:
    """Whether she had arrived, or looked so under force."""
    looked = work.session.scalar(
        select(IncidentEvent.id)
        .where(
            IncidentEvent.page_id == page.id,
            IncidentEvent.code == "seems",
            IncidentEvent.facts["looks"].astext == PageState.ARRIVED.value,
        )
        .limit(1)
    )
    return page.arrived_at is not None or looked is not None


def send_home(work: Work, page_id: int) -> None:
    """A person at the desk lets her go."""
    incident, page = lock_page(work, page_id)
    if _pretends(work, incident, page, PageState.RELEASED):
        return
    _may(page, PageState.RELEASED)
    release_page(work, incident, page, "sent_home")
    if incident.state in OPEN_INCIDENT:
        look(work, incident)


def _pretends(work: Work, incident: Incident, page: Page, later: PageState) -> bool:
    """Whether she is forced: then only what it looks like moves, as an honest page would."""
    if page.seems is None:
        return False
    if page.seems is later:
        return True
    if not may_become(page.seems, later):
        raise StateError(page_id=page.id)
    if later is PageState.RELEASED:
        release_page(work, incident, page, "sent_home")
    else:
        seem(work, incident, page, later)
    return True


def _promise(work: Work, page: Page, at: datetime) -> None:
    page.promised_at = at
    set_timer(work, kind=PROMISE, subject_type=PAGE, subject_id=page.id, due_at=at + GRACE)
    check_in_by(work, page, at + CHECK_IN_EVERY)


def check_in_by(work: Work, page: Page, at: datetime) -> None:
    """Not heard of by then, she is asked whether she is well."""
    set_timer(work, kind=SAFETY, subject_type=PAGE, subject_id=page.id, due_at=at)


def _may(page: Page, later: PageState) -> None:
    if not may_become(page.state, later):
        raise StateError(page_id=page.id)


def _move(page: Page, later: PageState) -> None:
    _may(page, later)
    page.state = later
