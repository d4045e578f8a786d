"""What she says of her page by link, text or app. Invariant: every word needs her two digits.

Her other pair raises the silent alarm first, and the alarm stands whatever becomes of her words;
what she says then moves only what it looks like.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from union.crisis.errors import StateError
from union.crisis.models import Incident, Page
from union.crisis.rules.answers import MOST_WRONG_TRIES
from union.crisis.rules.kinds import COMING, AnsweredBy, PageState
from union.crisis.rules.progress import may_become
from union.crisis.services.answers import Pair, answer_here, decline, whose_pair, wrong
from union.crisis.services.force import Heard, forced
from union.crisis.services.going import arrive, check_in, lose
from union.crisis.services.paging import PAGE
from union.crisis.services.safety import call_for_help
from union.crisis.services.timeline import lock_page
from union.infra.timers import finish_timers

if TYPE_CHECKING:
    from union.infra.work import Work


class SlipAct(StrEnum):
    """What can be said on a slip."""

    SHOW = "show"
    CANNOT = "cannot"
    THERE = "there"
    NOT_COMING = "not_coming"
    WELL = "well"
    HELP = "help"


def say_on_slip(
    work: Work, page_id: int, digits: str, act: SlipAct, by: AnsweredBy = AnsweredBy.LINK
) -> Heard:
    """Do what she says, if the digits are hers; ENOUGH where nothing more is to be shown.

    NOT_NOW where it cannot follow from where she stands.
    """
    if act is SlipAct.SHOW:
        return answer_here(work, page_id, digits, by)
    incident, page = lock_page(work, page_id)
    if page.wrong_tries >= MOST_WRONG_TRIES:
        return Heard.LOCKED
    pair = whose_pair(work, page.person_id, digits)
    if pair is Pair.NEITHER:
        return wrong(work, incident, page)
    heard = Heard.ACCEPTED
    if pair is Pair.DURESS or page.duress_at is not None:
        heard = forced(work, incident, page, by)
    try:
        _ACTS[act](work, incident, page)
    except StateError:
        return Heard.NOT_NOW
    return heard if page.shown in COMING else Heard.ENOUGH


def acts_on_slip(state: PageState) -> tuple[SlipAct, ...]:
    """What she may say next, from how her page looks."""
    if state is PageState.ARRIVED:
        return (SlipAct.WELL, SlipAct.NOT_COMING, SlipAct.HELP)
    return (SlipAct.THERE, SlipAct.NOT_COMING, SlipAct.HELP) if state in COMING else ()


def _cannot(work: Work, incident: Incident, page: Page) -> None:
    """Before she said yes it is a refusal, after it she drops out; once ended it changes nothing.

    Not asked and not coming any more, there is nothing left to refuse; but if she was looked
    for because she was not there in time, we know now that she is well.
    """
    if page.shown is PageState.DROPPED_OUT:
        finish_timers(work, PAGE, page.id)
    if may_become(page.shown, PageState.DROPPED_OUT):
        lose(work, incident, page, "said_so_herself")
    elif may_become(page.shown, PageState.DECLINED):
        decline(work, incident, page)


def _there(work: Work, _incident: Incident, page: Page) -> None:
    arrive(work, page.id)


def _well(work: Work, _incident: Incident, page: Page) -> None:
    check_in(work, page.id)


def _help(work: Work, _incident: Incident, page: Page) -> None:
    call_for_help(work, page.id)


_ACTS: Mapping[SlipAct, Callable[[Work, Incident, Page], None]] = {
    SlipAct.CANNOT: _cannot,
    SlipAct.NOT_COMING: _cannot,
    SlipAct.THERE: _there,
    SlipAct.WELL: _well,
    SlipAct.HELP: _help,
}
