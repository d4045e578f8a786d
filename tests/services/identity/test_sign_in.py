"""Accounts, roles and sign-ins."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from union.identity.models import Account, RoleGrant, SignInSession
from union.identity.queries import actor_of_token, people_with_role
from union.identity.services import (
    SignInNameTakenError,
    SignInRefusedError,
    create_account,
    give_role,
    sign_in,
    sign_out,
)
from union.infra.people import new_person
from union.kernel.actor import Actor, Grant, Role


@pytest.fixture
def account(work):
    account = create_account(work, new_person(work).id, " Treasurer ", "a long secret")
    give_role(work, account.id, Grant(Role.TREASURER))
    give_role(work, account.id, Grant(Role.TREASURER))
    give_role(work, account.id, Grant(Role.BRANCH_SECRETARY, 4))
    return account


def test_the_right_password_gives_the_actor_with_her_roles(work, account):
    actor = actor_of_token(work, sign_in(work, "TREASURER", "a long secret"))
    assert actor.person_id == account.person_id
    assert actor.grants == {Grant(Role.TREASURER), Grant(Role.BRANCH_SECRETARY, 4)}
    assert people_with_role(work, Role.TREASURER) == [account.person_id]


@pytest.mark.parametrize(
    ("name", "password"),
    [("treasurer", "another secret"), ("nobody", "a long secret"), ("treasurer", "")],
)
def test_a_refusal_does_not_say_which_was_wrong(work, account, name, password):
    with pytest.raises(SignInRefusedError) as refusal:
        sign_in(work, name, password)
    assert refusal.value.facts == {}


def test_neither_password_nor_token_is_kept(work, account):
    token = sign_in(work, "treasurer", "a long secret")
    held = work.session.scalars(select(SignInSession)).one()
    assert token.encode() not in held.token_hash
    assert "a long secret" not in work.session.scalars(select(Account.password_hash)).one()


def test_a_sign_in_ends_when_told_and_by_itself(work, account, clock):
    ended = sign_in(work, "treasurer", "a long secret")
    sign_out(work, ended)
    sign_out(work, ended)
    assert actor_of_token(work, ended) is None
    forgotten = sign_in(work, "treasurer", "a long secret")
    clock.advance(timedelta(hours=12, seconds=1))
    assert actor_of_token(work, forgotten) is None


def test_whoever_holds_no_office_is_still_herself(work):
    account = create_account(work, new_person(work).id, "asha", "a long secret")
    token = sign_in(work, "asha", "a long secret")
    herself = Actor(account.person_id, account.id, frozenset())
    assert actor_of_token(work, token) == herself
    give_role(work, account.id, Grant(Role.TREASURER))
    given = work.session.scalars(select(RoleGrant)).one()
    given.ended_at = work.clock.now()
    work.session.flush()
    assert actor_of_token(work, token) == herself


def test_a_closed_account_is_nobody(work, account, clock):
    token = sign_in(work, "treasurer", "a long secret")
    account.closed_at = clock.now()
    work.session.flush()
    assert actor_of_token(work, token) is None
    with pytest.raises(SignInRefusedError):
        sign_in(work, "treasurer", "a long secret")


def test_two_people_cannot_share_a_name(work, account):
    with pytest.raises(SignInNameTakenError):
        create_account(work, new_person(work).id, "treasurer", "another secret")
