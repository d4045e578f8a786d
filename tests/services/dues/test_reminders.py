from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from sqlalchemy import select, text

from tests.builders.dues import make_payer, make_payment, waive
from union.dues.errors import ListChangedError, NobodyToRemindError, RegisterJustCameError
from union.dues.models import Reminder
from union.dues.queries.reminders import remindings, seen_as
from union.dues.rules.reminders import Why
from union.dues.services import (
    NewWaiver,
    OpeningArrears,
    charge_month,
    known_is_done,
    note_known,
    open_arrears_batch,
    send_reminders,
    spare_who_paid,
    stop_round,
)
from union.dues.services.reminders import LOOK_AGAIN, look_again
from union.infra.timers import Timer
from union.kernel.periods import Month
from union.members.models import ReachRule
from union.messages.models import Attempt, Message

NOON = datetime(2026, 10, 16, 6, 30, tzinfo=UTC)
JULY, OCTOBER = Month(2026, 7), Month(2026, 10)


@pytest.fixture(autouse=True)
def noon(clock):
    clock.move_to(NOON)


def somebody(work, phone="5830166131", agreed=True, **fields):
    """A payer with a telephone who agreed (or not) to words about her dues, by text."""
    member = make_payer(work, phone=phone, **fields)
    rule = {"asked": agreed, "channels": ["sms"] if agreed else []}
    rule |= {"not_before": time(9), "not_after": time(20), "changed_at": work.clock.now()}
    work.session.merge(ReachRule(person_id=member.person_id, **rule))
    work.session.flush()
    return member.person_id


@pytest.fixture
def rani(work):
    """Three full months behind."""
    rani = somebody(work)
    for month in JULY.through(OCTOBER):
        charge_month(work, month)
    return rani


def why(work, person_id) -> Why | None:
    return {one.person_id: one.why_not for one in remindings(work)}[person_id]


def send(work):
    return send_reminders(work, seen_as(remindings(work)))


def words(work) -> list[Message]:
    return list(work.session.scalars(select(Message).order_by(Message.id)))


def test_what_was_looked_at_is_sent_a_quarter_of_an_hour_later(work, rani):
    (one,) = remindings(work)
    assert (one.person_id, one.level, one.months, one.way, one.at) == (rani, 1, 3, "sms", NOON)
    send(work)
    (message,) = words(work)
    assert (message.template, message.state) == ("reminder", "waiting")
    (attempt,) = work.session.scalars(select(Attempt))
    assert attempt.due_at == NOON + timedelta(minutes=15)
    assert why(work, rani) is Why.THIS_MONTH
    with pytest.raises(NobodyToRemindError):
        send(work)


def test_the_second_follows_the_first_a_month_later(work, rani, clock):
    send(work)
    clock.move_to(NOON + timedelta(days=31))
    send(work)
    assert [one.template for one in words(work)] == ["reminder", "reminder_second"]


def test_who_paid_up_begins_with_the_first_again(work, rani, clock):
    send(work)
    make_payment(work, rani, 8000)
    clock.move_to(NOON + timedelta(days=62))
    charge_month(work, Month(2026, 11))
    send(work)
    assert {one.template for one in words(work)} == {"reminder"}


def test_a_list_that_changed_is_not_sent(work, rani):
    seen = seen_as(remindings(work))
    other = somebody(work, "5830166132")
    charge_month(work, JULY)
    assert why(work, other) is None
    with pytest.raises(ListChangedError):
        send_reminders(work, seen)
    assert words(work) == []


def test_without_her_word_nothing_goes(work):
    silent, phoneless = somebody(work, agreed=False), make_payer(work).person_id
    charge_month(work, JULY)
    assert why(work, silent) is Why.NO_CONSENT
    assert why(work, phoneless) in {Why.NO_CONSENT, Why.NO_WAY}
    with pytest.raises(NobodyToRemindError):
        send_reminders(work, "")


def test_it_waits_for_her_hours(work, rani, clock):
    clock.move_to(datetime(2026, 10, 16, 17, 0, tzinfo=UTC))
    (one,) = remindings(work)
    assert one.at == datetime(2026, 10, 17, 3, 30, tzinfo=UTC)


@pytest.mark.parametrize("status", ["died", "left"])
def test_the_dead_and_the_gone_are_left_in_peace(work, rani, status):
    work.session.execute(
        text("UPDATE member SET status = :s, status_on = '2026-10-10' WHERE person_id = :p"),
        {"s": status, "p": rani},
    )
    work.session.expire_all()
    assert why(work, rani) is Why.NOT_WITH_US


def test_who_is_let_off_is_left_in_peace(work, rani):
    waive(work, NewWaiver(rani, OCTOBER, OCTOBER, "hardship"))
    assert why(work, rani) is Why.LET_OFF


def test_money_known_of_and_not_booked_stops_it_before_and_after(work, rani):
    send(work)
    note_known(work, rani, "bank_line:12")
    (message,) = words(work)
    assert (message.state, message.code) == ("withdrawn", "paid_something")
    assert why(work, rani) is Why.PAID_SOMETHING
    known_is_done(work, "bank_line:12")
    assert why(work, rani) is Why.THIS_MONTH


def test_a_line_that_waits_is_seen_before_the_words_go(work, rani):
    send(work)
    work.session.execute(
        text("INSERT INTO dues_known (person_id, source, known_at) VALUES (:p, 'x:1', :at)"),
        {"p": rani, "at": work.clock.now()},
    )
    timer = work.session.scalar(select(Timer).where(Timer.kind == LOOK_AGAIN))
    assert timer.due_at == NOON + timedelta(minutes=14)
    look_again(work, timer)
    look_again(work, timer)
    assert [one.state for one in words(work)] == ["withdrawn"]


def test_a_payment_stops_her_words_and_nobody_elses(work, rani):
    somebody(work, "5830166132")
    charge_month(work, JULY)
    send(work)
    payment = make_payment(work, rani, 2000)
    for _ in range(2):
        spare_who_paid(work, {"payment_id": payment.id})
    assert [one.state for one in words(work)] == ["withdrawn", "waiting"]


def test_a_round_can_be_stopped_whole(work, rani):
    made = send(work)
    assert stop_round(work, made.id) == 1
    assert [one.code for one in words(work)] == ["stopped"]
    assert stop_round(work, made.id) == 0


def test_nobody_is_reminded_on_the_day_a_register_came_in(work, rani):
    seen = seen_as(remindings(work))
    other = make_payer(work).person_id
    open_arrears_batch(work, [OpeningArrears(other, None, 2000, Month(2026, 8))], OCTOBER)
    with pytest.raises(RegisterJustCameError):
        send_reminders(work, seen)


def test_one_reminder_a_month_whatever_anybody_asks(work, rani):
    send(work)
    first = work.session.scalars(select(Reminder)).one()
    assert first.month == date(2026, 10, 1)
    assert first.level == 1
