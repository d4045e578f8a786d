"""What a telephone is asked is answered once and in time, by who was asked, where she was asked."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from tests.builders.identity import make_account
from tests.builders.passkeys import PLACE, Lies, SoftPhone
from tests.services.identity.passkey_acts import BROWSER, OTHERS, as_her
from union.identity.models.passkeys import PasskeyQuestion
from union.identity.queries.passkeys import passkeys_of_hers
from union.identity.services import passkeys
from union.identity.services.passkeys import Answer


def test_a_question_is_answered_once(door, phone, her):
    question = passkeys.ask_to_open(door, PLACE, BROWSER)
    answer = Answer(question.ref, BROWSER, phone.give(question.options))
    assert passkeys.open_with(door, PLACE, answer) is her
    assert passkeys.open_with(door, PLACE, answer) is None
    fresh = Answer(question.ref, BROWSER, phone.give(question.options))
    assert passkeys.open_with(door, PLACE, fresh) is None


def test_a_wrong_answer_costs_the_question(door, phone):
    question = passkeys.ask_to_open(door, PLACE, BROWSER)
    wrong = Answer(question.ref, BROWSER, phone.give(question.options, Lies(spoilt=True)))
    assert passkeys.open_with(door, PLACE, wrong) is None
    right = Answer(question.ref, BROWSER, phone.give(question.options))
    assert passkeys.open_with(door, PLACE, right) is None


def test_another_browser_neither_answers_a_question_nor_spends_it(door, phone, her):
    question = passkeys.ask_to_open(door, PLACE, BROWSER)
    credential = phone.give(question.options)
    assert passkeys.open_with(door, PLACE, Answer(question.ref, OTHERS, credential)) is None
    assert passkeys.open_with(door, PLACE, Answer(question.ref, BROWSER, credential)) is her


def test_what_one_sign_in_asked_another_of_her_own_does_not_answer(signed_in, phone, her):
    asked = passkeys.ask_to_prove(signed_in, PLACE, BROWSER)
    answer = Answer(asked.ref, OTHERS, phone.give(asked.options))
    assert passkeys.prove_with(signed_in, PLACE, answer) is None
    asked = passkeys.ask_to_add(signed_in, PLACE, BROWSER, "x")
    answer = Answer(asked.ref, OTHERS, SoftPhone().make(asked.options))
    assert passkeys.add_passkey(signed_in, PLACE, answer, "x") is None
    assert len(passkeys_of_hers(signed_in)) == 1


def test_what_she_was_asked_nobody_else_answers_with_her_cookie_even(work, signed_in, phone):
    """The account is part of the question: not the browser alone."""
    other = as_her(work, make_account(work))
    asked = passkeys.ask_to_add(signed_in, PLACE, BROWSER, "x")
    answer = Answer(asked.ref, BROWSER, SoftPhone().make(asked.options))
    assert passkeys.add_passkey(other, PLACE, answer, "x") is None
    assert passkeys_of_hers(other) == []


def test_a_question_of_one_purpose_serves_no_other(signed_in, door, phone, her):
    asked = passkeys.ask_to_prove(signed_in, PLACE, BROWSER)
    answer = Answer(asked.ref, BROWSER, phone.give(asked.options))
    assert passkeys.open_with(door, PLACE, answer) is None
    assert passkeys.open_with(signed_in, PLACE, answer) is None
    assert passkeys.prove_with(signed_in, PLACE, answer) is her
    asked = passkeys.ask_to_open(door, PLACE, BROWSER)
    answer = Answer(asked.ref, BROWSER, phone.give(asked.options))
    assert passkeys.prove_with(signed_in, PLACE, answer) is None


def test_a_question_waits_minutes_and_no_longer(door, phone, clock):
    question = passkeys.ask_to_open(door, PLACE, BROWSER)
    answer = Answer(question.ref, BROWSER, phone.give(question.options))
    clock.advance(timedelta(minutes=5))
    assert passkeys.open_with(door, PLACE, answer) is None


def test_old_questions_are_forgotten(door, clock):
    passkeys.ask_to_open(door, PLACE, BROWSER)
    clock.advance(timedelta(days=1, minutes=6))
    passkeys.ask_to_open(door, PLACE, BROWSER)
    assert door.session.scalar(select(func.count()).select_from(PasskeyQuestion)) == 1
