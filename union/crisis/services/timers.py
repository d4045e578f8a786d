"""What happens when time is up. Invariant: run twice, a handler does its work once.

Each locks its subject, then takes its timer, and leaves an open contact or incident with another.
"""

from __future__ import annotations

from collections.abc import Mapping

from union.crisis.models import Page
from union.crisis.queries.missed import SAFETY_ALARM
from union.crisis.rules.kinds import COMING, OPEN_INCIDENT, ContactState, PageState
from union.crisis.services.contacts import CONTACT_TIMER, overflow
from union.crisis.services.going import (
    BRIEF,
    BRIEF_WITHIN,
    PROMISE,
    SAFETY,
    brief_soon,
    lose,
)
from union.crisis.services.lines import to_be_told
from union.crisis.services.minors import MINOR_TIMER, on_minor
from union.crisis.services.paging import OTHER_WAY, look_at_the_desk, send_link
from union.crisis.services.safety import raise_alarm, warn
from union.crisis.services.search import STEP, WATCH, WATCH_EVERY, advance, plan
from union.crisis.services.staying import STAYING_TIMER, on_staying
from union.crisis.services.timeline import lock_contact, lock_incident, lock_page, say
from union.infra.timers import Timer, TimerHandler, take_timer
from union.infra.work import Work
from union.messages.services import send_all, try_another_way

MOST_BRIEFINGS = 3


def on_step(work: Work, timer: Timer) -> None:
    """The wait of a step is over."""
    incident = lock_incident(work, timer.subject_id)
    if take_timer(work, timer) and incident.state in OPEN_INCIDENT:
        advance(work, incident)


def on_watch(work: Work, timer: Timer) -> None:
    """A filled team that has not ended it: the desk is told to ask how it goes."""
    incident = lock_incident(work, timer.subject_id)
    if not take_timer(work, timer) or incident.state not in OPEN_INCIDENT:
        return
    say(work, incident, "ask_how_it_goes")
    plan(work, incident, WATCH, WATCH_EVERY)


def on_contact(work: Work, timer: Timer) -> None:
    """Nobody took a contact in time: second phones, then the duty officer, over and over."""
    contact = lock_contact(work, timer.subject_id)
    if not take_timer(work, timer) or contact.state is ContactState.DEALT:
        return
    overflow(work, contact)
    people = to_be_told(work, contact)
    send_all(work, [look_at_the_desk(person_id) for person_id in people])


def on_other_way(work: Work, timer: Timer) -> None:
    """Asked a while ago and not a word: tell her by another of her ways."""
    page = work.session.get_one(Page, timer.subject_id, with_for_update=True)
    if take_timer(work, timer) and page.state is PageState.ASKED and page.message_id is not None:
        try_another_way(work, page.message_id)


def on_brief(work: Work, timer: Timer) -> None:
    """She said yes and does not know where to go yet: tell her again, then ask somebody else.

    A forced yes is told again too; only it never counts.
    """
    incident, page = lock_page(work, timer.subject_id)
    if not take_timer(work, timer) or page.shown is not PageState.ACCEPTED:
        return
    if _briefings(work, page) >= MOST_BRIEFINGS:
        lose(work, incident, page, "not_briefed_in_time")
        return
    send_link(work, page)
    say(work, incident, "briefing_sent", page=page)
    brief_soon(work, page)


def on_promise(work: Work, timer: Timer) -> None:
    """She is not there by the time she promised: she no longer counts, and is looked for."""
    incident, page = lock_page(work, timer.subject_id)
    if take_timer(work, timer) and page.shown in (PageState.BRIEFED, PageState.EN_ROUTE):
        lose(work, incident, page, "not_arrived_in_time")
        warn(work, incident, page)


def on_safety(work: Work, timer: Timer) -> None:
    """She has not been heard of since she was there."""
    incident, page = lock_page(work, timer.subject_id)
    if take_timer(work, timer) and page.shown in COMING:
        warn(work, incident, page)


def on_safety_alarm(work: Work, timer: Timer) -> None:
    """Nor did she answer the warning, be she there or given up on her way."""
    incident, page = lock_page(work, timer.subject_id)
    if take_timer(work, timer) and page.shown in (*COMING, PageState.DROPPED_OUT):
        raise_alarm(work, incident, page)


def _briefings(work: Work, page: Page) -> int:
    since = page.answered_at or page.duress_at or page.asked_at
    return int((work.clock.now() - since) / BRIEF_WITHIN)


TIMERS: Mapping[str, TimerHandler] = {
    STEP: on_step,
    WATCH: on_watch,
    CONTACT_TIMER: on_contact,
    OTHER_WAY: on_other_way,
    BRIEF: on_brief,
    PROMISE: on_promise,
    SAFETY: on_safety,
    SAFETY_ALARM: on_safety_alarm,
    MINOR_TIMER: on_minor,
    STAYING_TIMER: on_staying,
}
"""Who acts when a timer of each kind of ours is due."""
