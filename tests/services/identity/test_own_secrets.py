"""Her own password changed, and new secrets that she says were not hers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.members import make_member
from tests.builders.signing import PASSWORD, make_officer
from union.identity.errors import PasswordWrongError, SecretTooPlainError
from union.identity.models import EnrolmentSlip
from union.identity.queries import actor_of_token
from union.identity.rules.codes import code_of, step_of
from union.identity.rules.secrets import Around
from union.identity.services import sign_in
from union.identity.services.accounts import change_password
from union.identity.services.enrolment import (
    Chosen,
    print_slip,
    set_secrets,
    take_slip,
    whose_slip,
)
from union.identity.services.signing import Refused, Typed
from union.infra.outbox import Outbox
from union.members.models import ContactPoint
from union.members.services.new_cards import numbers_to_tell, stop_new_cards
from union.members.services.stopping import number_of

ANOTHER = "cold river at dawn"


@pytest.fixture
def her(work):
    return make_officer(work, person_id=make_member(work, phone="50000 01234").person_id)


def test_another_password_ends_her_other_sign_ins_and_no_code(work, her, clock):
    other = sign_in(work, her.typed(clock))
    clock.advance(timedelta(minutes=1))
    here = sign_in(work, her.typed(clock))
    work.actor = actor_of_token(work, here)
    with pytest.raises(PasswordWrongError):
        change_password(work, "wrong", ANOTHER, here)
    with pytest.raises(SecretTooPlainError):
        change_password(work, PASSWORD, "treasurer1234", here)
    change_password(work, PASSWORD, ANOTHER, here)
    assert actor_of_token(work, other) is None
    assert actor_of_token(work, here) is not None
    clock.advance(timedelta(minutes=1))
    assert sign_in(work, her.typed(clock)) == Refused()
    assert isinstance(sign_in(work, Typed(her.name, ANOTHER, her.code(clock))), str)


def _renew(work, her, clock):
    slip = print_slip(work, her.account)
    secret = take_slip(work, slip)
    chosen = Chosen(ANOTHER, code_of(secret, step_of(clock.now())))
    assert set_secrets(work, slip, chosen) is not None


def test_by_a_slip_her_own_name_is_no_password(work, her, clock):
    slip = print_slip(work, her.account)
    assert whose_slip(work, slip) == her.account.person_id
    code = code_of(take_slip(work, slip), step_of(clock.now()))
    around = Around(("Vanajakshi · B-20417",))
    with pytest.raises(SecretTooPlainError):
        set_secrets(work, slip, Chosen("b-20417 vanajakshi", code, around))
    assert set_secrets(work, slip, Chosen(ANOTHER, code, around)) is not None


def test_secrets_set_anew_are_told_and_stopped_from_her_number(work, her, clock):
    _renew(work, her, clock)
    told = work.session.scalars(select(Outbox.fact)).all()
    assert "secrets_renewed" in told
    points = numbers_to_tell(work, her.account.id)
    assert points
    number = number_of(work, work.session.get_one(ContactPoint, points[0].id))
    assert stop_new_cards(work, number)
    assert (her.account.password_hash, her.account.confirmed_at) == (None, None)
    assert not stop_new_cards(work, number), "a second no changes nothing"
    assert work.session.scalars(select(EnrolmentSlip.used_at)).one() is not None


def test_what_was_set_long_ago_is_not_stopped(work, her, clock):
    _renew(work, her, clock)
    points = numbers_to_tell(work, her.account.id)
    number = number_of(work, points[0])
    clock.advance(timedelta(days=4))
    assert not stop_new_cards(work, number)
    assert her.account.password_hash is not None
