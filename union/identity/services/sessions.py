"""Sign-ins begun, raised by more proof, and ended.

Invariant: a token is never kept, only its keyed hash; what a sign-in has proven is said when it
begins, so that more proof is a new sign-in under a new token and the old token is dead; what has
ended stays ended.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, update

from union.identity.errors import SignInEndedError
from union.identity.models import SignInSession
from union.identity.queries.sessions import HOLDS, open_session
from union.identity.rules import SEEN_EVERY, SIGN_IN_LASTS
from union.infra import audit
from union.kernel.actor import Proof
from union.kernel.ids import new_token

if TYPE_CHECKING:
    from union.identity.models import Account
    from union.infra.work import Work


class Kind(StrEnum):
    """What a sign-in is for; only an officer's carries her offices."""

    MEMBER = "member"
    OFFICE = "office"


class Ended(StrEnum):
    """How a sign-in ended, where it did not run out by itself."""

    SIGNED_OUT = "signed_out"
    RAISED = "raised"
    BY_HER = "ended_by_her"
    SECRETS_CHANGED = "secrets_changed"
    LOST = "lost"
    LOCKED = "locked"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class On:
    """Where a sign-in is: the kind of browser in one of five words, and a device if it is known.

    ``duress``: whether she was made to.
    """

    browser: str = "other"
    device_id: int | None = None
    duress: bool = False


def begin_session(
    work: Work, account: Account, proofs: Collection[Proof], kind: Kind, on: On | None = None
) -> str:
    """Begin a sign-in that has just proven this; returns its token, shown to nobody again."""
    on = on or On()
    now = work.clock.now()
    token = _begin(
        work,
        SignInSession(
            account_id=account.id,
            kind=kind.value,
            proofs=sorted(proofs),
            proved_at=now,
            ends_at=now + SIGN_IN_LASTS,
            duress=on.duress,
            browser=on.browser,
            device_id=on.device_id,
        ),
    )
    audit.log(
        work,
        "signed_in",
        object_type="account",
        object_id=account.id,
        subject_person_id=account.person_id,
    )
    return token


def raise_reach(
    work: Work, token: str, proofs: Collection[Proof], *, duress: bool | None = None
) -> str:
    """What was proven just now, besides what this sign-in had: a new token, and the old one ends.

    It lasts as long as the old one would have; whoever proves what opens an office begins the
    time anew. A sign-in that was ``duress`` stays so. SignInEndedError if it holds no more.
    """
    now = work.clock.now()
    held = open_session(work, token, lock=True)
    if held is None:
        raise SignInEndedError
    _end(held, Ended.RAISED, now)
    work.session.flush()
    office = held.kind == Kind.OFFICE and {Proof.PASSKEY, Proof.PASSWORD_CODE} & set(proofs)
    return _begin(
        work,
        SignInSession(
            account_id=held.account_id,
            kind=held.kind,
            proofs=sorted({*held.proofs, *proofs}),
            proved_at=now,
            ends_at=now + SIGN_IN_LASTS if office else held.ends_at,
            duress=held.duress or bool(duress),
            browser=held.browser,
            device_id=held.device_id,
        ),
    )


def note_use(work: Work, token: str) -> None:
    """Write down that a sign-in is in use, not more often than every few minutes.

    One that rested too long stays shut.
    """
    now = work.clock.now()
    work.session.execute(
        update(SignInSession)
        .where(
            SignInSession.token_hash == work.vault.fingerprint("token", token),
            *HOLDS,
            SignInSession.last_seen_at <= now - SEEN_EVERY,
        )
        .values(last_seen_at=now),
        {"now": now},
    )


def sign_out(work: Work, token: str) -> None:
    """End a sign-in; a second time changes nothing."""
    held = open_session(work, token, lock=True)
    if held is not None:
        _end(held, Ended.SIGNED_OUT, work.clock.now())
        work.session.flush()


def end_one(work: Work, ref: str) -> None:
    """The present person ends one of her own sign-ins; a second time changes nothing."""
    _end_where(
        work,
        SignInSession.ref == ref,
        SignInSession.account_id == work.actor.account_id,
        how=Ended.BY_HER,
    )


def end_all_of(
    work: Work,
    account_id: int,
    how: Ended,
    *,
    but_token: str | None = None,
    kinds: Collection[Kind] = tuple(Kind),
) -> int:
    """End every sign-in of an account, but this one if it is given; how many there were."""
    but = work.vault.fingerprint("token", but_token) if but_token is not None else b""
    return _end_where(
        work,
        SignInSession.account_id == account_id,
        SignInSession.token_hash != but,
        SignInSession.kind.in_(kinds),
        how=how,
    )


def end_all_offices(work: Work) -> int:
    """End every officer's sign-in, whoever's: the office is locked; how many there were."""
    return _end_where(work, SignInSession.kind == Kind.OFFICE.value, how=Ended.LOCKED)


def _end_where(work: Work, *where: ColumnElement[bool], how: Ended) -> int:
    ended = work.session.execute(
        update(SignInSession)
        .where(SignInSession.ended_at.is_(None), *where)
        .values(ended_at=work.clock.now(), ended_how=how.value)
        .returning(SignInSession.account_id)
    ).scalars()
    accounts = list(ended)
    for account_id in set(accounts):
        audit.log(work, f"sign_ins_ended_{how}", object_type="account", object_id=account_id)
    return len(accounts)


def _begin(work: Work, begun: SignInSession) -> str:
    token = new_token()
    begun.token_hash = work.vault.fingerprint("token", token)
    begun.made_at = begun.last_seen_at = work.clock.now()
    work.session.add(begun)
    work.session.flush()
    return token


def _end(held: SignInSession, how: Ended, now: datetime) -> None:
    held.ended_at = now
    held.ended_how = how.value
