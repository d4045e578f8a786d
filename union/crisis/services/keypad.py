"""Keys pressed in a call of ours. Invariant: a key means something only after her two digits.

What a key means hangs on what this very call had asked for: whoever picks up another call of hers
begins with the digits again. Nothing of a place is spoken before them; under duress a place is
spoken that leads nowhere near. Where several share a telephone, whoever picks up is known by her
own digits alone: nobody is named, and the call goes on about her own page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.errors import StateError
from union.crisis.models import Incident, Page
from union.crisis.queries.mine import ANSWERABLE, pages_lately
from union.crisis.queries.missed import is_missed
from union.crisis.queries.open import place_of
from union.crisis.queries.taken import meeting_point_of
from union.crisis.rules import speech
from union.crisis.rules.kinds import COMING, IN_CHARGE, AnsweredBy, PageState
from union.crisis.rules.speech import Ask, Key
from union.crisis.services.answers import Pair, answer_page, decline_page, whose_pair
from union.crisis.services.force import Heard
from union.crisis.services.going import arrive, briefed, check_in, drop_out, set_out
from union.crisis.services.safety import call_for_help
from union.crisis.services.slips import SlipAct, say_on_slip
from union.crisis.services.speaking import line_told, ring_for
from union.crisis.services.timeline import lock_page, say
from union.gateways.port import ANSWERED, JOINED, UNANSWERED, VoiceScript
from union.members.queries import persons_with_phone
from union.messages.models import Message
from union.messages.services import Pressed, asked_last, read_inbound, withdraw

if TYPE_CHECKING:
    from union.infra.work import Work

THERE = "there"
"""The text of a call that asks whether she is there; her digits are the answer."""

HEARD_OF = (*ANSWERABLE, *COMING, PageState.DROPPED_OUT)
TOLD = (JOINED, ANSWERED, UNANSWERED)
ON_HER_WAY = (PageState.BRIEFED, PageState.EN_ROUTE)
_GOOD = (Heard.ACCEPTED, Heard.LOOKS_ACCEPTED)


def pressed_keys(work: Work, pressed: Pressed) -> VoiceScript:
    """Her two digits, then one key at a time: what the call says next."""
    rung = _page_pressed_for(work, pressed)
    if rung is None:
        return speech.farewell(pressed.language)
    of_a_line = pressed.digits in TOLD
    asked, _, ref = asked_last(work, pressed.inbound_id, of_a_line=of_a_line).partition(" ")
    found = _page_of(work, ref) if ref else rung
    if asked == Ask.DIGITS and not of_a_line:
        found = _whose(work, pressed, rung)
    incident, page = lock_page(work, found.id)
    script = _answer(work, incident, page, pressed, asked)
    if page.id == rung.id:
        return script
    if page.message_id is not None:
        withdraw(work, page.message_id, "heard_in_another_call")
    if not script.ask and not of_a_line:
        return script
    return replace(script, ask=f"{script.ask} {page.ref}")


def _answer(
    work: Work, incident: Incident, page: Page, pressed: Pressed, asked: str
) -> VoiceScript:
    if pressed.digits in TOLD:
        return _line(work, incident, page, pressed, asked)
    if asked == Ask.MINUTES:
        return _minutes(work, page, pressed)
    if asked == Ask.KEY:
        return _key(work, incident, page, pressed)
    return _digits(work, incident, page, pressed)


def _digits(work: Work, incident: Incident, page: Page, pressed: Pressed) -> VoiceScript:
    if pressed.digits == speech.I_CANNOT and page.state is PageState.ASKED:
        if _others_here(work, pressed, page):
            return speech.again(pressed.language)
        decline_page(work, page.id)
        return speech.farewell(pressed.language)
    if _asks_if_there(work, pressed):
        heard = say_on_slip(work, page.id, pressed.digits, SlipAct.THERE, AnsweredBy.KEYPAD)
        if heard in _GOOD:
            return speech.noted(pressed.language)
    else:
        heard = answer_page(work, page.id, pressed.digits, AnsweredBy.KEYPAD)
        if heard in (*_GOOD, Heard.MISSED):
            return _menu(work, incident, page, pressed)
    return speech.again(pressed.language) if heard is Heard.WRONG else _end(pressed)


def _key(work: Work, incident: Incident, page: Page, pressed: Pressed) -> VoiceScript:
    if not speech.offers_place(page.shown) and not is_missed(work, page):
        return _end(pressed)
    act = _KEYS.get(pressed.digits)
    try:
        return (act or _menu)(work, incident, page, pressed)
    except StateError:
        return _menu(work, incident, page, pressed)


def _line(work: Work, incident: Incident, page: Page, pressed: Pressed, asked: str) -> VoiceScript:
    """What came of the telephones that rang for her; to any other call it means nothing."""
    if pressed.digits != JOINED and asked not in (Ask.LINE, Ask.LAST_LINE):
        return _end(pressed)
    told = line_told(work, incident, page, pressed, again=asked == Ask.LINE)
    return told or _menu(work, incident, page, pressed)


def _minutes(work: Work, page: Page, pressed: Pressed) -> VoiceScript:
    minutes = speech.minutes_of(pressed.digits)
    if minutes is not None and page.shown in ON_HER_WAY:
        set_out(work, page.id, minutes)
    return speech.thanks(pressed.language)


def _menu(work: Work, incident: Incident, page: Page, pressed: Pressed) -> VoiceScript:
    point = meeting_point_of(work.session, incident)
    where = speech.with_point(place_of(work, incident) or "", point, pressed.language)
    if page.duress_at is not None:
        where = speech.nowhere(pressed.language)
    return speech.menu(page.shown, where, pressed.language)


def _go(work: Work, _incident: Incident, page: Page, pressed: Pressed) -> VoiceScript:
    if page.shown in (PageState.ARRIVED, PageState.DROPPED_OUT):
        check_in(work, page.id)
        return speech.noted(pressed.language)
    if page.shown is PageState.ACCEPTED:
        briefed(work, page.id)
    if page.asked_as in IN_CHARGE:
        return speech.noted(pressed.language)
    return speech.how_long(pressed.language)


def _there(work: Work, _incident: Incident, page: Page, pressed: Pressed) -> VoiceScript:
    arrive(work, page.id)
    return speech.noted(pressed.language)


def _help(work: Work, _incident: Incident, page: Page, pressed: Pressed) -> VoiceScript:
    call_for_help(work, page.id)
    return speech.noted(pressed.language)


def _stop(work: Work, _incident: Incident, page: Page, pressed: Pressed) -> VoiceScript:
    if is_missed(work, page):
        check_in(work, page.id)
    drop_out(work, page.id, "said_so_herself")
    return _end(pressed)


def _speak(work: Work, incident: Incident, page: Page, pressed: Pressed) -> VoiceScript:
    numbers = ring_for(work, page)
    if not numbers:
        return _menu(work, incident, page, pressed)
    say(work, incident, "asks_to_speak", page=page)
    return speech.connected(numbers, pressed.language)


_KEYS: Mapping[str, Callable[[Work, Incident, Page, Pressed], VoiceScript]] = {
    Key.GO: _go,
    Key.SPEAK: _speak,
    Key.AGAIN: _menu,
    Key.THERE: _there,
    Key.HELP: _help,
    Key.STOP: _stop,
}


def _end(pressed: Pressed) -> VoiceScript:
    return speech.farewell(pressed.language)


def _asks_if_there(work: Work, pressed: Pressed) -> bool:
    template = select(Message.template).where(Message.id == pressed.message_id)
    return work.session.scalar(template) == THERE


def _page_of(work: Work, ref: str) -> Page:
    return work.session.scalars(select(Page).where(Page.ref == ref)).one()


def _whose(work: Work, pressed: Pressed, rung: Page) -> Page:
    """The page of whoever of those who share the telephone has this pair, else the one rung for."""
    if whose_pair(work, rung.person_id, pressed.digits) is not Pair.NEITHER:
        return rung
    hers = (
        page
        for page in _others_here(work, pressed, rung)
        if whose_pair(work, page.person_id, pressed.digits) is not Pair.NEITHER
    )
    return next(hers, rung)


def _others_here(work: Work, pressed: Pressed, rung: Page) -> list[Page]:
    """What is asked of the others whom the telephone that was rung belongs to."""
    number = read_inbound(work, pressed.inbound_id).from_number
    people = [one for one in persons_with_phone(work, number) if one != rung.person_id]
    if not people:
        return []
    return [one for one in pages_lately(work, people) if one.shown in HEARD_OF]


def _page_pressed_for(work: Work, pressed: Pressed) -> Page | None:
    """The page this call is about; an older call of a page whose link was renewed finds it too."""
    about = select(Page).where(Page.message_id == pressed.message_id)
    hers = select(Page).where(Page.person_id == pressed.person_id, Page.state.in_(HEARD_OF))
    newest = Page.id.desc()
    return work.session.scalar(about.order_by(newest).limit(1)) or work.session.scalar(
        hers.order_by(newest).limit(1)
    )
