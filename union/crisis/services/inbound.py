"""What came in from outside, put where it belongs. Invariant: the same inbound twice is one.

Whatever is not clearly an answer to a page of hers becomes a contact with a timer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from sqlalchemy import select

from union.crisis.models import Contact, Page
from union.crisis.queries.mine import ANSWERABLE, pages_lately
from union.crisis.rules.answers import Answer, Meant, Says, denies, read_answer
from union.crisis.rules.kinds import (
    COMING,
    OPEN_INCIDENT,
    AnsweredBy,
    ContactChannel,
    PageState,
)
from union.crisis.services.answers import (
    Pair,
    answer_page,
    decline_page,
    whose_pair,
)
from union.crisis.services.contacts import receive_contact
from union.crisis.services.drills import answer_text
from union.crisis.services.force import Heard
from union.crisis.services.keypad import THERE
from union.crisis.services.offer_text import answer_offer_text, asked_tonight
from union.crisis.services.own_phone import she_goes
from union.crisis.services.paging import send_link
from union.crisis.services.report import Report
from union.crisis.services.search import look
from union.crisis.services.slips import SlipAct, say_on_slip
from union.crisis.services.timeline import lock_page, say
from union.gateways import port
from union.gateways.port import GOING, Inbound
from union.infra.work import Work
from union.members.queries import persons_with_phone
from union.members.services import stop_phone_changes
from union.members.services.new_cards import stop_new_cards
from union.members.services.stop_erasing import stop_erasures
from union.messages.models import Message
from union.messages.services import read_inbound

CHANNELS = {
    "call": ContactChannel.HOTLINE,
    "missed_call": ContactChannel.MISSED_CALL,
    "sms": ContactChannel.SMS,
    "app": ContactChannel.APP,
}
RUNG_LATELY = timedelta(minutes=1)
NEXT_AT_THIS_PHONE = timedelta(seconds=90)
BRIEFING = "briefing"
HEARD_OF = (*ANSWERABLE, *COMING)
UNDER_WAY = (*COMING, PageState.DROPPED_OUT)
MISSED = {port.YES: BRIEFING, port.THERE: THERE}
"""By which number she rang, as the gateway names it: what the call back is about."""

ACTS = {
    Says.THERE: SlipAct.THERE,
    Says.WELL: SlipAct.WELL,
    Says.HELP: SlipAct.HELP,
}


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
    if inbound.channel == "missed_call" and _is_missed_answer(work, inbound, people):
        return
    if inbound.channel == "missed_call" and inbound.body == GOING:
        she_goes(work, inbound, inbound_id, people)
        return
    channel = CHANNELS.get(inbound.channel, ContactChannel.SMS)
    receive_contact(
        work,
        Report(
            channel=channel,
            number=inbound.from_number,
            words=None if inbound.channel == "missed_call" else inbound.body or None,
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


def _is_answer(work: Work, inbound: Inbound, people: list[int]) -> bool:
    """Whether it was an answer and nothing else; what says more is a contact besides (C1)."""
    answer = read_answer(inbound.body)
    if _answers_aside(work, inbound, people, answer):
        return True
    if answer.meant is Meant.UNCLEAR:
        return False
    page = _page_meant(work, answer, people)
    ended = page is None or page.shown not in HEARD_OF
    if ended and answer.meant is not Meant.WORD and answer_text(work, answer, people):
        return answer.says is not Says.HELP and not answer.tells_more
    if page is None:
        return False
    if answer.digits is None:
        return _without_digits(work, page, answer.says)
    return _with_digits(work, page, answer) and not answer.tells_more


def _answers_aside(work: Work, inbound: Inbound, people: list[int], answer: Answer) -> bool:
    """A lone yes or no while nothing is asked of her tonight: her number changed, free hours."""
    is_word = answer.meant in (Meant.UNCLEAR, Meant.DECLINE) and answer.code is None
    if not is_word or asked_tonight(work, people):
        return False
    stopped = denies(inbound.body) and _stop_changes(work, inbound.from_number)
    return stopped or answer_offer_text(work, inbound.body, people)


def _stop_changes(work: Work, number: str) -> bool:
    """Whatever this number was told of: one no means all of it."""
    phones, cards = stop_phone_changes(work, number), stop_new_cards(work, number)
    return stop_erasures(work, number) or phones or cards


def _without_digits(work: Work, page: Page, says: Says | None) -> bool:
    """A refusal needs none while she is only asked; whatever else she says, she is rung for them.

    False where it is for a person to read.
    """
    if says is Says.NO and page.state is PageState.ASKED:
        decline_page(work, page.id)
    elif says is Says.NO and page.shown in (PageState.ACCEPTED, *COMING):
        ring_back(work, page, BRIEFING)
    elif says is Says.THERE:
        return page.shown in UNDER_WAY and ring_back(work, page, THERE)
    return True


def _with_digits(work: Work, page: Page, answer: Answer) -> bool:
    """False where somebody must read it besides: not her digits, or help we could not call."""
    act = _act_of(page, answer.says)
    if act is not None:
        heard = say_on_slip(work, page.id, answer.digits or "", act, AnsweredBy.SMS)
    else:
        heard = answer_page(work, page.id, answer.digits or "", AnsweredBy.SMS)
        if heard in (Heard.ACCEPTED, Heard.LOOKS_ACCEPTED, Heard.MISSED):
            _, page = lock_page(work, page.id)
            send_link(work, page)
    helped = act is SlipAct.HELP and heard is not Heard.NOT_NOW
    if answer.says is Says.HELP and not helped:
        return False
    return heard is not Heard.WRONG or not answer.has_words


def _act_of(page: Page, says: Says | None) -> SlipAct | None:
    """What a word beside her digits asks for; "ok" from somebody who is asked is her yes."""
    if says is Says.NO:
        return SlipAct.CANNOT
    return ACTS.get(says) if says is not None and page.shown in UNDER_WAY else None


def _is_missed_answer(work: Work, inbound: Inbound, people: list[int]) -> bool:
    """A missed call to the number for yes, or to the one for "I am there": she is rung back.

    It counts for nothing by itself (C3): whoever holds her phone can ring. Her digits in the call
    back do. Without a page of hers it is somebody who needs us.
    """
    template = MISSED.get(inbound.body)
    if template is None:
        return False
    states = (*ANSWERABLE, PageState.DECLINED) if template == BRIEFING else UNDER_WAY
    newest: dict[int, Page] = {}
    for page in pages_lately(work, people):
        if page.shown in states:
            newest.setdefault(page.person_id, page)
    rung = [
        ring_back(work, page, template, after=place * NEXT_AT_THIS_PHONE)
        for place, page in enumerate(newest.values())
    ]
    return any(rung)


def ring_back(work: Work, page: Page, template: str, after: timedelta = timedelta(0)) -> bool:
    """Ring her for her digits, unless she is rung already; False where it is over.

    Those who share her telephone are rung ``after`` her, unless they said theirs in her call.
    """
    incident, page = lock_page(work, page.id)
    if incident.state not in OPEN_INCIDENT:
        return False
    since = work.clock.now() - RUNG_LATELY
    rung = select(Message.id).where(
        Message.id == page.message_id,
        Message.purpose == BRIEFING,
        Message.template == template,
        Message.made_at > since,
    )
    if work.session.scalar(rung) is None:
        send_link(work, page, template, after)
        say(work, incident, "rang_once", page=page)
    return True


def _page_meant(work: Work, answer: Answer, people: list[int]) -> Page | None:
    """Her page of tonight: by its four figures, else the newest of whoever there has the pair.

    A late answer to a page that has ended is still an answer: it must not become a new contact.
    """
    pages = pages_lately(work, people)
    if answer.code is not None:
        return next((page for page in pages if page.code == answer.code), None)
    if answer.digits is not None:
        pair = answer.digits
        hers = (p for p in pages if whose_pair(work, p.person_id, pair) is not Pair.NEITHER)
        return next(hers, None) or next(iter(pages), None)
    return pages[0] if len({page.person_id for page in pages}) == 1 else None
