"""Reminders sent and stopped. Invariant: nobody is told what was not looked at, nor who has paid.

A round goes out a quarter of an hour after the word was given, so that it can be stopped; until
the last of it has gone, those who paid, or whose payment is known of, are taken out of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert

from union.dues.errors import ListChangedError, NobodyToRemindError, RegisterJustCameError
from union.dues.models import KnownPayment, Payment, Reminder, ReminderRound
from union.dues.queries.accounts import kept_ids
from union.dues.queries.reminders import (
    WAYS,
    Reminding,
    known_payers,
    register_came_in_today,
    remindings,
    seen_as,
    waiting_messages,
)
from union.dues.queries.rules import rule_on
from union.infra import audit
from union.infra.timers import Timer, TimerHandler, set_timer, take_timer
from union.infra.work import Work
from union.kernel.ids import new_ref
from union.kernel.periods import Month
from union.messages.rules.reach import Purpose
from union.messages.services import Outgoing, send_all, withdraw

PAUSE = timedelta(minutes=15)
LOOK_AGAIN = "dues_reminders"
TEMPLATES = {1: "reminder", 2: "reminder_second", 3: "reminder_third"}
_ROUND_LOCK = 6011


def send_reminders(work: Work, seen: str) -> ReminderRound:
    """Send what was looked at: ``seen`` is the mark of the preview (``seen_as``).

    ListChangedError if somebody paid or fell behind since; NobodyToRemindError;
    RegisterJustCameError on the day a register came in.
    """
    work.session.execute(select(func.pg_advisory_xact_lock(_ROUND_LOCK)))
    if register_came_in_today(work):
        raise RegisterJustCameError
    found = remindings(work)
    going = [one for one in found if one.why_not is None]
    if not going:
        raise NobodyToRemindError
    if seen_as(found) != seen:
        raise ListChangedError
    return _send(work, going)


def stop_round(work: Work, round_id: int) -> int:
    """Stop what of a round has not gone yet; how many words were stopped."""
    waiting = waiting_messages(work, round_id=round_id)
    for message_id, _ in waiting:
        withdraw(work, message_id, "stopped")
    audit.log(work, "dues_reminders_stopped", object_type="dues_reminder_round", object_id=round_id)
    return len(waiting)


def note_known(work: Work, person_id: int, source: str) -> None:
    """Money of hers is known of ("bank_line:12") and not booked: no word goes out meanwhile."""
    work.session.execute(
        insert(KnownPayment)
        .values(person_id=person_id, source=source, known_at=work.clock.now())
        .on_conflict_do_nothing()
    )
    _stop(work, [person_id])


def known_is_done(work: Work, source: str) -> None:
    """What was known of under this source is booked, or turned out to be somebody else's."""
    work.session.execute(
        update(KnownPayment)
        .where(KnownPayment.source == source, KnownPayment.done_at.is_(None))
        .values(done_at=work.clock.now())
    )


def spare_who_paid(work: Work, facts: Mapping[str, Any]) -> None:
    """``payment_received``: her reminder is not sent any more; may be told twice."""
    payment = work.session.get_one(Payment, facts["payment_id"])
    if payment.source is not None:
        known_is_done(work, payment.source)
    _stop(work, [payment.person_id])


def look_again(work: Work, timer: Timer) -> None:
    """Before words go and while some wait for her hours: who is known to have paid is spared."""
    if not take_timer(work, timer):
        return
    waiting = waiting_messages(work, round_id=timer.subject_id)
    known = known_payers(work)
    for message_id, person_id in waiting:
        if person_id in known:
            withdraw(work, message_id, "paid_something")
    if waiting:
        _look_at(work, timer.subject_id, work.clock.now() + PAUSE)


def _send(work: Work, going: Collection[Reminding]) -> ReminderRound:
    now, today = work.clock.now(), work.clock.today()
    made = ReminderRound(
        ref=new_ref(),
        month=Month.of(today).first_day,
        rule_id=rule_on(work.session, today).id,
        made_at=now,
        made_by=work.actor.person_id,
    )
    work.session.add(made)
    work.session.flush()
    messages = send_all(
        work,
        [
            Outgoing(
                purpose=Purpose.REMINDER,
                template=TEMPLATES[one.level],
                channels=WAYS,
                person_id=one.person_id,
                due_at=now + PAUSE,
            )
            for one in going
        ],
    )
    work.session.add_all(
        Reminder(
            round_id=made.id,
            person_id=one.person_id,
            month=made.month,
            level=one.level,
            months_behind=one.months,
            message_id=message.id,
            made_at=now,
        )
        for one, message in zip(going, messages, strict=True)
    )
    work.session.flush()
    audit.log(work, "dues_reminders_sent", object_type="dues_reminder_round", object_id=made.id)
    _look_at(work, made.id, now + PAUSE - timedelta(minutes=1))
    return made


def _look_at(work: Work, round_id: int, due_at: datetime) -> None:
    set_timer(
        work,
        kind=LOOK_AGAIN,
        subject_type="dues_reminder_round",
        subject_id=round_id,
        due_at=due_at,
    )


def _stop(work: Work, person_ids: Collection[int]) -> None:
    kept = set(kept_ids(work.session, person_ids).values())
    for message_id, _ in waiting_messages(work, person_ids=kept):
        withdraw(work, message_id, "paid_something")


TIMERS: Mapping[str, TimerHandler] = {LOOK_AGAIN: look_again}
"""Who acts when a timer of dues is due."""
