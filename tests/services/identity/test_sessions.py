"""Sign-ins: what they carry, how they are raised, and how they end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.identity import give_role, make_account
from union.identity.errors import SignInEndedError
from union.identity.models import Account, SignInSession
from union.identity.queries.sessions import actor_of_token, present_by_token, sign_ins_of
from union.identity.services.sessions import (
    Ended,
    Kind,
    On,
    begin_session,
    end_all_of,
    end_one,
    note_use,
    raise_reach,
)
from union.infra.people import new_person
from union.kernel.actor import Actor, Grant, Proof, Role


@pytest.fixture
def account(work):
    account = make_account(work)
    give_role(work, account.id, Grant(Role.TREASURER))
    give_role(work, account.id, Grant(Role.MEMBER))
    return account


def _office(work, account, on=None):
    return begin_session(work, account, {Proof.PASSWORD_CODE}, Kind.OFFICE, on)


def test_a_member_s_sign_in_carries_no_office(work, account):
    token = begin_session(work, account, {Proof.PASSKEY, Proof.PIN}, Kind.MEMBER)
    actor = actor_of_token(work, token)
    assert actor.grants == {Grant(Role.MEMBER)}
    assert not actor.office
    assert actor.proofs == {Proof.PASSKEY, Proof.PIN}


def test_an_account_that_nobody_saw_to_be_hers_carries_no_office(work, clock):
    account = Account(person_id=new_person(work).id, sign_in_name="rani", made_at=clock.now())
    work.session.add(account)
    work.session.flush()
    give_role(work, account.id, Grant(Role.TREASURER))
    assert actor_of_token(work, _office(work, account)).grants == frozenset()


def test_after_a_loss_a_sign_in_opens_no_more_than_a_pin_for_a_while(work, account, clock):
    account.sensitive_from = clock.now() + timedelta(hours=1)
    work.session.flush()
    token = _office(work, account)
    actor = actor_of_token(work, token)
    assert (actor.grants, actor.proofs) == ({Grant(Role.MEMBER)}, {Proof.PIN})
    assert not actor.office
    clock.advance(timedelta(minutes=59))
    note_use(work, token)
    clock.advance(timedelta(minutes=1))
    assert Grant(Role.TREASURER) in actor_of_token(work, token).grants


def test_who_was_made_to_sign_in_carries_no_office_and_it_stays_so(work, account):
    token = _office(work, account, On(duress=True))
    assert actor_of_token(work, token).grants == {Grant(Role.MEMBER)}
    raised = raise_reach(work, token, {Proof.PASSWORD_CODE}, duress=False)
    assert actor_of_token(work, raised).duress


@pytest.mark.parametrize(("kind", "minutes"), [(Kind.MEMBER, 15), (Kind.OFFICE, 60)])
def test_a_sign_in_that_rests_shuts_itself(work, account, clock, kind, minutes):
    token = begin_session(work, account, {Proof.PASSWORD_CODE}, kind)
    clock.advance(timedelta(minutes=minutes - 1))
    assert present_by_token(work, token).note
    note_use(work, token)
    assert not present_by_token(work, token).note
    clock.advance(timedelta(minutes=minutes - 1))
    assert actor_of_token(work, token) is not None
    clock.advance(timedelta(minutes=1))
    assert actor_of_token(work, token) is None
    note_use(work, token)
    with pytest.raises(SignInEndedError):
        raise_reach(work, token, {Proof.PASSWORD_CODE})


def test_use_is_written_down_only_now_and_then(work, account, clock):
    token = _office(work, account)
    clock.advance(timedelta(minutes=4))
    assert not present_by_token(work, token).note
    note_use(work, token)
    held = work.session.scalars(select(SignInSession)).one()
    assert held.last_seen_at == held.made_at


def test_use_does_not_stretch_a_night(work, account, clock):
    token = _office(work, account)
    for _ in range(24):
        clock.advance(timedelta(minutes=30))
        note_use(work, token)
    assert actor_of_token(work, token) is None


def test_more_proof_is_a_new_token_that_lasts_no_longer(work, account, clock):
    token = begin_session(work, account, {Proof.PIN}, Kind.MEMBER, On("android"))
    clock.advance(timedelta(minutes=10))
    raised = raise_reach(work, token, {Proof.WORD})
    assert actor_of_token(work, token) is None
    actor = actor_of_token(work, raised)
    assert actor.proofs == {Proof.PIN, Proof.WORD}
    first, second = work.session.scalars(select(SignInSession).order_by(SignInSession.made_at))
    assert first.ended_how == Ended.RAISED
    assert (second.ends_at, second.browser) == (first.ends_at, "android")
    with pytest.raises(SignInEndedError):
        raise_reach(work, token, {Proof.WORD})


def test_an_officer_who_proves_herself_again_begins_a_new_night(work, account, clock):
    token = _office(work, account)
    clock.advance(timedelta(minutes=30))
    raise_reach(work, token, {Proof.PASSWORD_CODE})
    newest = work.session.scalars(
        select(SignInSession).where(SignInSession.ended_at.is_(None))
    ).one()
    assert newest.ends_at == clock.now() + timedelta(hours=12)


def test_she_sees_her_sign_ins_and_ends_them_and_nobody_elses(work, account, clock):
    here = _office(work, account, On("mac"))
    clock.advance(timedelta(minutes=20))
    there = _office(work, account, On("android"))
    others = _office(work, make_account(work))
    lines = sign_ins_of(work, account.id, here)
    assert [(line.browser, line.this_one) for line in lines] == [("android", False), ("mac", True)]
    assert all(line.last_used.minute == 0 for line in lines)
    work.actor = Actor(account.person_id, account.id, frozenset())
    ref_of_others = next(line.ref for line in sign_ins_of(work, others_account(work, others), ""))
    end_one(work, ref_of_others)
    assert actor_of_token(work, others) is not None, "not hers"
    end_one(work, lines[0].ref)
    assert actor_of_token(work, there) is None
    again = _office(work, account)
    assert end_all_of(work, account.id, Ended.BY_HER, but_token=here) == 1
    assert actor_of_token(work, again) is None
    assert actor_of_token(work, here) is not None


def others_account(work, token):
    return actor_of_token(work, token).account_id
