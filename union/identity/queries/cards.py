"""Reads of members' cards and of the browsers that know them; never a secret."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.identity.models import Account
from union.identity.models.cards import CardStart, NumberCard, OwnDevice, Pin, VoiceGrant
from union.infra.people import one_person

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class CardsOf:
    """How it stands with somebody's cards: one in use, and one that waits to be opened."""

    in_use: NumberCard | None = None
    waits: NumberCard | None = None


def accounts_of_person(session: Session, person_id: int) -> Sequence[Account]:
    """Every account of hers, under whichever of her joined entries it was made; oldest first."""
    return session.scalars(
        select(Account)
        .where(one_person(Account.person_id) == one_person(person_id), Account.closed_at.is_(None))
        .order_by(Account.id)
    ).all()


def account_of_person(session: Session, person_id: int) -> Account | None:
    """The first of her accounts; None if she has none."""
    return next(iter(accounts_of_person(session, person_id)), None)


def cards_of_person(session: Session, person_id: int) -> CardsOf:
    """Her card in use and the one that waits, if any."""
    account = account_of_person(session, person_id)
    return CardsOf() if account is None else cards_of_account(session, account.id)


def cards_of_account(session: Session, account_id: int) -> CardsOf:
    """The card in use and the one that waits of one account, if any."""
    cards = session.scalars(
        select(NumberCard).where(NumberCard.account_id == account_id, NumberCard.ended_at.is_(None))
    ).all()
    return CardsOf(
        next((one for one in cards if one.begun_at is not None), None),
        next((one for one in cards if one.begun_at is None), None),
    )


def card_by_digits(work: Work, digits: str) -> NumberCard | None:
    """The card with these digits that has not ended; None if there is none."""
    return work.session.scalar(
        select(NumberCard).where(
            NumberCard.digits_index == work.vault.fingerprint("card_number", digits),
            NumberCard.ended_at.is_(None),
        )
    )


def last_start(session: Session, card_id: int) -> CardStart | None:
    """The word said last for a card: one said anew is in place of those before."""
    return session.scalar(
        select(CardStart)
        .where(CardStart.card_id == card_id)
        .order_by(CardStart.id.desc())
        .limit(1)
        .with_for_update()
    )


def device_known(work: Work, token: str) -> OwnDevice | None:
    """The browser that holds this secret, if it still holds."""
    return work.session.scalar(
        select(OwnDevice)
        .join(Account, Account.id == OwnDevice.account_id)
        .where(
            OwnDevice.token_hash == work.vault.fingerprint("own_device", token),
            OwnDevice.ended_at.is_(None),
            OwnDevice.ends_at > work.clock.now(),
            Account.closed_at.is_(None),
        )
    )


def hers_from(session: Session, account_id: int) -> datetime | None:
    """When what is hers opens again after a new card was opened; None where no card is in use."""
    return session.scalar(
        select(NumberCard.hers_from).where(
            NumberCard.account_id == account_id,
            NumberCard.begun_at.is_not(None),
            NumberCard.ended_at.is_(None),
        )
    )


def voice_of(work: Work, account_id: int) -> VoiceGrant | None:
    """The word for her voice that waits or holds; None if there is none."""
    return work.session.scalar(
        select(VoiceGrant)
        .where(
            VoiceGrant.account_id == account_id,
            VoiceGrant.ended_at.is_(None),
            VoiceGrant.ends_at > work.clock.now(),
        )
        .order_by(VoiceGrant.id)
        .limit(1)
    )


def has_pin(session: Session, account_id: int | None) -> bool:
    """Whether this account is opened by a PIN at all."""
    return account_id is not None and session.get(Pin, account_id) is not None
