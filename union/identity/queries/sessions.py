"""Who is behind a sign-in, and the sign-ins of one account; never a token."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, case, select

from union.identity.models import Account, RoleGrant, SignInSession
from union.identity.rules import MEMBER_RESTS, OFFICE_RESTS, SEEN_EVERY
from union.kernel.actor import Actor, Grant, Proof, Role

if TYPE_CHECKING:
    from union.infra.work import Work

HOLDS = (
    SignInSession.ended_at.is_(None),
    SignInSession.ends_at > bindparam("now"),
    SignInSession.last_seen_at
    > bindparam("now") - case((SignInSession.kind == "office", OFFICE_RESTS), else_=MEMBER_RESTS),
)
"""A sign-in that was not ended, has not run out and was not left lying; ``now`` is asked for."""

# Built once: building it takes longer than the database does, and every page waits for it.
_SIGNED_IN = (
    select(
        Account.id,
        Account.person_id,
        Account.confirmed_at,
        Account.sensitive_from,
        RoleGrant.role,
        RoleGrant.branch_id,
        SignInSession.kind,
        SignInSession.proofs,
        SignInSession.proved_at,
        SignInSession.last_seen_at,
        SignInSession.ends_at,
        SignInSession.duress,
    )
    .join(SignInSession, SignInSession.account_id == Account.id)
    .outerjoin(RoleGrant, and_(RoleGrant.account_id == Account.id, RoleGrant.ended_at.is_(None)))
    .where(SignInSession.token_hash == bindparam("token_hash"), *HOLDS, Account.closed_at.is_(None))
)


@dataclass(frozen=True, slots=True)
class Present:
    """Whoever is behind a sign-in, and whether its use should be written down now."""

    actor: Actor
    note: bool


def present_by_token(work: Work, token: str) -> Present | None:
    """Whoever signed in with this token, if the sign-in still holds.

    One question, for every page begins with it. Only an officer's sign-in carries offices, and
    only once somebody has seen in person that the account is hers; while its secrets are new
    after a loss, it has proven no more than a PIN would, and is nobody's office. One that she
    was made to open carries none either, and seems to.
    """
    now = work.clock.now()
    rows = work.session.execute(
        _SIGNED_IN, {"token_hash": work.vault.fingerprint("token", token), "now": now}
    ).all()
    if not rows:
        return None
    first = rows[0]
    settled = first.sensitive_from is None or first.sensitive_from <= now
    office = first.kind == "office" and settled and first.confirmed_at is not None
    held = frozenset(Grant(Role(row.role), row.branch_id) for row in rows if row.role is not None)
    hers = frozenset(grant for grant in held if grant.role is Role.MEMBER)
    actor = Actor(
        person_id=first.person_id,
        account_id=first.id,
        grants=held if office and not first.duress else hers,
        seems=held - hers if office and first.duress else frozenset(),
        until=first.ends_at,
        proofs=frozenset(map(Proof, first.proofs)) if settled else frozenset({Proof.PIN}),
        proved_at=first.proved_at,
        office=office,
        duress=first.duress,
    )
    return Present(actor, note=first.last_seen_at <= now - SEEN_EVERY)


def actor_of_token(work: Work, token: str) -> Actor | None:
    """Whoever signed in with this token, if the sign-in still holds."""
    present = present_by_token(work, token)
    return present.actor if present is not None else None


def is_forced(work: Work, token: str) -> bool:
    """Whether she was made to open the sign-in with this token."""
    held = open_session(work, token)
    return held is not None and held.duress


def open_session(work: Work, token: str, *, lock: bool = False) -> SignInSession | None:
    """The sign-in with this token if it still holds; ``lock`` keeps others from ending it now."""
    question = select(SignInSession).where(
        SignInSession.token_hash == work.vault.fingerprint("token", token), *HOLDS
    )
    if lock:
        question = question.with_for_update().execution_options(populate_existing=True)
    return work.session.scalar(question, {"now": work.clock.now()})


@dataclass(frozen=True, slots=True)
class SignInLine:
    """One of her sign-ins as she sees it."""

    ref: str
    since: datetime
    last_used: datetime
    browser: str
    this_one: bool


def sign_ins_of(work: Work, account_id: int, token: str) -> list[SignInLine]:
    """The sign-ins of an account that hold at present, the newest first.

    When one was last used is known to the hour only.
    """
    present, zone = work.vault.fingerprint("token", token), work.clock.zone
    held = work.session.scalars(
        select(SignInSession)
        .where(SignInSession.account_id == account_id, *HOLDS)
        .order_by(SignInSession.made_at.desc(), SignInSession.ref),
        {"now": work.clock.now()},
    )
    return [
        SignInLine(
            one.ref,
            one.made_at,
            one.last_seen_at.astimezone(zone).replace(minute=0, second=0, microsecond=0),
            one.browser,
            one.token_hash == present,
        )
        for one in held
    ]
