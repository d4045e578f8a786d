"""Browsers that ask for a PIN alone, because a card was opened in them before.

Invariant: what a browser holds is a secret of chance that says nothing of whose it is, kept here
as a keyed hash only; it opens nothing without her PIN, ends with her card, and never comes back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select, update

from union.identity.models import Account
from union.identity.models.cards import OwnDevice
from union.identity.queries.cards import device_known
from union.identity.rules.cards import DEVICE_LASTS
from union.kernel.ids import new_ref, new_token

if TYPE_CHECKING:
    from union.infra.work import Work

AT_MOST = 5
"""So many browsers know one member at a time."""


def keep_device(work: Work, account_id: int) -> str:
    """Let this browser ask for her PIN alone from now on; returns what it shall hold.

    Of more than five the oldest asks for the card again.
    """
    work.session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    token, now = new_token(), work.clock.now()
    work.session.add(
        OwnDevice(
            ref=new_ref(),
            account_id=account_id,
            token_hash=work.vault.fingerprint("own_device", token),
            made_at=now,
            last_used_on=work.clock.today(),
            ends_at=now + DEVICE_LASTS,
        )
    )
    work.session.flush()
    too_many = (
        select(OwnDevice.id)
        .where(
            OwnDevice.account_id == account_id,
            OwnDevice.ended_at.is_(None),
            OwnDevice.ends_at > now,
        )
        .order_by(OwnDevice.id.desc())
        .offset(AT_MOST)
    )
    work.session.execute(update(OwnDevice).where(OwnDevice.id.in_(too_many)).values(ended_at=now))
    return token


def use_device(work: Work, token: str) -> None:
    """Write down the day it was last used, no hour; one that ended stays as it is."""
    held = device_known(work, token)
    if held is not None and held.last_used_on != work.clock.today():
        held.last_used_on = work.clock.today()
        work.session.flush()


def forget_device(work: Work, token: str) -> None:
    """This browser shall ask for the card again; a second time changes nothing."""
    held = device_known(work, token)
    if held is not None:
        held.ended_at = work.clock.now()
        work.session.flush()


def end_devices(work: Work, account_id: int, *, but_token: str | None = None) -> None:
    """Every browser asks for the card again, but this one if it is given."""
    but = work.vault.fingerprint("own_device", but_token) if but_token is not None else b""
    work.session.execute(
        update(OwnDevice)
        .where(
            OwnDevice.account_id == account_id,
            OwnDevice.ended_at.is_(None),
            OwnDevice.token_hash != but,
        )
        .values(ended_at=work.clock.now())
    )
