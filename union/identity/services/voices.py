"""Somebody who knows her voice vouches for a member who has lost her second word (law P6).

Invariant: it opens nothing by itself, only beside her PIN; nothing before a day in which her
numbers were told and could stop it, nothing after the day that follows; never by herself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from union.identity.errors import NoCardInUseError, OpeningRefusedError, OwnCardError
from union.identity.models import SignInSession
from union.identity.models.cards import VoiceGrant
from union.identity.queries.cards import account_of_person, cards_of_person, voice_of
from union.identity.rules.cards import HERS_AFTER, VOICE_LASTS
from union.identity.services.sessions import Ended, Kind
from union.infra import audit
from union.infra.outbox import record_fact
from union.infra.people import is_present

if TYPE_CHECKING:
    from union.infra.work import Work


def vouch(work: Work, person_id: int) -> VoiceGrant:
    """The present person knows her voice; one that waits or holds already is in its place.

    OwnCardError for herself; NoCardInUseError where she has no PIN to write besides.
    """
    if is_present(work, person_id):
        raise OwnCardError
    account = account_of_person(work.session, person_id)
    if account is None or cards_of_person(work.session, person_id).in_use is None:
        raise NoCardInUseError
    held = voice_of(work, account.id)
    if held is not None:
        return held
    now = work.clock.now()
    grant = VoiceGrant(
        account_id=account.id,
        given_by=work.actor.person_id,
        given_at=now,
        from_at=now + HERS_AFTER,
        ends_at=now + HERS_AFTER + VOICE_LASTS,
    )
    work.session.add(grant)
    work.session.flush()
    record_fact(work, "voice_vouched", account_id=account.id)
    audit.log(
        work,
        "voice_vouched",
        object_type="account",
        object_id=account.id,
        subject_person_id=account.person_id,
    )
    return grant


def prove_voice(work: Work) -> None:
    """Whoever is signed in by her PIN goes on by the voice that was known; OpeningRefusedError."""
    held = voice_of(work, work.actor.account_id or 0)
    if held is None or held.from_at > work.clock.now():
        raise OpeningRefusedError


def end_voices(work: Work, account_id: int) -> bool:
    """Whatever was vouched opens nothing more, and her sign-ins as a member end with it.

    Whether anything was vouched that still waited or held.
    """
    now = work.clock.now()
    held = work.session.scalars(
        select(VoiceGrant)
        .where(VoiceGrant.account_id == account_id, VoiceGrant.ended_at.is_(None))
        .with_for_update()
    ).all()
    open_ones = [one for one in held if one.ends_at > now]
    for one in open_ones:
        one.ended_at = now
    work.session.flush()
    work.session.execute(
        update(SignInSession)
        .where(
            SignInSession.account_id == account_id,
            SignInSession.kind == Kind.MEMBER.value,
            SignInSession.ended_at.is_(None),
        )
        .values(ended_at=now, ended_how=Ended.LOST.value)
    )
    return bool(open_ones)
