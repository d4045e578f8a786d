from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import sessionmaker

from tests.builders.members import make_member
from tests.builders.messages import make_page
from union.infra.db import application_engine
from union.infra.people import Person
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor
from union.members.models import Member, ReachRule
from union.messages.models import Attempt
from union.messages.queries import reach_of, setting_out, told
from union.messages.rules.texts import TextContentError
from union.messages.services import Outgoing, send, send_all, try_another_way, withdraw

PHONE = "5830166131"


def attempts_of(work, message):
    return work.session.scalars(
        select(Attempt).where(Attempt.message_id == message.id).order_by(Attempt.number)
    ).all()


def wishes(work, member, **fields):
    work.session.merge(
        ReachRule(
            person_id=member.person_id,
            asked=fields.pop("asked", True),
            channels=fields.pop("channels", ["sms"]),
            changed_at=work.clock.now(),
            **fields,
        )
    )
    work.session.flush()


def test_a_page_makes_one_attempt_by_her_first_way_and_wakes_its_queue(work):
    member = make_member(work, phone=PHONE)
    message = send(work, make_page(member.person_id, channels=("call", "sms")))
    (attempt,) = attempts_of(work, message)
    assert (attempt.channel, attempt.state, attempt.key) == (
        "voice",
        "due",
        f"m{message.id}-a1",
    )
    assert work.nudges == {"send-voice"}


@pytest.mark.parametrize("status", ["died", "left"])
def test_the_dead_and_the_gone_get_no_attempt(work, status):
    member = make_member(work, phone=PHONE)
    row = work.session.get_one(Member, member.person_id)
    row.status, row.status_on = status, date(2026, 10, 1)
    work.session.flush()
    message = send(work, make_page(member.person_id))
    assert (message.state, message.code) == ("withheld", "not_here")
    assert attempts_of(work, message) == []
    assert work.nudges == set()


def test_whose_key_is_gone_already_keeps_nobody_else_from_being_told(work):
    gone, other = make_member(work, phone=PHONE), make_member(work, phone="5830166132")
    work.vault.destroy_key(work.session.get_one(Person, gone.person_id).key_ref)
    hers, message = send_all(work, [make_page(gone.person_id), make_page(other.person_id)])
    assert (hers.state, hers.code, attempts_of(work, hers)) == ("withheld", "key_gone", [])
    assert message.state == "waiting"


def test_somebody_without_a_telephone_is_told_of_at_once(work):
    member = make_member(work)
    message = send(work, make_page(member.person_id))
    assert (message.state, message.code) == ("withheld", "no_address")


def test_numbers_of_a_merged_entry_are_hers(work):
    kept, gone = make_member(work), make_member(work, phone=PHONE)
    work.session.get_one(Member, gone.person_id).merged_into = kept.person_id
    work.session.flush()
    assert reach_of(work, [kept.person_id])[kept.person_id].addresses["sms"] == "+915830166131"
    assert reach_of(work, [gone.person_id])[gone.person_id].addresses["sms"] == "+915830166131"


@pytest.mark.parametrize("ask", [reach_of, setting_out])
def test_how_somebody_is_reached_is_soon_planned_no_more(database, clock, vault, ask):
    engine = application_engine(database.url)
    unit = UnitOfWork(sessions=sessionmaker(engine), clock=clock, vault=vault)
    with unit.reading(Actor.system("test")) as work:
        for _ in range(20):
            ask(work, [1])
        plans = text(
            "SELECT generic_plans FROM pg_prepared_statements"
            " WHERE statement LIKE 'SELECT asked.person_id%'"
        )
        kept = work.session.execute(plans).scalar_one()
    engine.dispose()
    assert kept > 0


def test_a_reminder_needs_her_wish_and_waits_for_her_hours(work):
    member = make_member(work, phone=PHONE)
    reminder = Outgoing("reminder", "reminder", ["sms"], person_id=member.person_id)
    assert send(work, reminder).code == "no_consent"
    wishes(work, member, not_before=time(14), not_after=time(15))
    (attempt,) = attempts_of(work, send(work, reminder))
    assert attempt.due_at == datetime(2026, 10, 16, 8, 30, tzinfo=UTC)
    wishes(work, member, channels=["call"])
    assert send(work, reminder).code == "no_address"


def test_a_bare_number_is_kept_under_a_key_of_its_own(work):
    outgoing = Outgoing("callback", "callback", ["voice"], to_ref="+915442900234", urgent=True)
    first, second = send_all(work, [outgoing, outgoing])
    assert first.key_ref != second.key_ref
    row = work.session.execute(
        text("SELECT message::text FROM message WHERE id = :id"), {"id": first.id}
    ).scalar_one()
    assert "5442900234" not in row


def test_a_token_is_not_in_the_table_in_the_clear(work):
    member = make_member(work, phone=PHONE)
    message = send(work, make_page(member.person_id, params={"token": "CANARY-token"}))
    assert b"CANARY" not in message.params


def test_content_in_a_text_is_refused(work):
    member = make_member(work, phone=PHONE)
    with pytest.raises(TextContentError):
        send(work, make_page(member.person_id, params={"token": "KR Market"}))


def test_withdrawn_words_never_go(work):
    member = make_member(work, phone=PHONE)
    message = send(work, make_page(member.person_id))
    withdraw(work, message.id)
    assert message.state == "withdrawn"
    assert [each.state for each in attempts_of(work, message)] == ["dropped"]
    assert not try_another_way(work, message.id)


def test_another_way_is_not_tried_while_one_is_under_way(work):
    member = make_member(work, phone=PHONE)
    message = send(work, make_page(member.person_id))
    assert not try_another_way(work, message.id)
    assert len(attempts_of(work, message)) == 1


def test_what_became_of_messages_is_one_query(work):
    member = make_member(work, phone=PHONE)
    message = send(work, make_page(member.person_id))
    assert told(work, [message.id])[message.id].state == "waiting"


def test_the_database_refuses_a_message_to_nobody(work):
    with pytest.raises(IntegrityError, match="one_receiver"):
        send(work, Outgoing("callback", "callback", ["sms"]))
