"""A passkey that was added is told to her numbers, and one no from there ends it (law P6)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.identity import make_account
from tests.builders.members import make_member
from tests.builders.passkeys import PLACE, SoftPhone
from tests.builders.signing import make_officer
from union.identity.models import Account, Passkey, SignInSession
from union.identity.rules.codes import code_of, step_of
from union.identity.services import passkeys
from union.identity.services.enrolment import (
    Chosen,
    print_slip,
    set_secrets,
    take_slip,
    undo_secrets,
)
from union.identity.services.passkey_doors import open_by_passkey
from union.identity.services.passkeys import Answer
from union.identity.services.sessions import On
from union.infra.outbox import Outbox
from union.kernel.actor import Actor
from union.members.services.new_cards import stop_new_cards
from union.members.services.stopping import STOPPABLE
from union.messages.models import Message
from union.messages.services.old_number import tell_of_card

NUMBER, BROWSER = "+915830166141", "the secret of this browser"


@pytest.fixture
def her(work) -> Account:
    return make_account(work, make_member(work, phone=NUMBER.removeprefix("+91")).person_id)


def added(work, her: Account) -> SoftPhone:
    """A telephone added, and whoever hears of it has heard."""
    phone = SoftPhone()
    hers = replace(work, actor=Actor(her.person_id, her.id, frozenset()))
    asked = passkeys.ask_to_add(hers, PLACE, BROWSER, "x")
    answer = Answer(asked.ref, BROWSER, phone.make(asked.options))
    assert passkeys.add_passkey(hers, PLACE, answer, "x") is not None
    fact = work.session.scalars(select(Outbox).where(Outbox.fact == "passkey_added")).all()[-1]
    tell_of_card(work, fact.ids)
    return phone


def opened(work, phone: SoftPhone) -> str | None:
    door = replace(work, actor=Actor.anonymous())
    asked = passkeys.ask_to_open(door, PLACE, BROWSER)
    answer = Answer(asked.ref, BROWSER, phone.give(asked.options))
    return open_by_passkey(door, PLACE, answer, On(), office=False)


def test_her_number_is_told(work, her):
    added(work, her)
    assert work.session.scalars(select(Message.template)).all() == ["changed_card"]


def test_one_no_ends_it_and_what_it_opened_and_leaves_what_is_older(work, her, clock):
    own = added(work, her)
    clock.advance(STOPPABLE + timedelta(minutes=1))
    strange = added(work, her)
    assert opened(work, strange) is not None
    assert stop_new_cards(work, NUMBER)
    work.session.expire_all()
    assert all(one.ended_at for one in work.session.scalars(select(SignInSession)))
    assert opened(work, strange) is None
    assert opened(work, own) is not None


def test_after_the_days_it_stays(work, her, clock):
    phone = added(work, her)
    clock.advance(STOPPABLE + timedelta(minutes=1))
    assert not stop_new_cards(work, NUMBER)
    assert opened(work, phone) is not None


def test_another_number_ends_nothing(work, her):
    added(work, her)
    assert not stop_new_cards(work, "+915830166149")
    assert work.session.scalars(select(Passkey.ended_at)).all() == [None]


@pytest.fixture
def officer(work):
    return make_officer(
        work, person_id=make_member(work, phone=NUMBER.removeprefix("+91")).person_id
    )


def renewed(work, officer, clock) -> None:
    """Somebody set new secrets by a slip."""
    slip = print_slip(work, officer.account)
    code = code_of(take_slip(work, slip), step_of(clock.now()))
    assert set_secrets(work, slip, Chosen("cold river at dawn", code)) is not None


def test_new_secrets_end_the_telephones_of_before(work, officer, clock):
    lost = added(work, officer.account)
    renewed(work, officer, clock)
    assert opened(work, lost) is None


def test_who_denies_new_secrets_ends_the_telephones_added_with_them(work, officer, clock):
    renewed(work, officer, clock)
    strange = added(work, officer.account)
    assert undo_secrets(work, officer.account.id, clock.now() - STOPPABLE)
    assert opened(work, strange) is None
