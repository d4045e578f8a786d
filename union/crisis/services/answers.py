"""Answers to a page. Invariant (C3): only a live voice or her own two digits move it.

She counts from when she is briefed. A delivery, a ring, a fetched link and a stranger's key change
nothing. Her other pair means somebody forces her: it looks accepted, counts for nothing, is told
to the coordinators without a sound, and she is never asked again in this incident.
"""

from __future__ import annotations

import hmac
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import exists, or_, select

from union.crisis.errors import StateError
from union.crisis.models import Certificate, Incident, Page, TeamProfile
from union.crisis.queries.missed import is_missed
from union.crisis.rules.answers import MOST_WRONG_TRIES, is_pair
from union.crisis.rules.kinds import (
    COMING,
    IN_CHARGE,
    OPEN_INCIDENT,
    AnsweredBy,
    PageState,
)
from union.crisis.rules.progress import may_become
from union.crisis.services.force import Heard, forced
from union.crisis.services.going import brief_page, brief_soon
from union.crisis.services.paging import PAGE, release_page, seem, set_aside
from union.crisis.services.search import hold, is_full, look
from union.crisis.services.timeline import a_person, lock_page, say
from union.infra.timers import finish_timers
from union.messages.services import heard_back

if TYPE_CHECKING:
    from union.infra.work import Work


class Pair(StrEnum):
    """Which of her pairs two digits are."""

    HERS = "hers"
    DURESS = "duress"
    NEITHER = "neither"


def pair_hash(work: Work, person_id: int, digits: str) -> bytes:
    """The keyed hash under which a pair is kept."""
    return work.vault.fingerprint("digits", f"{person_id}:{digits}")


def whose_pair(work: Work, person_id: int, digits: str) -> Pair:
    """Compare two digits with hers and with her duress pair, in the same time for each."""
    profile = work.session.get(TeamProfile, person_id)
    if profile is None or not is_pair(digits):
        return Pair.NEITHER
    given = pair_hash(work, person_id, digits)
    hers = hmac.compare_digest(given, profile.digits_hash or b"")
    duress = hmac.compare_digest(given, profile.duress_hash or b"")
    if hers:
        return Pair.HERS
    return Pair.DURESS if duress else Pair.NEITHER


def answer_page(work: Work, page_id: int, digits: str, by: AnsweredBy) -> Heard:
    """She answers with two digits; the same answer twice is told the same and does nothing new."""
    incident, page = lock_page(work, page_id)
    if page.wrong_tries >= MOST_WRONG_TRIES:
        return Heard.LOCKED
    pair = whose_pair(work, page.person_id, digits)
    if pair is Pair.NEITHER:
        return wrong(work, incident, page)
    heard_back(work, page.message_id)
    if pair is Pair.DURESS or page.duress_at is not None:
        return forced(work, incident, page, by)
    return _accept(work, incident, page, by)


def answer_link(work: Work, page_id: int, digits: str) -> Heard:
    """She answers on the page of her link, which then shows where to go: that briefs her."""
    return answer_here(work, page_id, digits, AnsweredBy.LINK)


def answer_here(work: Work, page_id: int, digits: str, by: AnsweredBy) -> Heard:
    """She answers on a page that shows her in the same breath where to go."""
    heard = answer_page(work, page_id, digits, by)
    if heard is Heard.ACCEPTED:
        incident, page = lock_page(work, page_id)
        brief_page(work, incident, page)
    return heard


def record_live_answer(work: Work, page_id: int, *, comes: bool) -> Heard:
    """A person of ours spoke with her and writes down what she said: that counts as hers (C3)."""
    a_person(work)
    incident, page = lock_page(work, page_id)
    if not comes:
        decline(work, incident, page)
        return Heard.ACCEPTED
    if page.duress_at is not None:
        return Heard.LOOKS_ACCEPTED
    return _accept(work, incident, page, AnsweredBy.LIVE_VOICE)


def decline_page(work: Work, page_id: int) -> None:
    """She cannot come; the next is asked at once."""
    incident, page = lock_page(work, page_id)
    decline(work, incident, page)


def decline(work: Work, incident: Incident, page: Page) -> None:
    """As ``decline_page``, with both rows locked."""
    if page.shown is PageState.DECLINED:
        return
    heard_back(work, page.message_id)
    if page.duress_at is not None:
        seem(work, incident, page, PageState.DECLINED)
        return
    if not may_become(page.state, PageState.DECLINED):
        raise StateError(page_id=page.id)
    page.state, page.ended_at = PageState.DECLINED, work.clock.now()
    finish_timers(work, PAGE, page.id)
    say(work, incident, "declined", page=page)
    if incident.state in OPEN_INCIDENT:
        look(work, incident)


def _accept(work: Work, incident: Incident, page: Page, by: AnsweredBy) -> Heard:
    if page.state is PageState.ACCEPTED or page.state in COMING:
        return Heard.ACCEPTED
    if incident.state not in OPEN_INCIDENT:
        return _unless_missed(work, page, Heard.OVER)
    if page.state is PageState.RELEASED:
        return Heard.ENOUGH
    if not may_become(page.state, PageState.ACCEPTED):
        raise StateError(page_id=page.id)
    if page.asked_as not in IN_CHARGE and is_full(work, incident, page.asked_as):
        return _thanks(work, incident, page)
    if set_aside(work, incident, page) is not None:
        return Heard.ACCEPTED
    page.state, page.ended_at = PageState.ACCEPTED, None
    page.answered_at, page.answered_by = work.clock.now(), by
    finish_timers(work, PAGE, page.id)
    say(work, incident, "accepted", page=page, by=by)
    if page.asked_as in IN_CHARGE:
        hold(work, incident, page.person_id)
        brief_page(work, incident, page)
    else:
        brief_soon(work, page)
    return Heard.ACCEPTED


def _thanks(work: Work, incident: Incident, page: Page) -> Heard:
    if page.state is PageState.ASKED:
        release_page(work, incident, page, "enough_are_coming")
    return _unless_missed(work, page, Heard.ENOUGH)


def _unless_missed(work: Work, page: Page, heard: Heard) -> Heard:
    """Who was given up unheard is asked how she is, whoever else is coming."""
    return Heard.MISSED if is_missed(work, page) else heard


def wrong(work: Work, incident: Incident, page: Page) -> Heard:
    """Neither pair of hers: counted, and so often only."""
    page.wrong_tries += 1
    say(work, incident, "wrong_digits", page=page, tries=page.wrong_tries)
    if page.wrong_tries >= MOST_WRONG_TRIES:
        say(work, incident, "digits_locked", page=page)
        return Heard.LOCKED
    return Heard.WRONG


def page_of_token(work: Work, token: str) -> Page | None:
    """The page a one-time link belongs to, while it holds; reading it answers nothing (C6).

    Whose paper was taken back since learns of no place by it. Who knows it already keeps the
    link, for by it she calls for help herself.
    """
    taken_back = exists().where(
        Certificate.id == Page.certificate_id, Certificate.revoked_at.is_not(None)
    )
    return work.session.scalar(
        select(Page).where(
            Page.token_hash == work.vault.fingerprint("token", token),
            Page.token_until > work.clock.now(),
            or_(Page.briefed_at.is_not(None), Page.lapsed_override_by.is_not(None), ~taken_back),
        )
    )
