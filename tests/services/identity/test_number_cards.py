"""A card is printed by one, opened by the word of another, and used with a PIN of her own."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text

from tests.builders.ledger import acting_as
from tests.builders.members import make_member
from tests.builders.number_cards import (
    OTHER,
    PIN,
    WORD,
    officer,
    opened_card,
    print_fit,
    printed_card,
)
from union.cli.check import find_violations
from union.identity.errors import (
    CardNotWaitingError,
    OpeningRefusedError,
    OwnCardError,
    PasswordWrongError,
    PinsAlikeError,
    PinTooPlainError,
    SameHandOnCardError,
    SlipSpentError,
)
from union.identity.invariants import INVARIANTS
from union.identity.models import Account, SignInSession, Totp
from union.identity.models.cards import NumberCard, Pin
from union.identity.queries.cards import CardsOf, cards_of_person, device_known, hers_from
from union.identity.rules.cards import new_card_digits
from union.identity.rules.codes import code_of, step_of
from union.identity.services import hashing
from union.identity.services.cards import (
    NewSecrets,
    open_new_card,
    open_with_card,
    open_with_device,
    print_card,
    say_start,
)
from union.identity.services.codes import begin_totp, confirm_totp
from union.identity.services.devices import forget_device, keep_device
from union.identity.services.enrolment import print_slip, take_slip
from union.identity.services.pins import (
    Heard,
    change_pin,
    check_own_secret,
    hear_pin,
    hear_word,
    set_other_pin,
)
from union.identity.services.sessions import Kind, begin_session
from union.infra.outbox import Outbox
from union.kernel.actor import Actor, Proof, Role
from union.members.services import mark_died
from union.members.services.pairs import merge_members


@pytest.fixture
def her(work) -> int:
    return make_member(work, phone="5830166131").person_id


def herself(person_id: int) -> Actor:
    return Actor(person_id, None, frozenset())


def test_a_card_is_opened_once_and_then_by_its_pin(work, her):
    digits, start = printed_card(work, her)
    opened = open_new_card(work, NewSecrets(digits, start, PIN, WORD))
    with pytest.raises(OpeningRefusedError):
        open_new_card(work, NewSecrets(digits, start, OTHER, WORD))
    assert open_with_card(work, digits, PIN) == opened
    assert not opened.forced
    with pytest.raises(OpeningRefusedError):
        open_with_card(work, digits, OTHER)


def test_whoever_finds_a_fresh_card_cannot_become_her(work, her):
    with acting_as(work, officer(work)):
        digits = print_card(work, her)
    for start in ("", "123456"):
        with pytest.raises(OpeningRefusedError):
            open_new_card(work, NewSecrets(digits, start, PIN, WORD))
    with pytest.raises(OpeningRefusedError):
        open_with_card(work, digits, PIN)


def test_what_stands_on_her_card_is_not_taken_as_her_pin(work, her):
    digits, start = printed_card(work, her)
    on_it = digits[5:11]
    with pytest.raises(PinTooPlainError):
        open_new_card(work, NewSecrets(digits, start, on_it, WORD))


def test_a_word_said_holds_half_an_hour_and_only_the_last_counts(work, her, clock):
    digits, first = printed_card(work, her)
    with acting_as(work, officer(work, Role.COUNSELLOR)):
        second = say_start(work, her)
    with pytest.raises(OpeningRefusedError):
        open_new_card(work, NewSecrets(digits, first, PIN, WORD))
    clock.advance(timedelta(minutes=31))
    with pytest.raises(OpeningRefusedError):
        open_new_card(work, NewSecrets(digits, second, PIN, WORD))


def test_who_printed_it_does_not_say_its_word_and_nobody_serves_herself(work, her):
    printer = officer(work)
    with acting_as(work, herself(her)), pytest.raises(OwnCardError):
        print_card(work, her)
    with acting_as(work, printer):
        with pytest.raises(CardNotWaitingError):
            say_start(work, her)
        print_card(work, her)
        with pytest.raises(SameHandOnCardError):
            say_start(work, her)
    with acting_as(work, herself(her)), pytest.raises(OwnCardError):
        say_start(work, her)


def test_a_second_print_ends_the_first_that_waited_and_not_the_one_in_use(work, her):
    used = opened_card(work, her)
    with acting_as(work, officer(work)):
        first, second = print_card(work, her), print_fit(work, her)
    assert open_with_card(work, used.digits, PIN).account_id == used.account_id
    with acting_as(work, officer(work, Role.COUNSELLOR)):
        start = say_start(work, her)
    with pytest.raises(OpeningRefusedError):
        open_new_card(work, NewSecrets(first, start, PIN, WORD))
    open_new_card(work, NewSecrets(second, start, PIN, WORD))


def test_opening_a_new_card_ends_all_that_was_and_shuts_what_is_hers_for_a_day(work, her, clock):
    used = opened_card(work, her)
    account = work.session.get_one(Account, used.account_id)
    device = keep_device(work, account.id)
    begin_session(work, account, {Proof.NUMBER_PIN}, Kind.MEMBER)
    office = begin_session(work, account, {Proof.PASSWORD_CODE}, Kind.OFFICE)
    clock.advance(timedelta(days=9))
    opened_card(work, her, pin=OTHER)
    work.session.expire_all()
    ended = work.session.scalars(select(SignInSession)).all()
    held = [one for one in ended if one.ended_at is None]
    assert [one.token_hash for one in held] == [work.vault.fingerprint("token", office)]
    assert device_known(work, device) is None
    with pytest.raises(OpeningRefusedError):
        open_with_card(work, used.digits, PIN)
    with pytest.raises(OpeningRefusedError):
        open_with_device(work, device, OTHER)
    assert hers_from(work.session, account.id) == clock.now() + timedelta(days=1)


def test_a_known_browser_asks_for_the_pin_alone_until_it_is_forgotten(work, her, clock):
    used = opened_card(work, her)
    token = keep_device(work, used.account_id)
    assert open_with_device(work, token, PIN).account_id == used.account_id
    with pytest.raises(OpeningRefusedError):
        open_with_device(work, token, OTHER)
    clock.advance(timedelta(days=181))
    assert device_known(work, token) is None
    fresh = keep_device(work, used.account_id)
    forget_device(work, fresh)
    assert device_known(work, fresh) is None


def test_the_other_pin_is_heard_and_looks_like_hers(work, her):
    used = opened_card(work, her)
    with acting_as(work, Actor(her, used.account_id, frozenset())):
        set_other_pin(work, used.account_id, OTHER)
        with pytest.raises(PinsAlikeError):
            change_pin(work, used.account_id, OTHER)
        with pytest.raises(PinsAlikeError):
            set_other_pin(work, used.account_id, PIN)
    before = len(work.session.scalars(select(Outbox)).all())
    assert open_with_card(work, used.digits, OTHER).forced
    assert not open_with_card(work, used.digits, PIN).forced
    facts = work.session.scalars(select(Outbox).order_by(Outbox.id)).all()[before:]
    assert [fact.fact for fact in facts] == ["opened_by_pin"] * 2
    assert [fact.ids["other"] for fact in facts] == [1, 0]
    with acting_as(work, Actor(her, used.account_id, frozenset())):
        set_other_pin(work, used.account_id, None)
    assert hear_pin(work, used.account_id, OTHER) is Heard.WRONG


def test_nothing_she_typed_is_kept_and_every_row_has_another_hash(work, her):
    used = opened_card(work, her)
    held = work.session.get_one(Pin, used.account_id)
    card = work.session.scalars(select(NumberCard)).one()
    kept = f"{held.pin_hash} {held.other_hash} {held.word_hash} {card.digits_index!r}"
    assert not any(secret in kept for secret in (PIN, WORD, used.digits))
    assert held.other_hash.startswith("$argon2id$")
    assert not hashing.fits(held.pin_hash, PIN), "without the keyed hash six digits are no use"
    assert hear_word(work, used.account_id, WORD)


@pytest.mark.parametrize("pin", [PIN, OTHER, "902817"])
def test_every_try_costs_two_hashes_whoever_has_the_card(work, her, monkeypatch, pin):
    used = opened_card(work, her)
    other = make_member(work).person_id
    waiting, _ = printed_card(work, other)
    tried = []
    real = hashing.fits
    monkeypatch.setattr(
        "union.identity.services.pins.fits", lambda *args: tried.append(1) or real(*args)
    )
    for digits in (used.digits, waiting, "5000000000000000"):
        tried.clear()
        with suppress(OpeningRefusedError):
            open_with_card(work, digits, pin)
        assert len(tried) == 2


def test_cards_are_known_by_whoever_of_her_entries_is_named(work, her):
    opened_card(work, her)
    found = cards_of_person(work.session, her)
    assert found.in_use is not None
    assert found.waits is None


def test_a_card_nobody_has_asks_the_database_as_much_as_a_wrong_pin(work, her):
    used = opened_card(work, her)
    waiting, _ = printed_card(work, make_member(work).person_id)
    asked = []
    for digits in (used.digits, waiting, new_card_digits()):
        work.session.expunge_all()
        with counted(work) as said, pytest.raises(OpeningRefusedError):
            open_with_card(work, digits, OTHER)
        asked.append(len(said))
    assert len(set(asked)) == 1, asked


@contextmanager
def counted(work):
    said = []

    def heard(*args) -> None:
        said.append(args[2])

    connection = work.session.connection()
    event.listen(connection, "before_cursor_execute", heard)
    yield said
    event.remove(connection, "before_cursor_execute", heard)


def test_nobody_opens_the_notebook_of_the_dead(work, her):
    used = opened_card(work, her)
    token = keep_device(work, used.account_id)
    begin_session(
        work, work.session.get_one(Account, used.account_id), {Proof.NUMBER_PIN}, Kind.MEMBER
    )
    printed_card(work, her)
    mark_died(work, her, work.clock.today())
    with pytest.raises(OpeningRefusedError):
        open_with_card(work, used.digits, PIN)
    with pytest.raises(OpeningRefusedError):
        open_with_device(work, token, PIN)
    work.session.expire_all()
    assert cards_of_person(work.session, her) == CardsOf()
    assert all(one.ended_at for one in work.session.scalars(select(SignInSession)))


def test_nor_the_office_of_the_dead_under_whichever_entry_it_was_made(work, her, clock):
    other = make_member(work, phone="5830166132").person_id
    cards = [opened_card(work, one) for one in (her, other)]
    merge_members(work, her, other)
    officers = [work.session.get_one(Account, card.account_id) for card in cards]
    slips = [print_slip(work, account) for account in officers]
    for account in officers:
        secret = begin_totp(work, account)
        assert confirm_totp(work, account, code_of(secret, step_of(clock.now())))
        begin_session(work, account, {Proof.PASSWORD_CODE}, Kind.OFFICE)
    mark_died(work, her, work.clock.today())
    work.session.expire_all()
    for card in cards:
        with pytest.raises(OpeningRefusedError):
            open_with_card(work, card.digits, PIN)
    for slip in slips:
        with pytest.raises(SlipSpentError):
            take_slip(work, slip)
    for table in (SignInSession, Totp):
        assert all(one.ended_at for one in work.session.scalars(select(table)))


def test_what_is_changed_asks_an_officer_for_her_password_and_a_member_for_her_word(work, her):
    used = opened_card(work, her)
    member = Actor(her, used.account_id, frozenset())
    with acting_as(work, member):
        check_own_secret(work, WORD.upper())
        for wrong in (PIN, "another word"):
            with pytest.raises(PasswordWrongError):
                check_own_secret(work, wrong)
    with acting_as(work, replace(member, office=True)), pytest.raises(PasswordWrongError):
        check_own_secret(work, WORD)


def test_every_law_of_cards_is_kept_by_what_was_done(work, her):
    opened_card(work, her)
    keep_device(work, opened_card(work, her, pin=OTHER).account_id)
    printed_card(work, her)
    assert find_violations(work, INVARIANTS) == {}
    ending = "UPDATE number_card SET ended_at = begun_at, ended_how = 'stopped'"
    work.session.execute(text(f"{ending} WHERE begun_at IS NOT NULL AND ended_at IS NULL"))
    assert list(find_violations(work, INVARIANTS)) == ["browser_known_without_a_card"]
