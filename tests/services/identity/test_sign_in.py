"""Accounts, and signing in with name, password and code."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from tests.builders.identity import give_role
from tests.builders.signing import PASSWORD, make_officer
from union.identity.models import Account, RecoveryCode, RoleGrant, SignInSession, Totp
from union.identity.queries import actor_of_token, people_with_role
from union.identity.services import SignInNameTakenError, create_account, sign_in, sign_out
from union.identity.services.codes import begin_totp, confirm_totp, make_recovery_codes
from union.identity.services.signing import Refused, Typed, Unseen, prove_again
from union.infra.audit import AuditEntry
from union.infra.people import new_person
from union.kernel.actor import Grant, Proof, Role


@pytest.fixture
def her(work):
    return make_officer(
        work, " Treasurer ", (Role.TREASURER, Role.TREASURER, Grant(Role.BRANCH_SECRETARY, 4))
    )


def test_all_three_give_the_actor_with_her_roles(work, her, clock):
    typed = Typed("TREASURER", PASSWORD, her.code(clock))
    actor = actor_of_token(work, sign_in(work, typed))
    assert actor.person_id == her.account.person_id
    assert actor.grants == {Grant(Role.TREASURER), Grant(Role.BRANCH_SECRETARY, 4)}
    assert actor.office
    assert actor.proofs == {Proof.PASSWORD_CODE}
    assert actor.proved_at == clock.now()
    assert people_with_role(work, Role.TREASURER) == [her.account.person_id]


@pytest.mark.parametrize(
    ("name", "password", "later"),
    [
        ("treasurer", "another secret", 0),
        ("nobody", PASSWORD, 0),
        ("treasurer", "", 0),
        ("treasurer", PASSWORD, 2),
        ("treasurer", PASSWORD, None),
    ],
)
def test_a_refusal_does_not_say_which_was_wrong_and_is_kept_without_a_name(
    work, her, clock, name, password, later
):
    code = "" if later is None else her.code(clock, later)
    assert sign_in(work, Typed(name, password, code)) == Refused()
    kept = work.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "sign_in_refused")
    ).one()
    assert (kept.object_type, kept.object_id, kept.subject_person_id) == ("door", 0, None)


def test_nothing_typed_and_no_token_is_kept(work, her, clock):
    token = sign_in(work, her.typed(clock))
    held = work.session.scalars(select(SignInSession)).one()
    assert token.encode() not in held.token_hash
    assert PASSWORD not in her.account.password_hash
    assert her.secret.encode() not in work.session.scalars(select(Totp.secret)).one()


def test_a_code_is_used_once(work, her, clock):
    assert isinstance(sign_in(work, her.typed(clock)), str)
    assert sign_in(work, her.typed(clock)) == Refused()
    clock.advance(timedelta(seconds=30))
    assert isinstance(sign_in(work, her.typed(clock)), str)


def test_a_wrong_password_uses_no_code(work, her, clock):
    sign_in(work, Typed("treasurer", "wrong", her.code(clock)))
    assert isinstance(sign_in(work, her.typed(clock)), str)


def test_a_line_of_her_sheet_opens_once_and_new_sheets_end_the_old(work, her):
    sheet = make_recovery_codes(work, her.account)
    assert len(set(sheet)) == 10
    assert isinstance(sign_in(work, Typed("treasurer", PASSWORD, sheet[2])), str)
    assert sign_in(work, Typed("treasurer", PASSWORD, sheet[2])) == Refused()
    make_recovery_codes(work, her.account)
    assert sign_in(work, Typed("treasurer", PASSWORD, sheet[3])) == Refused()
    hashes = work.session.scalars(select(RecoveryCode.code_hash)).all()
    assert all(hashed.startswith("$argon2id$") for hashed in hashes)


def test_the_line_of_another_sheet_opens_nothing(work, her):
    other = make_officer(work, "signatory", (Role.SIGNATORY,))
    sheet = make_recovery_codes(work, other.account)
    make_recovery_codes(work, her.account)
    assert sign_in(work, Typed("treasurer", PASSWORD, sheet[0])) == Refused()


def test_a_new_telephone_counts_from_its_first_code_on(work, her, clock):
    secret = begin_totp(work, her.account)
    assert not confirm_totp(work, her.account, "000000")
    assert isinstance(sign_in(work, her.typed(clock)), str), "the old one counts until then"
    clock.advance(timedelta(minutes=1))
    new = type(her)(her.account, her.name, her.password, secret)
    assert confirm_totp(work, her.account, new.code(clock))
    clock.advance(timedelta(minutes=1))
    assert sign_in(work, her.typed(clock)) == Refused()
    assert isinstance(sign_in(work, new.typed(clock)), str)


def test_a_sign_in_ends_when_told_and_by_itself(work, her, clock):
    ended = sign_in(work, her.typed(clock))
    sign_out(work, ended)
    sign_out(work, ended)
    assert actor_of_token(work, ended) is None
    clock.advance(timedelta(minutes=1))
    forgotten = sign_in(work, her.typed(clock))
    clock.advance(timedelta(hours=12, seconds=1))
    assert actor_of_token(work, forgotten) is None


def test_whoever_loses_her_office_loses_it_on_the_next_page(work, her, clock):
    token = sign_in(work, her.typed(clock))
    for given in work.session.scalars(select(RoleGrant)):
        given.ended_at = work.clock.now()
    work.session.flush()
    assert actor_of_token(work, token).grants == frozenset()


def test_a_closed_account_is_nobody(work, her, clock):
    token = sign_in(work, her.typed(clock))
    her.account.closed_at = clock.now()
    work.session.flush()
    assert actor_of_token(work, token) is None
    clock.advance(timedelta(minutes=1))
    assert sign_in(work, her.typed(clock)) == Refused()


@pytest.mark.parametrize("kept", [None, "!"])
def test_who_has_no_password_is_refused_like_anybody(work, her, clock, kept):
    her.account.password_hash = kept
    work.session.flush()
    assert sign_in(work, her.typed(clock)) == Refused()


def test_who_was_seen_by_nobody_yet_is_let_in_nowhere(work, her, clock):
    bare = make_officer(work, "asha", (Role.MEMBERSHIP_SECRETARY,))
    unseen = Account(
        person_id=new_person(work).id,
        sign_in_name="rani",
        password_hash=bare.account.password_hash,
        made_at=clock.now(),
    )
    work.session.add(unseen)
    work.session.flush()
    give_role(work, unseen.id, Grant(Role.OPERATOR))
    sheet = make_recovery_codes(work, unseen)
    assert sign_in(work, Typed("rani", PASSWORD, sheet[0])) == Unseen(unseen)
    assert work.session.scalar(select(func.count()).select_from(SignInSession)) == 0
    assert people_with_role(work, Role.OPERATOR) == [unseen.person_id], "she is rung all the same"


def test_proving_again_gives_a_new_token_and_ends_the_old(work, her, clock):
    token = sign_in(work, her.typed(clock))
    clock.advance(timedelta(minutes=20))
    work.actor = actor_of_token(work, token)
    assert prove_again(work, token, "wrong", her.code(clock)) == Refused()
    raised = prove_again(work, token, PASSWORD, her.code(clock))
    assert actor_of_token(work, token) is None
    assert actor_of_token(work, raised).proved_at == clock.now()


def test_two_people_cannot_share_a_name(work, her):
    with pytest.raises(SignInNameTakenError):
        create_account(work, new_person(work).id, "treasurer", "another secret")
