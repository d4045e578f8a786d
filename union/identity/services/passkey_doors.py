"""What a passkey's answer opens: a sign-in at the door, or more reach for one that stands.

Invariant: whatever was refused begins nothing, and its question stays spent.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from union.identity.models import Passkey, RoleGrant
from union.identity.services.passkeys import open_with, prove_with
from union.identity.services.sessions import Ended, Kind, begin_session, end_all_of, raise_reach
from union.infra import audit
from union.kernel.actor import Proof, Role

if TYPE_CHECKING:
    from datetime import datetime

    from union.identity.models import Account
    from union.identity.rules.passkeys import Place
    from union.identity.services.passkeys import Answer
    from union.identity.services.sessions import On
    from union.infra.work import Work


def open_by_passkey(
    work: Work, place: Place, answer: Answer, on: On, *, office: bool
) -> str | None:
    """Begin the sign-in of whoever's passkey answered; its token, or None if it is refused.

    An officer's sign-in is begun at the officers' door (``office``) and for officers only: a
    finger alone opens her work there, and at her own door no more than a member's dues. An account
    that nobody confirmed in person, or whose secrets are new after a loss, is no officer's.
    """
    account = open_with(work, place, answer)
    if account is None:
        return None
    hers = office and _is_settled(work, account) and _holds_office(work, account.id)
    kind = Kind.OFFICE if hers else Kind.MEMBER
    return begin_session(work, account, {Proof.PASSKEY}, kind, on)


def prove_by_passkey(work: Work, place: Place, answer: Answer) -> str | None:
    """Raise the sign-in that answered; its new token, or None if it is refused.

    SignInEndedError if the sign-in ended meanwhile.
    """
    if prove_with(work, place, answer) is None:
        return None
    return raise_reach(work, answer.browser, {Proof.PASSKEY})


def disown_passkeys(work: Work, account_id: int, since: datetime) -> bool:
    """She says that it was not she: what was added after ``since`` ends, and every sign-in with it.

    False if nothing was added since then that still opens anything.
    """
    added = work.session.scalars(
        update(Passkey)
        .where(
            Passkey.account_id == account_id,
            Passkey.made_at > since,
            Passkey.ended_at.is_(None),
        )
        .values(ended_at=work.clock.now(), ended_how="lost")
        .returning(Passkey.id)
    ).all()
    if not added:
        return False
    end_all_of(work, account_id, Ended.LOST)
    audit.log(work, "passkeys_disowned", object_type="account", object_id=account_id)
    return True


def _is_settled(work: Work, account: Account) -> bool:
    settled = account.sensitive_from is None or account.sensitive_from <= work.clock.now()
    return settled and account.confirmed_at is not None


def _holds_office(work: Work, account_id: int) -> bool:
    held = select(RoleGrant.id).where(
        RoleGrant.account_id == account_id,
        RoleGrant.ended_at.is_(None),
        RoleGrant.role != Role.MEMBER.value,
    )
    return work.session.scalar(held.limit(1)) is not None
