"""Carrying an erasure out: one step for each time its timer falls due, each committed by itself.

Invariant: a key is destroyed only from a committed row; nothing is certified before the key store
was asked for every key and every place was looked at. Whatever is killed goes on by the timer, and
each step done again changes nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select, text

from union.infra import audit
from union.infra.key_ends import (
    ERASURE,
    Erasure,
    destroy_some,
    held,
    hindrances,
    keys_of,
    left_of,
    order_keys,
)
from union.infra.keystore import KeyGoneError
from union.infra.timers import Timer, TimerHandler, set_timer, take_timer
from union.kernel.errors import UnionError
from union.messages.services import withdraw
from union.office.erasing.queries import count_staying, newest_certificate, waiting_for_her
from union.office.erasing.rules import FIRST, LOOK_AGAIN, Certified, may_begin
from union.office.erasing.services.asking import ERASE
from union.office.models import ErasureCertificate

if TYPE_CHECKING:
    from union.infra.work import Work

CHAIN_LOCK, LIST_LOCK = 4901, 4902
"""One certificate, and one list of destroyed keys, is written at a time."""

AT_ONCE = timedelta(0)


class ErasureNotDoneError(UnionError):
    """Something of hers can still be opened, or lies open: nothing is certified."""

    code = "erasure_not_done"


def carry_out(work: Work, timer: Timer) -> None:
    """Do the next step of an order, and set the timer for the one after it."""
    order = work.session.scalar(
        select(Erasure).where(Erasure.id == timer.subject_id).with_for_update()
    )
    if not take_timer(work, timer) or order is None or not order.is_open:
        return
    wait = _step(work, order)
    if order.is_open:
        set_timer(
            work,
            kind=ERASE,
            subject_type=ERASURE,
            subject_id=order.id,
            due_at=work.clock.now() + wait,
        )


def _step(work: Work, order: Erasure) -> timedelta:
    """The first thing that is not done; how long to wait before the next."""
    if order.begun_at is None:
        return begin(work, order)
    if order.rows_gone_at is None and held(work.session, order.person_id):
        return LOOK_AGAIN
    if order.keys_gone_at is None:
        return end_keys(work, order)
    if order.rows_gone_at is None:
        return take_away(work, order)
    if order.listed_at is None:
        wait = end_what_came(work, order)
        return list_keys(work, order) if wait is None else wait
    certify(work, order)
    return AT_ONCE


def begin(work: Work, order: Erasure) -> timedelta:
    """Write down which keys end, if her days are over and nothing of hers is open.

    Whatever was to be sent to her is not: its words could not be opened any more.
    """
    if not may_begin(hindrances(work.session, order.person_id), order.not_before, work.clock.now()):
        return LOOK_AGAIN
    for message_id in waiting_for_her(work.session, order.person_id):
        withdraw(work, message_id, "erased")
    order.begun_at = work.clock.now()
    work.session.flush()
    order_keys(work, order)
    return AT_ONCE


def end_keys(work: Work, order: Erasure) -> timedelta:
    """Destroy some of the keys that are written down; once none is left, look for later ones."""
    if destroy_some(work, order) or order_keys(work, order):
        return AT_ONCE
    order.keys_gone_at = work.clock.now()
    work.session.flush()
    return AT_ONCE


def take_away(work: Work, order: Erasure) -> timedelta:
    """Take away what lies open, or under keys that are not hers.

    What has come of her since her keys went is ended first: its number alone says it is hers.
    """
    if hindrances(work.session, order.person_id):
        return LOOK_AGAIN
    if destroy_some(work, order) or order_keys(work, order):
        return AT_ONCE
    _take_away(work, order)
    return AT_ONCE


def _take_away(work: Work, order: Erasure) -> None:
    """The database refuses it, to be done again, where a text came since the keys were looked for.

    That text's key ends first, for without its number nothing says whose it was.
    """
    asked = text("SELECT erasure_take_away(:order, :now)")
    work.session.execute(asked, {"order": order.id, "now": work.clock.now()})
    work.session.expire_all()


def end_what_came(work: Work, order: Erasure) -> timedelta | None:
    """End what was being taken in as hers while her rows went; None once there is nothing of it.

    What she called for then is heard first.
    """
    found = hindrances(work.session, order.person_id)
    if "call" in found:
        return LOOK_AGAIN
    has_keys = destroy_some(work, order) or order_keys(work, order) > 0
    if not has_keys and not left_of(work.session, order.person_id):
        return None
    if "held" in found:
        return LOOK_AGAIN
    if not has_keys:
        _take_away(work, order)
    return AT_ONCE


def list_keys(work: Work, order: Erasure) -> timedelta:
    """Write the signed list of destroyed keys, by which no backup brings her back."""
    work.session.execute(select(func.pg_advisory_xact_lock(LIST_LOCK)))
    work.vault.list_destroyed()
    order.listed_at = work.clock.now()
    work.session.flush()
    return AT_ONCE


def certify(work: Work, order: Erasure) -> ErasureCertificate:
    """Sign that she is gone, after looking; ErasureNotDoneError if anything of hers is there."""
    _refuse_undone(work, order)
    work.session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))
    before = newest_certificate(work.session)
    keys = {one.key_ref: one.destroyed_at for one in keys_of(work.session, order)}
    certified = Certified(
        number=1 if before is None else before.number + 1,
        previous_hash=FIRST if before is None else before.said_hash,
        order_ref=order.ref,
        asked_at=order.asked_at,
        asked_how=order.asked_how,
        told_at=order.told_at or order.asked_at,
        made_at=max(work.clock.now(), order.asked_at if before is None else before.made_at),
        keys={ref: at for ref, at in keys.items() if at is not None},
        stays=count_staying(work.session, order.person_id),
    )
    signature = work.vault.signer().sign(certified.said.encode())
    certificate = ErasureCertificate(
        number=certified.number,
        erasure_id=order.id,
        made_at=certified.made_at,
        said=certified.said,
        said_hash=hashlib.sha256(certified.said.encode()).digest(),
        previous_hash=certified.previous_hash,
        public_key=signature.public_key,
        signature=signature.value,
    )
    work.session.add(certificate)
    work.session.flush()
    order.ended_at = work.clock.now()
    work.session.flush()
    audit.log(work, "erased", object_type=ERASURE, object_id=order.id)
    return certificate


def _refuse_undone(work: Work, order: Erasure) -> None:
    """Ask the key store for every key, try each one, and look at every place."""
    keys = keys_of(work.session, order)
    if any(one.destroyed_at is None for one in keys):
        raise ErasureNotDoneError
    refs = [one.key_ref for one in keys]
    if len(work.vault.destroyed(refs)) < len(refs) or left_of(work.session, order.person_id):
        raise ErasureNotDoneError
    for key_ref in refs:
        try:
            work.vault.encrypt(key_ref, "erasure.tried", order.ref, "")
        except KeyGoneError:
            continue
        raise ErasureNotDoneError


TIMERS: Mapping[str, TimerHandler] = {ERASE: carry_out}
