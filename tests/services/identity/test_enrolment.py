"""Secrets of her own: a slip, her own choice, and another who has seen her."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.builders.identity import give_role, make_account
from tests.builders.signing import make_officer, make_seer
from union.identity.errors import (
    CircleHeldError,
    NobodyWaitsError,
    OpeningWordsSetError,
    OwnAccountError,
    SecretTooPlainError,
    SignInNameTakenError,
    SlipSpentError,
)
from union.identity.models import EnrolmentSlip
from union.identity.queries import actor_of_token
from union.identity.rules.codes import code_of, step_of
from union.identity.rules.secrets import is_plain
from union.identity.rules.slips import new_slip, read_slip
from union.identity.services import sign_in
from union.identity.services.codes import end_codes
from union.identity.services.enrolment import (
    Chosen,
    confirm_account,
    invite,
    print_slip,
    set_secrets,
    take_slip,
)
from union.identity.services.opening import choose_opening_words, wish_circle
from union.identity.services.sessions import Kind, begin_session, note_use
from union.identity.services.signing import Refused, Typed, Unseen
from union.infra.people import new_person
from union.infra.sealing import LEGAL_NAMES, OpenCircle, PassphraseWrongError
from union.kernel.actor import Actor, Grant, Proof, Role

PASSWORD = "quiet lamp under rain"
WORDS = "seven boats and a kite"


@pytest.fixture
def seers(work):
    """Two who were seen already, so that nobody else is confirmed at the machine."""
    return [make_seer(work) for _ in range(2)]


@pytest.fixture
def asha(work, seers):
    account = invite(work, new_person(work).id, "Asha")
    give_role(work, account.id, Grant(Role.MEMBERSHIP_SECRETARY))
    return account


def as_person(work, account):
    work.actor = Actor(account.person_id, account.id, frozenset())


def code_now(work, secret):
    return code_of(secret, step_of(work.clock.now()))


def begun(work, account, password=PASSWORD):
    slip = print_slip(work, account)
    secret = take_slip(work, slip)
    return secret, set_secrets(work, slip, Chosen(password, code_now(work, secret)))


def test_she_sets_her_own_secrets_is_seen_and_signs_in(work, seers, asha, clock):
    secret, shown = begun(work, asha)
    clock.advance(timedelta(minutes=1))
    typed = Typed("asha", PASSWORD, code_now(work, secret))
    assert sign_in(work, typed) == Unseen(asha)
    as_person(work, seers[0])
    confirm_account(work, "ASHA ", shown.digits)
    clock.advance(timedelta(minutes=1))
    token = sign_in(work, Typed("asha", PASSWORD, code_now(work, secret)))
    assert actor_of_token(work, token).grants == {Grant(Role.MEMBERSHIP_SECRETARY)}
    assert len(shown.sheet) == 10
    assert asha.confirmed_by_person_id == seers[0].person_id


def test_a_slip_works_once_for_three_days_and_the_newest_only(work, asha, clock):
    first, second = print_slip(work, asha), print_slip(work, asha)
    with pytest.raises(SlipSpentError):
        take_slip(work, first)
    take_slip(work, second.lower().replace("-", " "))
    clock.advance(timedelta(hours=72))
    with pytest.raises(SlipSpentError):
        take_slip(work, second)
    slip = print_slip(work, asha)
    secret = take_slip(work, slip)
    chosen = Chosen(PASSWORD, code_now(work, secret))
    assert set_secrets(work, slip, chosen) is not None
    for again in (lambda: take_slip(work, slip), lambda: set_secrets(work, slip, chosen)):
        with pytest.raises(SlipSpentError):
            again()


def test_a_slip_is_kept_by_nobody(work, asha):
    slip = print_slip(work, asha)
    held = work.session.scalars(select(EnrolmentSlip)).one()
    assert read_slip(slip).encode() not in held.token_hash
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){5}[0-9A-HJKMNP-TV-Z]{4}", slip)
    assert new_slip() != slip


def test_looking_again_before_she_chose_shows_the_same_secret(work, asha):
    slip = print_slip(work, asha)
    assert take_slip(work, slip) == take_slip(work, slip)


def test_a_wrong_code_or_a_plain_password_uses_nothing(work, asha):
    slip = print_slip(work, asha)
    secret = take_slip(work, slip)
    assert set_secrets(work, slip, Chosen(PASSWORD, "000000")) is None
    with pytest.raises(SecretTooPlainError):
        set_secrets(work, slip, Chosen("asha12345678", code_now(work, secret)))
    assert set_secrets(work, slip, Chosen(PASSWORD, code_now(work, secret))) is not None


def test_neither_she_nor_who_printed_her_slip_sees_her(work, seers, asha):
    as_person(work, seers[0])
    _, shown = begun(work, asha)
    for seer in (asha, seers[0]):
        as_person(work, seer)
        with pytest.raises(OwnAccountError):
            confirm_account(work, "asha", shown.digits)
    as_person(work, seers[1])
    with pytest.raises(NobodyWaitsError):
        confirm_account(work, "asha", f"{(int(shown.digits) + 1) % 10**6:06}")
    confirm_account(work, "asha", shown.digits)
    with pytest.raises(NobodyWaitsError):
        confirm_account(work, "asha", shown.digits)


def test_at_the_machine_nobody_is_seen_once_there_are_two(work, asha):
    _, shown = begun(work, asha)
    with pytest.raises(OwnAccountError):
        confirm_account(work, "asha", shown.digits)


def test_the_first_two_are_seen_at_the_machine(work):
    for name in ("asha", "rani"):
        _, shown = begun(work, invite(work, new_person(work).id, name))
        confirm_account(work, name, shown.digits)


def test_whoever_was_there_before_and_has_no_codes_holds_up_nobody(work):
    old = [make_account(work) for _ in range(3)]
    for account in old:
        give_role(work, account.id, Grant(Role.SIGNATORY))
    for account in old[:2]:
        _, shown = begun(work, account)
        confirm_account(work, account.sign_in_name, shown.digits)
    _, shown = begun(work, old[2])
    with pytest.raises(OwnAccountError):
        confirm_account(work, old[2].sign_in_name, shown.digits)
    as_person(work, old[0])
    confirm_account(work, old[2].sign_in_name, shown.digits)


def test_who_could_see_nobody_does_not_count(work, seers):
    end_codes(work, seers[0])
    _, shown = begun(work, invite(work, new_person(work).id, "asha"))
    confirm_account(work, "asha", shown.digits)


def test_two_taps_on_a_slip_show_the_same_secret(committing):
    with committing.begin(Actor.system("test")) as work:
        slip = print_slip(work, invite(work, new_person(work).id, "asha"))

    def tap(_: int) -> str:
        with committing.begin(Actor.system("test")) as work:
            return take_slip(work, slip)

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(tap, range(16)))) == 1


def test_other_secrets_give_other_digits(work, asha):
    _, hers = begun(work, asha)
    _, his = begun(work, asha)
    assert hers.digits != his.digits


def test_new_secrets_end_what_was_open_and_wait_a_day(work, seers, clock):
    her = make_officer(work, "rani", (Role.OPERATOR,))
    token = sign_in(work, her.typed(clock))
    clock.advance(timedelta(minutes=1))
    secret, shown = begun(work, her.account)
    assert actor_of_token(work, token) is None
    clock.advance(timedelta(minutes=1))
    assert sign_in(work, her.typed(clock)) == Refused(), "the lost telephone opens nothing"
    as_person(work, seers[0])
    confirm_account(work, "rani", shown.digits)
    clock.advance(timedelta(minutes=1))
    token = sign_in(work, Typed("rani", PASSWORD, code_now(work, secret)))
    assert actor_of_token(work, token).grants == frozenset()
    clock.advance(timedelta(hours=23))
    clock.advance(timedelta(minutes=57))
    token = sign_in(work, Typed("rani", PASSWORD, code_now(work, secret)))
    assert actor_of_token(work, token).grants == frozenset()
    clock.advance(timedelta(minutes=2))
    note_use(work, token)
    assert actor_of_token(work, token).grants == {Grant(Role.OPERATOR)}


def test_whoever_has_a_password_keeps_her_account_and_its_name(work, asha, seers):
    begun(work, asha)
    assert invite(work, asha.person_id, "another name") is asha
    assert asha.sign_in_name == "asha"


def test_a_member_with_a_card_only_takes_a_name_that_is_free(work, asha, clock):
    hers = make_account(work)
    assert invite(work, hers.person_id, "Rani") is hers
    assert hers.sign_in_name == "rani"
    with pytest.raises(SignInNameTakenError):
        invite(work, hers.person_id, "asha")
    begin_session(work, hers, {Proof.NUMBER_PIN}, Kind.MEMBER)
    begun(work, hers)
    assert hers.sensitive_from == clock.now() + timedelta(hours=24), "her notebook was in use"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (PASSWORD, False),
        ("correct horse battery", False),
        ("short", True),
        ("aaaaaaaaaaaaaa", True),
        ("abcabcabcabcabc", True),
        ("123456789012", True),
        ("qwertyuiopas", True),
        ("zyxwvutsrqponm", True),
        ("password12345", True),
        ("membershipasha", True),
        ("a paper boat, asha", False),
        ("asha asha asha 1", True),
    ],
)
def test_what_anybody_tries_first_is_refused(text, plain):
    assert is_plain(text, "asha") is plain


def test_her_opening_words_are_no_password_and_no_slip_changes_them(work, seers, asha, clock):
    wish_circle(work, LEGAL_NAMES, asha.person_id)
    with pytest.raises(CircleHeldError):
        wish_circle(work, LEGAL_NAMES, seers[0].person_id)
    begun(work, asha)
    as_person(work, asha)
    with pytest.raises(SecretTooPlainError):
        choose_opening_words(work, "short")
    choose_opening_words(work, WORDS)
    with pytest.raises(OpeningWordsSetError):
        choose_opening_words(work, WORDS)
    clock.advance(timedelta(minutes=1))
    begun(work, asha, "another quiet password")
    with pytest.raises(PassphraseWrongError):
        OpenCircle(work, LEGAL_NAMES, PASSWORD)
    OpenCircle(work, LEGAL_NAMES, WORDS)
