"""Passkeys: answers that are true, keys that end for good, counts that fall."""

from __future__ import annotations

import contextlib
import json
import secrets
from datetime import timedelta

import pytest
from sqlalchemy import event, select
from webauthn import verify_authentication_response

from tests.builders.identity import make_account
from tests.builders.passkeys import PLACE, Lies, SoftPhone
from tests.services.identity.passkey_acts import BROWSER, added, as_her, opened
from union.identity.errors import TooManyPasskeysError
from union.identity.models.passkeys import Passkey
from union.identity.queries.passkeys import passkeys_of_hers
from union.identity.rules.passkeys import MOST_PASSKEYS, Place
from union.identity.services import passkey_answers, passkeys
from union.identity.services.passkey_answers import options_to_add, read_new
from union.identity.services.passkeys import Answer
from union.infra.audit import AuditEntry
from union.kernel.errors import NotAllowedError, NotFoundError


def written(work):
    return list(work.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def test_her_passkey_opens_without_anybody_saying_a_name(door, phone, her):
    assert passkeys.ask_to_open(door, PLACE, BROWSER).options["allowCredentials"] == []
    assert opened(door, phone) is her


def test_the_telephone_is_told_no_name_and_must_ask_for_its_lock(signed_in, her):
    options = passkeys.ask_to_add(signed_in, PLACE, BROWSER, " small  phone ").options
    assert options["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    assert options["attestation"] == "none"
    assert options["user"]["name"] == options["user"]["displayName"] == "small phone"
    assert her.sign_in_name not in json.dumps(options)
    again = passkeys.ask_to_add(signed_in, PLACE, BROWSER, "x").options
    assert again["user"]["id"] == options["user"]["id"], "one account, one name inside"


def test_she_sees_her_own_by_the_names_she_gave(work, signed_in, phone, clock):
    other = as_her(work, make_account(work))
    added(other, SoftPhone(), "not hers")
    added(signed_in, SoftPhone(backed_up=True), "tablet")
    small, tablet = passkeys_of_hers(signed_in)
    assert (small.label, small.backed_up, small.last_used_on) == ("small phone", False, None)
    assert (tablet.label, tablet.backed_up) == ("tablet", True)
    kept = work.session.scalars(select(Passkey.label)).all()
    assert all(b"phone" not in label for label in kept), "encrypted under her key"


def test_its_last_day_of_use_and_its_copies_are_kept(signed_in, door, phone, clock):
    clock.advance(timedelta(days=3))
    phone.backed_up = True
    opened(door, phone)
    (shown,) = passkeys_of_hers(signed_in)
    assert (shown.last_used_on, shown.backed_up) == (clock.today(), True)


LIES = {
    "another address": Lies(origin="https://notebook.example.evil.example"),
    "the same over http": Lies(origin="http://notebook.example"),
    "another domain": Lies(domain="evil.example"),
    "another question": Lies(challenge=b"x" * 32),
    "a making for an answer": Lies(kind="webauthn.create"),
    "a frame of a stranger": Lies(framed=True),
    "a spoilt signature": Lies(spoilt=True),
    "another account's name": Lies(handle=b"x" * 64),
}


@pytest.mark.parametrize("lies", LIES.values(), ids=LIES)
def test_an_answer_that_is_not_true_opens_nothing(door, phone, lies):
    assert opened(door, phone, lies) is None
    assert written(door)[-1] == "passkey_refused"


@pytest.mark.parametrize("missing", ["unlocks", "touched"])
def test_a_telephone_that_asked_for_no_finger_opens_nothing(door, phone, missing):
    setattr(phone, missing, False)
    assert opened(door, phone) is None


@pytest.mark.parametrize(
    "lies",
    [
        Lies(origin="https://evil.example"),
        Lies(domain="evil.example"),
        Lies(challenge=b"x" * 32),
        Lies(kind="webauthn.get"),
        Lies(framed=True),
    ],
)
def test_a_passkey_made_elsewhere_is_not_kept(signed_in, lies):
    question = passkeys.ask_to_add(signed_in, PLACE, BROWSER, "x")
    made = SoftPhone().make(question.options, lies)
    answer = Answer(question.ref, BROWSER, made)
    assert passkeys.add_passkey(signed_in, PLACE, answer, "x") is None
    assert passkeys_of_hers(signed_in) == []


def test_a_passkey_made_without_a_lock_is_not_kept():
    challenge, handle = secrets.token_bytes(32), secrets.token_bytes(64)
    options = options_to_add(PLACE, challenge, handle, "x", [])
    assert read_new(PLACE, challenge, SoftPhone().make(options)) is not None
    assert read_new(PLACE, challenge, SoftPhone(unlocks=False).make(options)) is None


@contextlib.contextmanager
def watched(connection, monkeypatch):
    """What is asked of the database meanwhile, and against how many keys a signature is tried."""
    seen = []

    def listen(_connection, _cursor, statement, *_more):
        seen.append(statement)

    def tried(**given):
        seen.append("signature")
        return verify_authentication_response(**given)

    monkeypatch.setattr(passkey_answers, "verify_authentication_response", tried)
    event.listen(connection, "before_cursor_execute", listen)
    yield seen
    event.remove(connection, "before_cursor_execute", listen)


def test_unknown_and_wrong_are_refused_with_the_same_work(
    signed_in, door, phone, connection, monkeypatch
):
    ended = added(signed_in, SoftPhone(), "ended")
    passkeys.end_passkey(signed_in, passkeys_of_hers(signed_in)[-1].ref)
    wrong = [
        (phone, Lies(spoilt=True)),
        (phone.with_other_key(), None),
        (phone, Lies(handle=b"x" * 64)),
        (ended, None),
    ]
    worked = []
    for who, lies in wrong:
        with watched(connection, monkeypatch) as seen:
            assert opened(door, who, lies) is None
        worked.append(seen)
    assert worked[0].count("signature") == 1
    assert len(worked[0]) > 1
    assert worked == [worked[0]] * len(wrong)


def test_an_ended_passkey_opens_nothing_and_comes_back_in_no_way(signed_in, door, phone):
    (shown,) = passkeys_of_hers(signed_in)
    passkeys.end_passkey(signed_in, shown.ref)
    passkeys.end_passkey(signed_in, shown.ref)
    assert opened(door, phone) is None
    assert passkeys_of_hers(signed_in) == []
    assert written(door).count("passkey_ended") == 1
    question = passkeys.ask_to_add(signed_in, PLACE, BROWSER, "x")
    again = SoftPhone().make(question.options, key_id=phone.key.id)
    answer = Answer(question.ref, BROWSER, again)
    assert passkeys.add_passkey(signed_in, PLACE, answer, "x") is None


def test_a_passkey_of_a_closed_account_opens_nothing(door, phone, her, clock):
    her.closed_at = clock.now()
    door.session.flush()
    assert opened(door, phone) is None


def test_she_proves_herself_with_her_own_and_nobody_elses(work, signed_in, phone, her):
    other = as_her(work, make_account(work))
    theirs = added(other, SoftPhone())
    asked = passkeys.ask_to_prove(signed_in, PLACE, BROWSER)
    assert len(asked.options["allowCredentials"]) == 1
    answer = Answer(asked.ref, BROWSER, theirs.give(asked.options))
    assert passkeys.prove_with(signed_in, PLACE, answer) is None
    asked = passkeys.ask_to_prove(signed_in, PLACE, BROWSER)
    answer = Answer(asked.ref, BROWSER, phone.give(asked.options))
    assert passkeys.prove_with(signed_in, PLACE, answer) is her


def test_nobody_ends_anothers(work, signed_in, phone):
    (shown,) = passkeys_of_hers(signed_in)
    other = as_her(work, make_account(work))
    with pytest.raises(NotFoundError):
        passkeys.end_passkey(other, shown.ref)
    assert passkeys_of_hers(signed_in) == [shown]


def test_whoever_is_not_signed_in_adds_none(door):
    with pytest.raises(NotAllowedError):
        passkeys.ask_to_add(door, PLACE, BROWSER, "x")


def test_what_is_on_one_account_is_added_to_no_other(work, phone):
    """A passkey is known by what telephones call it: the same is not kept twice."""
    other = as_her(work, make_account(work))
    question = passkeys.ask_to_add(other, PLACE, BROWSER, "x")
    made = SoftPhone().make(question.options, key_id=phone.key.id)
    answer = Answer(question.ref, BROWSER, made)
    assert passkeys.add_passkey(other, PLACE, answer, "x") is None


def test_a_count_that_falls_is_written_down_and_lets_her_in(door, signed_in, her):
    phone = added(signed_in, SoftPhone(counts=True))
    phone.key.count = 7
    assert opened(door, phone) is her
    assert "passkey_count_fell" not in written(door)
    assert not passkeys_of_hers(signed_in)[0].doubled
    phone.key.count = 2
    assert opened(door, phone) is her
    assert "passkey_count_fell" in written(door)
    assert passkeys_of_hers(signed_in)[0].doubled, "and she is shown it"
    assert door.session.scalars(select(Passkey.sign_count)).one() == 8, "the highest stays"


def test_a_passkey_that_never_counts_is_no_warning(door, phone, her):
    assert opened(door, phone) is her
    assert opened(door, phone) is her
    assert "passkey_count_fell" not in written(door)


def test_a_list_of_them_stays_one_that_can_be_read(signed_in):
    for number in range(MOST_PASSKEYS):
        added(signed_in, SoftPhone(), f"phone {number}")
    with pytest.raises(TooManyPasskeysError):
        passkeys.ask_to_add(signed_in, PLACE, BROWSER, "one more")


@pytest.mark.parametrize("junk", ["", "{}", "[" * 15_000, '{"id": 1}', "null", '"x"', "\x00"])
def test_what_is_no_answer_is_refused_like_one(door, signed_in, junk):
    asked = passkeys.ask_to_open(door, PLACE, BROWSER)
    assert passkeys.open_with(door, PLACE, Answer(asked.ref, BROWSER, junk)) is None
    asked = passkeys.ask_to_add(signed_in, PLACE, BROWSER, "x")
    answer = Answer(asked.ref, BROWSER, junk)
    assert passkeys.add_passkey(signed_in, PLACE, answer, "x") is None


def test_a_passkey_of_another_address_of_ours_is_none_here(signed_in, door, phone):
    elsewhere = Place("other.example", "https://other.example", "Notebook")
    question = passkeys.ask_to_open(door, elsewhere, BROWSER)
    answer = Answer(question.ref, BROWSER, phone.give(question.options))
    assert passkeys.open_with(door, elsewhere, answer) is None


def test_a_lost_telephone_ends_them_all_at_once(signed_in, door, phone, her):
    added(signed_in, SoftPhone(), "tablet")
    assert passkeys.end_passkeys_of(door, her.id, "lost") == 2
    assert passkeys.end_passkeys_of(door, her.id, "lost") == 0
    door.session.expire_all()
    assert opened(door, phone) is None
