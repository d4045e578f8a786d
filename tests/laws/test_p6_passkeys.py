"""P6, signing in: a passkey's answer is used once also when raced, and what ended stays ended."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests.builders.identity import give_role, make_account
from tests.builders.passkeys import PLACE, SoftPhone
from union.identity.models import Account, SignInSession
from union.identity.models.passkeys import Passkey, PasskeyHandle
from union.identity.queries.sessions import actor_of_token
from union.identity.services import passkeys
from union.identity.services.passkey_doors import open_by_passkey
from union.identity.services.passkeys import Answer
from union.identity.services.sessions import Kind, On, begin_session
from union.infra.people import new_person
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor, Grant, Proof, Role

BROWSER = "the secret of this browser"
DOOR = Actor.anonymous()
AT_ONCE = 2


@dataclass(frozen=True)
class Hers:
    """Her telephone, and who she is to the house."""

    phone: SoftPhone
    actor: Actor
    unit: UnitOfWork

    def answer(self) -> Answer:
        with self.unit.begin(DOOR) as work:
            asked = passkeys.ask_to_open(work, PLACE, BROWSER)
        return Answer(asked.ref, BROWSER, self.phone.give(asked.options))

    def let_in(self, answer: Answer) -> str | None:
        with self.unit.begin(DOOR) as work:
            return open_by_passkey(work, PLACE, answer, On(), office=False)


@pytest.fixture
def hers(committing):
    with committing.begin(Actor.system("test")) as work:
        account = make_account(work)
        actor = Actor(account.person_id, account.id, frozenset())
    return with_a_phone(committing, actor)


def with_a_phone(committing, actor):
    phone = SoftPhone()
    with committing.begin(actor) as work:
        asked = passkeys.ask_to_add(work, PLACE, BROWSER, "small phone")
        answer = Answer(asked.ref, BROWSER, phone.make(asked.options))
        assert passkeys.add_passkey(work, PLACE, answer, "small phone") is not None
    return Hers(phone, actor, committing)


def at_once(do, *given):
    """Everything at the same moment, and what came of each."""
    barrier = Barrier(len(given))

    def one(what):
        barrier.wait()
        return do(what)

    with ThreadPoolExecutor(len(given)) as pool:
        return list(pool.map(one, given))


def test_an_answer_sent_twice_at_once_lets_one_in(hers):
    answer = hers.answer()
    tokens = at_once(hers.let_in, *[answer] * AT_ONCE)
    assert sum(token is not None for token in tokens) == 1
    with hers.unit.reading(DOOR) as work:
        assert work.session.scalar(select(func.count()).select_from(SignInSession)) == 1


def test_an_answer_of_yesterday_lets_nobody_in(hers):
    answer = hers.answer()
    assert hers.let_in(answer) is not None
    assert hers.let_in(answer) is None


@pytest.mark.parametrize(
    ("confirmed", "rests", "kind"),
    [(True, False, "office"), (False, False, "member"), (True, True, "member")],
)
def test_a_finger_alone_opens_no_office_nobody_confirmed_or_that_rests(
    committing, clock, confirmed, rests, kind
):
    now = clock.now()
    with committing.begin(Actor.system("test")) as work:
        account = Account(person_id=new_person(work).id, sign_in_name="she", made_at=now)
        account.confirmed_at = now if confirmed else None
        account.sensitive_from = now + timedelta(days=1) if rests else None
        work.session.add(account)
        work.session.flush()
        give_role(work, account.id, Grant(Role.TREASURER))
        actor = Actor(account.person_id, account.id, frozenset())
    hers = with_a_phone(committing, actor)
    answer = hers.answer()
    with committing.begin(DOOR) as work:
        token = open_by_passkey(work, PLACE, answer, On(), office=True)
        assert work.session.scalars(select(SignInSession.kind)).one() == kind
        assert actor_of_token(work, token).office == (kind == "office")
        account = work.session.get_one(Account, actor.account_id)
        forced_in = begin_session(work, account, {Proof.PASSKEY}, Kind.OFFICE)
        assert actor_of_token(work, forced_in).office == (kind == "office")


def test_two_telephones_asked_at_once_are_called_after_one_account(hers, committing):
    with committing.begin(Actor.system("test")) as work:
        account = make_account(work)
        her = Actor(account.person_id, account.id, frozenset())

    def ask(browser):
        with committing.begin(her) as work:
            return passkeys.ask_to_add(work, PLACE, browser, "x").options["user"]["id"]

    one, other = at_once(ask, "one", "other")
    assert one == other


def test_ending_it_and_using_it_at_once_never_brings_it_back(hers, slate):
    answer = hers.answer()
    with hers.unit.reading(hers.actor) as work:
        ref = work.session.scalars(select(Passkey.ref)).one()

    def end(_what):
        with hers.unit.begin(hers.actor) as work:
            passkeys.end_passkey(work, ref)

    def either(what):
        try:
            return what(answer)
        except DBAPIError as refused:
            return refused.orig.diag.constraint_name

    at_once(either, end, hers.let_in)
    with hers.unit.reading(hers.actor) as work:
        assert work.session.scalars(select(Passkey.ended_how)).one() == "herself"
    assert hers.let_in(hers.answer()) is None


ATTACKS = {
    "un-end a passkey": (
        "UPDATE passkey SET ended_at = NULL, ended_how = NULL",
        "passkey_ends_for_good",
    ),
    "end it otherwise": ("UPDATE passkey SET ended_how = 'lost'", "passkey_ends_for_good"),
    "forget a passkey": ("DELETE FROM passkey", "passkey_append_only"),
    "forget them all": ("TRUNCATE passkey CASCADE", "passkey_append_only"),
    "call her account otherwise": (
        "UPDATE passkey_handle SET handle = decode(repeat('00', 64), 'hex')",
        "passkey_handle_append_only",
    ),
    "answer a question again": (
        "UPDATE passkey_question SET used_at = NULL",
        "passkey_question_answered_once",
    ),
}
ON_A_LIVING_ONE = {
    "give it to another": (
        "UPDATE passkey SET account_id = (SELECT max(account_id) FROM passkey_handle)",
        "passkey_stays_what_it_is",
    ),
    "put another key in its place": (
        "UPDATE passkey SET public_key = '\\x00'",
        "passkey_stays_what_it_is",
    ),
    "let its count fall": ("UPDATE passkey SET sign_count = 0", "passkey_stays_what_it_is"),
    "give a question more time": (
        "UPDATE passkey_question SET ends_at = ends_at + interval '1 minute'",
        "passkey_question_answered_once",
    ),
}


@pytest.fixture
def ended(hers):
    """Her passkey was used, and ended."""
    hers.let_in(hers.answer())
    with hers.unit.begin(hers.actor) as work:
        passkeys.end_passkeys_of(work, hers.actor.account_id, "herself")
    return hers


@pytest.mark.parametrize(("attack", "law"), ATTACKS.values(), ids=ATTACKS)
def test_not_even_the_owner_changes_what_is_over(ended, slate, attack, law):
    assert refused(slate.owner, attack) == law


@pytest.mark.parametrize(("attack", "law"), ON_A_LIVING_ONE.values(), ids=ON_A_LIVING_ONE)
def test_not_even_the_owner_makes_it_another(hers, slate, attack, law):
    hers.phone.key.count, hers.phone.counts = 7, True
    assert hers.let_in(hers.answer()) is not None
    hers.answer()
    with hers.unit.begin(Actor.system("test")) as work:
        other = make_account(work)
        work.session.add(
            PasskeyHandle(account_id=other.id, handle=b"o" * 64, made_at=work.clock.now())
        )
    assert refused(slate.owner, attack) == law


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE passkey SET public_key = '\\x00'",
        "UPDATE passkey SET account_id = account_id",
        "UPDATE passkey SET credential_id = '\\x00'",
        "DELETE FROM passkey",
        "UPDATE passkey_handle SET handle = handle",
        "DELETE FROM passkey_handle",
        "UPDATE passkey_question SET challenge = challenge",
        "UPDATE passkey_question SET browser_hash = browser_hash",
    ],
)
def test_the_application_has_no_leave_for_it_at_all(hers, slate, attack):
    with pytest.raises(DBAPIError, match="permission denied"), slate.engine.begin() as connection:
        connection.execute(text(attack))


def refused(engine, attack):
    """The law that refused it."""
    with pytest.raises(DBAPIError) as refusal, engine.begin() as connection:
        connection.execute(text(attack))
    return refusal.value.orig.diag.constraint_name
