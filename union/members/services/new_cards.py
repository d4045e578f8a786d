"""A new number card, and a voice vouched for, are told to her numbers and stopped there (law P6).

Invariant: every number that was hers in the last days is told, also one that was given up just
before; a card is stopped only from a number that was told of it, for as long as the text says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from union.identity.models import Account
from union.identity.models.cards import NumberCard
from union.identity.queries.cards import accounts_of_person, voice_of
from union.identity.services.cards import stop_card
from union.identity.services.enrolment import undo_secrets
from union.identity.services.passkey_doors import disown_passkeys
from union.identity.services.voices import end_voices
from union.infra import audit
from union.infra.audit import AuditEntry
from union.members.models import ContactPoint, Member
from union.members.queries import all_entries_of
from union.members.services.stopping import POINT, STOPPABLE, number_of

if TYPE_CHECKING:
    from union.infra.work import Work

CARD_TOLD = "card_told"


def numbers_to_tell(work: Work, account_id: int) -> list[ContactPoint]:
    """Her numbers, and those given up within the days in which it can be stopped; written down.

    The dead and the gone are told nothing.
    """
    person_id = work.session.get_one(Account, account_id).person_id
    since = work.clock.now() - STOPPABLE
    points = work.session.scalars(
        select(ContactPoint)
        .join(Member, Member.person_id == ContactPoint.person_id)
        .where(
            ContactPoint.person_id.in_(all_entries_of(work.session, person_id)),
            or_(ContactPoint.ended_at.is_(None), ContactPoint.ended_at > since),
            Member.status == "active",
        )
        .order_by(ContactPoint.id)
    ).all()
    for point in points:
        audit.log(
            work,
            CARD_TOLD,
            object_type=POINT,
            object_id=point.id,
            subject_person_id=point.person_id,
        )
    return list(points)


def stop_new_cards(work: Work, e164: str) -> bool:
    """End what this number was told of: a new card or passkey, a voice, an officer's new secrets.

    False if nothing ended.
    """
    points = work.session.scalars(
        select(ContactPoint)
        .where(ContactPoint.number_index == work.vault.blind_index("phone", e164))
        .order_by(ContactPoint.id)
    ).all()
    told = [one for one in points if number_of(work, one) == e164 and _was_told(work, one)]
    hers = {
        account.id
        for point in told
        for account in accounts_of_person(work.session, point.person_id)
    }
    stopped = [_stop(work, account_id) for account_id in sorted(hers)]
    return any(stopped)


def _was_told(work: Work, point: ContactPoint) -> bool:
    heard = select(AuditEntry.id).where(
        AuditEntry.subject_person_id == point.person_id,
        AuditEntry.action == CARD_TOLD,
        AuditEntry.object_type == POINT,
        AuditEntry.object_id == point.id,
        AuditEntry.at > work.clock.now() - STOPPABLE,
    )
    return work.session.scalar(heard.limit(1)) is not None


def _stop(work: Work, account_id: int) -> bool:
    since = work.clock.now() - STOPPABLE
    renewed = undo_secrets(work, account_id, since)
    keyed = disown_passkeys(work, account_id, since)
    voiced = voice_of(work, account_id) is not None and end_voices(work, account_id)
    card = work.session.scalar(
        select(NumberCard)
        .where(
            NumberCard.account_id == account_id,
            NumberCard.ended_at.is_(None),
            NumberCard.begun_at > since,
        )
        .with_for_update()
    )
    return (card is not None and stop_card(work, card)) or voiced or renewed or keyed
