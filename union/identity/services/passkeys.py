"""Passkeys asked for, added, answered with and ended.

Invariant: a question is answered once, within minutes, by the browser that asked it and for what
it was asked for; why an answer was refused is told nobody; an ended passkey opens nothing again.
A refusal is a returned None and no error, so that the question it cost stays spent.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert

from union.identity.errors import TooManyPasskeysError
from union.identity.models import Account
from union.identity.models.passkeys import Passkey, PasskeyHandle, PasskeyQuestion
from union.identity.queries.passkeys import (
    COUNT_FELL,
    LABEL_PLACE,
    living_credentials,
    passkey_called,
)
from union.identity.rules.passkeys import (
    FORGOTTEN_AFTER,
    MOST_PASSKEYS,
    QUESTION_LASTS,
    Place,
    counter_fell,
    read_label,
)
from union.identity.services.passkey_answers import (
    Given,
    Signed,
    options_to_add,
    options_to_answer,
    read_given,
    read_new,
    signed_by,
)
from union.infra import audit
from union.infra.outbox import record_fact
from union.infra.people import Person
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref

if TYPE_CHECKING:
    from union.identity.queries.passkeys import Held
    from union.infra.work import Work

_CHALLENGE_BYTES = 32
_HANDLE_BYTES = 64
_SWEPT_AT_ONCE = 100
ADD, OPEN, PROVE = "add", "open", "prove"


@dataclass(frozen=True, slots=True)
class Question:
    """What a browser is asked: the question's reference, and WebAuthn's options as JSON."""

    ref: str
    options: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: to which question, from which browser, and the credential as JSON.

    ``browser`` is the secret that only the asking browser holds.
    """

    ref: str
    browser: str
    credential: str


def ask_to_add(work: Work, place: Place, browser: str, label: str) -> Question:
    """Ask her telephone to make one; TooManyPasskeysError if she has as many as one keeps apart.

    Under force it is asked as always and of nothing: what it makes is not kept.
    """
    account = _her_account(work)
    if work.actor.duress:
        once, nobodys = secrets.token_bytes(_CHALLENGE_BYTES), secrets.token_bytes(_HANDLE_BYTES)
        return Question(new_ref(), options_to_add(place, once, nobodys, read_label(label), ()))
    known = living_credentials(work)
    if len(known) >= MOST_PASSKEYS:
        raise TooManyPasskeysError
    asked = _ask(work, browser, ADD, account.id)
    handle = _handle_of(work, account.id)
    options = options_to_add(place, asked.challenge, handle, read_label(label), known)
    return Question(asked.ref, options)


def ask_to_open(work: Work, place: Place, browser: str) -> Question:
    """Ask whoever stands there for any passkey of ours: nobody need say a name."""
    asked = _ask(work, browser, OPEN, None)
    return Question(asked.ref, options_to_answer(place, asked.challenge, ()))


def ask_to_prove(work: Work, place: Place, browser: str) -> Question:
    """Ask whoever is signed in for one of her own, once more."""
    asked = _ask(work, browser, PROVE, _her_account(work).id)
    return Question(asked.ref, options_to_answer(place, asked.challenge, living_credentials(work)))


def add_passkey(work: Work, place: Place, answer: Answer, label: str) -> Passkey | None:
    """Keep the passkey her telephone made; None if it is refused, and the question is spent."""
    account = _her_account(work)
    asked = _spend(work, answer, ADD)
    made = read_new(place, asked.challenge, answer.credential) if asked else None
    if asked is None or made is None or passkey_called(work, made.credential_id) is not None:
        _write_refused(work, asked)
        return None
    ref = new_ref()
    person = work.session.get_one(Person, account.person_id)
    passkey = Passkey(
        ref=ref,
        account_id=account.id,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        backed_up=made.backed_up,
        label=work.vault.encrypt(person.key_ref, LABEL_PLACE, ref, read_label(label)),
        made_at=work.clock.now(),
    )
    work.session.add(passkey)
    work.session.flush()
    _log(work, "passkey_added", passkey, account)
    record_fact(work, "passkey_added", account_id=account.id)
    return passkey


def open_with(work: Work, place: Place, answer: Answer) -> Account | None:
    """Whose passkey answered the question at the door; None if it is refused."""
    return _answered(work, place, answer, OPEN)


def prove_with(work: Work, place: Place, answer: Answer) -> Account | None:
    """The account of whoever is signed in, if a passkey of hers answered; None if refused."""
    return _answered(work, place, answer, PROVE)


def end_passkey(work: Work, ref: str) -> None:
    """Whoever is signed in ends one of her own; a second time changes nothing.

    NotFoundError for one that is not hers.
    """
    account = _her_account(work)
    passkey = work.session.scalar(
        select(Passkey).where(Passkey.ref == ref, Passkey.account_id == account.id)
    )
    if passkey is None:
        raise NotFoundError
    if passkey.ended_at is None:
        passkey.ended_at, passkey.ended_how = work.clock.now(), "herself"
        _log(work, "passkey_ended", passkey, account)


