"""What came in from outside, put where it belongs. Invariant: the same inbound twice is one.

Whatever is not clearly an answer to a page of hers becomes a contact with a timer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from union.crisis.models import Contact, Page
from union.crisis.queries.open import place_of
from union.crisis.rules import speech
from union.crisis.rules.answers import Answer, Meant, read_answer
from union.crisis.rules.kinds import AnsweredBy, ContactChannel, PageState
from union.crisis.services.answers import (
    Pair,
    answer_page,
    decline_page,
    whose_pair,
)
from union.crisis.services.contacts import receive_contact
from union.crisis.services.drills import answer_text
from union.crisis.services.force import Heard
from union.crisis.services.going import briefed
from union.crisis.services.paging import send_link
from union.crisis.services.report import Report
from union.crisis.services.search import look
from union.crisis.services.timeline import lock_page, say
from union.gateways.port import Inbound, VoiceScript
from union.infra.work import Work
from union.members.queries import persons_with_phone
from union.messages.services import Pressed, read_inbound

CHANNELS = {
    "call": ContactChannel.HOTLINE,
    "missed_call": ContactChannel.MISSED_CALL,
    "sms": ContactChannel.SMS,
    "app": ContactChannel.APP,
}
ANSWERS_WITHIN = timedelta(hours=12)
ANSWERABLE = (PageState.ASKED, PageState.SILENT, PageState.ACCEPTED)


def route_inbound(work: Work, ids: Mapping[str, int]) -> None:
    """Handler of ``inbound_stored``: an answer to a page, else a contact; may run twice."""
    inbound_id = ids["inbound_id"]
    known = work.session.scalar(select(Contact.id).where(Contact.inbound_id == inbound_id))
    if known is not None:
        return
    inbound = read_inbound(work, inbound_id)
    people = persons_with_phone(work, inbound.from_number)
    if inbound.channel in ("sms", "keypad") and _is_answer(work, inbound, people):
        return
    channel = CHANNELS.get(inbound.channel, ContactChannel.SMS)
    receive_contact(
        work,
        Report(
            channel=channel,
            number=inbound.from_number,
            words=inbound.body or None,
            person_id=people[0] if len(people) == 1 else None,
            inbound_id=inbound_id,
            received_at=inbound.at,
        ),
    )


def page_unsent(work: Work, ids: Mapping[str, int]) -> None:
    """Handler of ``message_unsent``: no way to her is left, so the next is asked at once."""
    page_id = work.session.scalar(select(Page.id).where(Page.message_id == ids["message_id"]))
    if page_id is None:
        return
    incident, page = lock_page(work, page_id)
    if page.state is not PageState.ASKED:
        return
    page.state, page.ended_at = PageState.SILENT, work.clock.now()
    say(work, incident, "cannot_be_reached", page=page)
    look(work, incident)


def pressed_keys(work: Work, pressed: Pressed) -> VoiceScript:
    """Keys pressed in a call of ours: her two digits, then 1 for "I know where to go, I go".

    Nothing of the place is spoken before the digits are hers; under duress a place is spoken
    that leads nowhere near.
    """
    page = _page_pressed_for(work, pressed)
    if page is None:
        return speech.farewell(pressed.language)
    if page.shown is PageState.ACCEPTED and pressed.digits == speech.I_GO:
        briefed(work, page.id)
        return speech.thanks(pressed.language)
    if page.shown is PageState.BRIEFED and pressed.digits == speech.I_GO:
        return speech.thanks(pressed.language)
    if pressed.digits == speech.I_CANNOT and page.state is PageState.ASKED:
        decline_page(work, page.id)
        return speech.farewell(pressed.language)
    heard = answer_page(work, page.id, pressed.digits, AnsweredBy.KEYPAD)
    return _next_script(work, page, heard, pressed.language)


def _page_pressed_for(work: Work, pressed: Pressed) -> Page | None:
    """The page this call is about; an older call of a page whose link was renewed finds it too."""
    about = select(Page).where(Page.message_id == pressed.message_id)
    hers = select(Page).where(
        Page.person_id == pressed.person_id, Page.state.in_((*ANSWERABLE, PageState.BRIEFED))
    )
    newest = Page.id.desc()
    return work.session.scalar(about.order_by(newest).limit(1)) or work.session.scalar(
        hers.order_by(newest).limit(1)
    )


def _next_script(work: Work, page: Page, heard: Heard, language: str) -> VoiceScript:
    if heard is Heard.ACCEPTED:
        incident, _ = lock_page(work, page.id)
        return speech.meeting_place(place_of(work, incident) or "", language)
    if heard is Heard.LOOKS_ACCEPTED:
        return speech.meeting_place(speech.nowhere(language), language)
    if heard is Heard.WRONG:
        return speech.again(language)
    return speech.farewell(language)


def _is_answer(work: Work, inbound: Inbound, people: list[int]) -> bool:
    answer = read_answer(inbound.body)
    if answer.meant is Meant.UNCLEAR:
        return False
    page = _page_meant(work, answer, people)
    ended = page is None or page.state not in ANSWERABLE
    if ended and answer_text(work, answer, people):
        return True
    if page is None:
        return False
    if answer.meant is Meant.DECLINE:
        if page.state is PageState.ASKED:
            decline_page(work, page.id)
        return True
    heard = answer_page(work, page.id, answer.digits or "", AnsweredBy.SMS)
    if heard in (Heard.ACCEPTED, Heard.LOOKS_ACCEPTED):
        _, page = lock_page(work, page.id)
        send_link(work, page)
    return True


def _page_meant(work: Work, answer: Answer, people: list[int]) -> Page | None:
    """Her page of tonight: by its four figures, else the newest of whoever there has the pair.

    A late answer to a page that has ended is still an answer: it must not become a new contact.
    """
    pages = list(
        work.session.scalars(
            select(Page)
            .where(Page.person_id.in_(people), Page.asked_at > work.clock.now() - ANSWERS_WITHIN)
            .order_by(Page.state.not_in(ANSWERABLE), Page.id.desc())
        )
    )
    if answer.code is not None:
        return next((page for page in pages if page.code == answer.code), None)
    if answer.digits is not None:
        pair = answer.digits
        hers = (p for p in pages if whose_pair(work, p.person_id, pair) is not Pair.NEITHER)
        return next(hers, None) or next(iter(pages), None)
    return pages[0] if len({page.person_id for page in pages}) == 1 else None
