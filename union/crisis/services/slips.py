"""What she says of her page by link, text or app. Invariant: every word needs her two digits.

Signed in is not enough, nor is holding her telephone: both may be in somebody else's hands. Her
other pair raises the silent alarm first, and the alarm stands whatever becomes of her words; what
she says then moves only what it looks like.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TYPE_CHECKING

from union.crisis.errors import StateError
from union.crisis.models import Incident, Page
from union.crisis.queries.missed import is_missed
from union.crisis.rules.answers import MOST_WRONG_TRIES
from union.crisis.rules.kinds import COMING, AnsweredBy, PageState
from union.crisis.rules.progress import may_become
from union.crisis.services.answers import Pair, answer_here, decline, whose_pair, wrong
from union.crisis.services.force import Heard, forced
from union.crisis.services.going import arrive, check_in, lose, set_out
from union.crisis.services.paging import PAGE
from union.crisis.services.safety import call_for_help
from union.crisis.services.staying import leave_her, stay_with_her, who_stays
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
    SET_OUT = "set_out"
    STAY = "stay"
    LEAVE = "leave"


def say_on_slip(
    work: Work,
    page_id: int,
    digits: str,
    act: SlipAct,
    by: AnsweredBy = AnsweredBy.LINK,
    minutes: int | None = None,
) -> Heard:
    """Do what she says, if the digits are hers; ENOUGH where nothing more is to be shown.

    NOT_NOW where it cannot follow from where she stands. ``minutes`` is what she promises when she
    sets out.
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
        forced(work, incident, page, by, says_yes=False)
        heard = Heard.LOOKS_ACCEPTED
    try:
        _ACTS[act](work, incident, page, minutes)
    except StateError:
        return Heard.NOT_NOW
    return heard if page.shown in COMING else Heard.ENOUGH


def acts_on_slip(state: PageState) -> tuple[SlipAct, ...]:
    """What she may say next, from how her page looks; given up, she is shown it while missed."""
    if state is PageState.ARRIVED:
        return (SlipAct.WELL, SlipAct.NOT_COMING, SlipAct.HELP)
    if state is PageState.DROPPED_OUT:
        return (SlipAct.WELL, SlipAct.HELP, SlipAct.THERE, SlipAct.NOT_COMING)
    return (SlipAct.THERE, SlipAct.NOT_COMING, SlipAct.HELP) if state in COMING else ()


def _cannot(work: Work, incident: Incident, page: Page, _minutes: int | None) -> None:
    """Before she said yes it is a refusal, after it she drops out; once ended it changes nothing.

    Not asked and not coming any more, there is nothing left to refuse; but if she was missed, we
    know now that she is well.
    """
    if is_missed(work, page):
        check_in(work, page.id)
    if page.shown is PageState.DROPPED_OUT:
        finish_timers(work, PAGE, page.id)
    if may_become(page.shown, PageState.DROPPED_OUT):
        lose(work, incident, page, "said_so_herself")
    elif may_become(page.shown, PageState.DECLINED):
        decline(work, incident, page)


def _there(work: Work, _incident: Incident, page: Page, _minutes: int | None) -> None:
    arrive(work, page.id)


def _well(work: Work, _incident: Incident, page: Page, _minutes: int | None) -> None:
    check_in(work, page.id)


def _help(work: Work, _incident: Incident, page: Page, _minutes: int | None) -> None:
    call_for_help(work, page.id)


def _set_out(work: Work, _incident: Incident, page: Page, minutes: int | None) -> None:
    set_out(work, page.id, minutes)


def _stay(work: Work, incident: Incident, page: Page, minutes: int | None) -> None:
    """Somebody forced is with nobody: whoever waits with her word is told so at once."""
    if page.shown not in COMING:
        raise StateError(page_id=page.id)
    if page.duress_at is None:
        stay_with_her(work, incident.id)
    elif _stays(work, incident, page):
        _leave(work, incident, page, minutes)


def _leave(work: Work, incident: Incident, page: Page, _minutes: int | None) -> None:
    if page.duress_at is None or _stays(work, incident, page):
        leave_her(work, incident.id)


def _stays(work: Work, incident: Incident, page: Page) -> bool:
    staying = who_stays(work, incident.id)
    return staying is not None and staying.person_id == page.person_id


_ACTS: Mapping[SlipAct, Callable[[Work, Incident, Page, int | None], None]] = {
    SlipAct.CANNOT: _cannot,
    SlipAct.NOT_COMING: _cannot,
    SlipAct.THERE: _there,
    SlipAct.WELL: _well,
    SlipAct.HELP: _help,
    SlipAct.SET_OUT: _set_out,
    SlipAct.STAY: _stay,
    SlipAct.LEAVE: _leave,
}