def end_passkeys_of(work: Work, account_id: int, how: str) -> int:
    """End every passkey of an account and say how many: its telephone is "lost", or it "closed"."""
    now = work.clock.now()
    ended = work.session.execute(
        update(Passkey)
        .where(Passkey.account_id == account_id, Passkey.ended_at.is_(None))
        .values(ended_at=now, ended_how=how)
        .returning(Passkey.id)
    ).all()
    if ended:
        audit.log(work, "passkeys_ended", object_type="account", object_id=account_id)
    return len(ended)


def _answered(work: Work, place: Place, answer: Answer, purpose: str) -> Account | None:
    """The same statements and one signature tried, whatever is wrong with a readable answer."""
    asked = _spend(work, answer, purpose)
    given = read_given(answer.credential)
    if asked is None or given is None:
        _write_refused(work, asked)
        return None
    held = passkey_called(work, given.credential_id)
    standing = held if held is not None and _stands(work, held, given, purpose) else None
    key = standing.passkey.public_key if standing is not None else None
    signed = signed_by(place, asked.challenge, given, key)
    if standing is None or signed is None:
        _write_refused(work, asked)
        return None
    _used(work, standing, signed)
    return standing.account


def _stands(work: Work, held: Held, given: Given, purpose: str) -> bool:
    """Whether this passkey may answer at all, before its signature is looked at."""
    hers = purpose == OPEN or held.account.id == work.actor.account_id
    living = held.passkey.ended_at is None and held.account.closed_at is None
    return hers and living and given.is_of(held.handle, must_say=purpose == OPEN)


def _used(work: Work, held: Held, signed: Signed) -> None:
    passkey = held.passkey
    if counter_fell(passkey.sign_count, signed.sign_count):
        _log(work, COUNT_FELL, passkey, held.account)
    passkey.sign_count = max(passkey.sign_count, signed.sign_count)
    passkey.backed_up = signed.backed_up
    passkey.last_used_on = work.clock.today()
    work.session.flush()


def _ask(work: Work, browser: str, purpose: str, account_id: int | None) -> PasskeyQuestion:
    now = work.clock.now()
    _forget_old(work)
    question = PasskeyQuestion(
        ref=new_ref(),
        challenge=secrets.token_bytes(_CHALLENGE_BYTES),
        purpose=purpose,
        browser_hash=work.vault.fingerprint("token", browser),
        account_id=account_id,
        made_at=now,
        ends_at=now + QUESTION_LASTS,
    )
    work.session.add(question)
    work.session.flush()
    return question


@dataclass(frozen=True, slots=True)
class _Asked:
    id: int
    challenge: bytes


def _spend(work: Work, answer: Answer, purpose: str) -> _Asked | None:
    """The question, now spent; None if it was another browser's, another purpose's, or is over.

    Two answers at once wait for each other on its row, and only the first finds it open.
    """
    now = work.clock.now()
    row = work.session.execute(
        update(PasskeyQuestion)
        .where(
            PasskeyQuestion.ref == answer.ref,
            PasskeyQuestion.purpose == purpose,
            PasskeyQuestion.browser_hash == work.vault.fingerprint("token", answer.browser),
            PasskeyQuestion.account_id.is_not_distinct_from(work.actor.account_id),
            PasskeyQuestion.used_at.is_(None),
            PasskeyQuestion.ends_at > now,
        )
        .values(used_at=now)
        .returning(PasskeyQuestion.id, PasskeyQuestion.challenge)
    ).one_or_none()
    return None if row is None else _Asked(row.id, row.challenge)


def _write_refused(work: Work, asked: _Asked | None) -> None:
    """Write down that somebody was refused; whom she said she was is not written."""
    if asked is not None:
        audit.log(work, "passkey_refused", object_type="passkey_question", object_id=asked.id)


def _forget_old(work: Work) -> None:
    over = (
        select(PasskeyQuestion.id)
        .where(PasskeyQuestion.ends_at < work.clock.now() - FORGOTTEN_AFTER)
        .limit(_SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    work.session.execute(delete(PasskeyQuestion).where(PasskeyQuestion.id.in_(over)))


def _handle_of(work: Work, account_id: int) -> bytes:
    """What her account is called inside passkeys; made for the first one and never changed."""
    work.session.execute(
        insert(PasskeyHandle)
        .values(
            account_id=account_id,
            handle=secrets.token_bytes(_HANDLE_BYTES),
            made_at=work.clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["account_id"])
    )
    return work.session.get_one(PasskeyHandle, account_id).handle


def _her_account(work: Work) -> Account:
    account = work.session.get(Account, work.actor.account_id) if work.actor.account_id else None
    if account is None or account.closed_at is not None:
        raise NotAllowedError
    return account


def _log(work: Work, action: str, passkey: Passkey, account: Account) -> None:
    audit.log(
        work,
        action,
        object_type="passkey",
        object_id=passkey.id,
        subject_person_id=account.person_id,
    )
