"""Drills. Invariant: a drill goes by the very ways of a page and counts nowhere an incident does.

It never goes out while people near her are needed, nor at night unless she agreed. Only her own
two digits, or a person who spoke with her, answer it; her other pair tells those in charge.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from secrets import randbelow
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import TeamProfile
from union.crisis.models.drills import DrillPage, DrillPlan
from union.crisis.models.rota import RotaWish
from union.crisis.queries.drills import drills_lately, drills_on, must_wait, without_drill
from union.crisis.rules import speech
from union.crisis.rules.answers import MOST_WRONG_TRIES, Answer, Meant
from union.crisis.rules.drills import ANSWER_WITHIN, DrillState, may_go, moment
from union.crisis.rules.kinds import AnsweredBy
from union.crisis.services.answers import Pair, whose_pair
from union.crisis.services.force import Heard
from union.crisis.services.holes import begin_looking
from union.crisis.services.paging import CODE_LENGTH, OTHER_WAY_AFTER, USUAL_WAYS, look_at_the_desk
from union.crisis.services.timeline import a_person
from union.gateways.port import VoiceScript
from union.identity.queries import people_with_role
from union.infra.timers import Timer, finish_timers, set_timer, take_timer
from union.kernel.actor import Role
from union.kernel.ids import new_digits, new_ref, new_token
from union.kernel.periods import Month
from union.messages.services import (
    Outgoing,
    Pressed,
    heard_back,
    send,
    send_all,
    try_another_way,
    withdraw,
)

if TYPE_CHECKING:
    from collections.abc import Collection

    from union.infra.work import Work

SEND = "drill_send"
SILENCE = "drill_silence"
OTHER_WAY = "drill_other_way"
SUBJECT = "drill_page"
TRY_AGAIN = timedelta(hours=3)
PARTS = 10_000


def switch_drills(work: Work, *, on: bool) -> None:
    """From now on drills go out every month, or no more; what is planned is let be then."""
    work.session.add(DrillPlan(is_on=on, at=work.clock.now(), by_person_id=a_person(work)))
    work.session.flush()
    begin_looking(work)
    if on:
        plan_drills(work)


def plan_drills(work: Work) -> int:
    """Plan this month's drill for whoever has none yet, at a moment of chance; say how many."""
    if not drills_on(work):
        return 0
    today = work.clock.today()
    month = Month(today.year, today.month)
    left = (month.last_day - today).days
    planned = 0
    for due in without_drill(work, month.first_day):
        day = today + timedelta(days=randbelow(left + 1))
        at = moment(day, randbelow(PARTS) / PARTS, work.clock.zone, at_night=due.at_night)
        if at > work.clock.now():
            _plan(work, due.person_id, month.first_day, at)
            planned += 1
    return planned


def on_send(work: Work, timer: Timer) -> None:
    """Its moment has come: it goes out, waits for a quieter one, or is let be this month."""
    drill = _lock(work, timer.subject_id)
    if not take_timer(work, timer) or drill.state is not DrillState.PLANNED:
        return
    if not drills_on(work):
        _let_be(work, drill)
    elif must_wait(work, drill.person_id) or not _may_go_now(work, drill):
        _later(work, drill)
    else:
        _send(work, drill)


def on_other_way(work: Work, timer: Timer) -> None:
    """Asked a while ago and not a word: by another of her ways, as a page would go."""
    drill = _lock(work, timer.subject_id)
    waits = drill.state is DrillState.SENT and drill.message_id is not None
    if take_timer(work, timer) and waits:
        try_another_way(work, drill.message_id or 0)


def on_silence(work: Work, timer: Timer) -> None:
    """She has not answered in two hours: that is kept, and nothing else comes of it."""
    drill = _lock(work, timer.subject_id)
    if take_timer(work, timer) and drill.state is DrillState.SENT:
        drill.state = DrillState.SILENT
        if drill.message_id is not None:
            withdraw(work, drill.message_id)
        work.session.flush()


def answer_drill(work: Work, drill_id: int, digits: str, by: AnsweredBy) -> Heard:
    """Her two digits; what she then hears is what she hears where enough are coming."""
    drill = _lock(work, drill_id)
    if drill.wrong_tries >= MOST_WRONG_TRIES:
        return Heard.LOCKED
    pair = whose_pair(work, drill.person_id, digits)
    if pair is Pair.NEITHER:
        drill.wrong_tries += 1
        work.session.flush()
        return Heard.LOCKED if drill.wrong_tries >= MOST_WRONG_TRIES else Heard.WRONG
    if pair is Pair.DURESS:
        _forced(work, drill)
    elif drill.state in (DrillState.SENT, DrillState.SILENT) and drill.duress_at is None:
        _answered(work, drill, by)
    return Heard.ENOUGH


def answer_token(work: Work, token: str, digits: str) -> Heard | None:
    """The same on the page of her link; None where the token is of no drill."""
    drill_id = work.session.scalar(
        select(DrillPage.id).where(DrillPage.token_hash == work.vault.fingerprint("token", token))
    )
    return None if drill_id is None else answer_drill(work, drill_id, digits, AnsweredBy.LINK)


