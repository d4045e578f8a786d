"""Signing in with a name, a password and a code; and proving the same once more.

Invariant: whatever was typed, and whether anybody has the name, one try is one lookup, three
argon2 hashes, three codes and one line written; the answer never says which part was wrong. What
is refused is a value, never an exception, so that the refusal is kept, without a name. With her
other password it opens in as many rows and the same words, under force (``union.web.duress``).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, select

from union.identity.models import Account, RecoveryCode, Totp
from union.identity.rules import read_sign_in_name
from union.identity.rules.codes import NOBODYS_SECRET, TypedCode, matching_step, read_code
from union.identity.services.codes import SECRET_PLACE, use_recovery_code, use_step
from union.identity.services.hashing import fits
from union.identity.services.sessions import Kind, On, begin_session, raise_reach
from union.infra import audit
from union.infra.outbox import record_fact
from union.infra.people import Person
from union.kernel.actor import Proof

if TYPE_CHECKING:
    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class _Found:
    """An account, its key, and whatever a typed code can be tried against; all of it or none."""

    account: Account | None = None
    key_ref: UUID | None = None
    totp: Totp | None = None
    recovery: RecoveryCode | None = None


@dataclass(frozen=True, slots=True)
class _Fitting:
    """Whose everything was that was typed, and whether she was made to type it."""

    account: Account
    forced: bool


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed at the officers' door."""

    name: str
    password: str
    code: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Something of it does not fit; it is not said what."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """All of it fits, but nobody has seen in person yet that the account is hers."""

    account: Account


def sign_in(work: Work, typed: Typed, on: On | None = None) -> str | Refused | Unseen:
    """Begin an officer's sign-in if everything fits; its token is shown to nobody again."""
    name = read_sign_in_name(typed.name)
    fitting = _fitting(work, Account.sign_in_name == name, typed.password, typed.code)
    if fitting is None:
        return Refused()
    if fitting.account.confirmed_at is None:
        return Unseen(fitting.account)
    on = replace(on or On(), duress=fitting.forced)
    return begin_session(work, _opened(work, fitting), {Proof.PASSWORD_CODE}, Kind.OFFICE, on)


def prove_again(work: Work, token: str, password: str, code: str) -> str | Refused:
    """The present person proves herself once more; the token that takes the old one's place.

    SignInEndedError if the sign-in ended meanwhile.
    """
    fitting = _fitting(work, Account.id == work.actor.account_id, password, code)
    if fitting is None:
        return Refused()
    _opened(work, fitting)
    return raise_reach(work, token, {Proof.PASSWORD_CODE}, duress=fitting.forced)


def _opened(work: Work, fitting: _Fitting) -> Account:
    """Said in the same words and the same number of rows, whichever password it was."""
    account = fitting.account
    record_fact(work, "opened_by_pin", person_id=account.person_id, other=int(fitting.forced))
    return account


def _fitting(work: Work, who: ColumnElement[bool], password: str, code: str) -> _Fitting | None:
    """The account that all of this fits; its code is used by this. None is written down."""
    typed = read_code(code)
    found = _look_up(work, who, typed.number)
    account, totp, recovery = found.account, found.totp, found.recovery
    right = fits(account.password_hash if account is not None else None, password)
    other = fits(account.other_hash if account is not None else None, password)
    on_sheet = fits(recovery.code_hash if recovery is not None else None, typed.letters)
    step = _step(work, found.key_ref, totp, typed)
    if account is not None and (right or other):
        by_code = totp is not None and step is not None and use_step(work, totp.id, step)
        if by_code or (recovery is not None and on_sheet and use_recovery_code(work, recovery.id)):
            return _Fitting(account, forced=not right)
    audit.log(work, "sign_in_refused", object_type="door", object_id=0)
    return None


def _look_up(work: Work, who: ColumnElement[bool], number: int) -> _Found:
    """Account, key and whatever the typed code could be tried against, in one question."""
    row = work.session.execute(
        select(Account, Person.key_ref, Totp, RecoveryCode)
        .join(Person, Person.id == Account.person_id)
        .outerjoin(
            Totp,
            and_(
                Totp.account_id == Account.id,
                Totp.confirmed_at.is_not(None),
                Totp.ended_at.is_(None),
            ),
        )
        .outerjoin(
            RecoveryCode,
            and_(
                RecoveryCode.account_id == Account.id,
                RecoveryCode.number == number,
                RecoveryCode.used_at.is_(None),
                RecoveryCode.ended_at.is_(None),
            ),
        )
        .where(who, Account.closed_at.is_(None))
        .execution_options(populate_existing=True)
    ).one_or_none()
    return _Found() if row is None else _Found(row[0], row[1], row[2], row[3])


def _step(work: Work, key_ref: UUID | None, totp: Totp | None, typed: TypedCode) -> int | None:
    """The half-minute of the digits, if any; a key is asked for and codes are made in any case."""
    work.vault.preload([key_ref or uuid4()])
    secret, after = NOBODYS_SECRET, 0
    if totp is not None and key_ref is not None:
        secret = work.vault.decrypt(key_ref, SECRET_PLACE, totp.account_id, totp.secret)
        after = totp.last_step
    return matching_step(secret, typed.digits, work.clock.now(), after)