def answer_text(work: Work, answer: Answer, people: Collection[int]) -> bool:
    """A text that answers a drill; False if none of these people's drills is meant."""
    drills = drills_lately(work, people)
    if answer.code is not None:
        drills = [one for one in drills if one.code == answer.code]
    if not drills:
        return False
    if answer.meant is Meant.DECLINE:
        return True
    digits = answer.digits or ""
    hers = (d for d in drills if whose_pair(work, d.person_id, digits) is not Pair.NEITHER)
    answer_drill(work, next(hers, drills[0]).id, digits, AnsweredBy.SMS)
    return True


def pressed_drill(work: Work, pressed: Pressed) -> VoiceScript:
    """Keys pressed in the call of a drill: her two digits, and she is thanked."""
    drill_id = work.session.scalar(
        select(DrillPage.id).where(DrillPage.message_id == pressed.message_id)
    )
    if drill_id is None or pressed.digits == speech.I_CANNOT:
        return speech.farewell(pressed.language)
    heard = answer_drill(work, drill_id, pressed.digits, AnsweredBy.KEYPAD)
    if heard is Heard.WRONG:
        return speech.again(pressed.language)
    return speech.farewell(pressed.language)


def spoke_with_her(work: Work, drill_id: int) -> None:
    """A person rang and asked how she is: after three silent ones, or after one under force."""
    drill = _lock(work, drill_id)
    drill.spoken_by_person_id = drill.spoken_by_person_id or a_person(work)
    drill.spoken_at = drill.spoken_at or work.clock.now()
    work.session.flush()


def _lock(work: Work, drill_id: int) -> DrillPage:
    return work.session.get_one(DrillPage, drill_id, with_for_update=True, populate_existing=True)


def _plan(work: Work, person_id: int, month: date, at: datetime) -> None:
    drill = DrillPage(
        ref=new_ref(),
        person_id=person_id,
        month=month,
        state=DrillState.PLANNED,
        due_at=at,
        code=new_digits(CODE_LENGTH),
        wrong_tries=0,
    )
    work.session.add(drill)
    work.session.flush()
    set_timer(work, kind=SEND, subject_type=SUBJECT, subject_id=drill.id, due_at=at)


def _may_go_now(work: Work, drill: DrillPage) -> bool:
    wish = work.session.get(RotaWish, drill.person_id)
    local = work.clock.now().astimezone(work.clock.zone)
    return may_go(local, at_night=wish is not None and wish.drills_at_night)


def _later(work: Work, drill: DrillPage) -> None:
    """Three hours on, or the next morning; a month that is over is let be."""
    at = work.clock.now() + TRY_AGAIN
    if not may_go(at.astimezone(work.clock.zone), at_night=False):
        tomorrow = work.clock.today() + timedelta(days=1)
        at = moment(tomorrow, randbelow(PARTS) / PARTS, work.clock.zone, at_night=False)
    if at.astimezone(work.clock.zone).date().replace(day=1) != drill.month:
        _let_be(work, drill)
        return
    drill.due_at = at
    set_timer(work, kind=SEND, subject_type=SUBJECT, subject_id=drill.id, due_at=at)


def _let_be(work: Work, drill: DrillPage) -> None:
    drill.state = DrillState.LET_BE
    work.session.flush()


def _send(work: Work, drill: DrillPage) -> None:
    token = new_token()
    profile = work.session.get(TeamProfile, drill.person_id)
    message = send(
        work,
        Outgoing(
            purpose="drill",
            template="page",
            channels=(profile.reached_by if profile else None) or USUAL_WAYS,
            person_id=drill.person_id,
            params={"token": token, "slip": drill.code},
            urgent=True,
        ),
    )
    if message.state == "withheld":
        _let_be(work, drill)
        return
    drill.state, drill.sent_at = DrillState.SENT, work.clock.now()
    drill.message_id = message.id
    drill.token_hash = work.vault.fingerprint("token", token)
    work.session.flush()
    for kind, after in ((OTHER_WAY, OTHER_WAY_AFTER), (SILENCE, ANSWER_WITHIN)):
        due_at = work.clock.now() + after
        set_timer(work, kind=kind, subject_type=SUBJECT, subject_id=drill.id, due_at=due_at)


def _answered(work: Work, drill: DrillPage, by: AnsweredBy) -> None:
    drill.state = DrillState.ANSWERED
    drill.answered_at, drill.answered_by = work.clock.now(), by
    finish_timers(work, SUBJECT, drill.id)
    heard_back(work, drill.message_id)
    if drill.message_id is not None:
        withdraw(work, drill.message_id)
    work.session.flush()


def _forced(work: Work, drill: DrillPage) -> None:
    """It sounds answered and is not; those in charge are told at once, and ring quietly."""
    if drill.duress_at is not None:
        return
    drill.duress_at = work.clock.now()
    drill.state, drill.answered_at, drill.answered_by = DrillState.SILENT, None, None
    drill.spoken_at = drill.spoken_by_person_id = None
    finish_timers(work, SUBJECT, drill.id)
    work.session.flush()
    roles = (Role.COORDINATOR, Role.DUTY_OFFICER)
    people = sorted({one for role in roles for one in people_with_role(work, role)})
    send_all(work, [look_at_the_desk(person_id) for person_id in people])
