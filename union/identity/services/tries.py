"""Tries, spent before anything is checked: raced a hundred times at once, a hundred are spent.

Invariant: a try is committed, in a unit of work of its own, before what was typed is looked at.
PostgreSQL counts: an emptied Redis gives nobody new tries. A bucket that is full takes nothing
more, so that nobody can hold a door shut by knocking on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, select

from union.identity.models import TrySpent
from union.identity.rules.tries import WINDOW, Bound, opens_at
from union.kernel.actor import Actor

if TYPE_CHECKING:
    from union.infra.vault import Vault
    from union.infra.work import UnitOfWork, Work

KEPT_FOR = timedelta(days=2)
AT_ONCE = 100
"""So many old tries are cleared away by each new one."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """What tries are counted in: of what kind, known by which keyed hash, bounded how."""

    what: str
    key: bytes
    bound: Bound


@dataclass(frozen=True, slots=True)
class Left:
    """The try is spent; it may be looked at."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing was spent and nothing may be looked at before this instant."""

    until: datetime


def bucket_of(vault: Vault, what: str, key: str, bound: Bound) -> Bucket:
    """The bucket for something that was typed or shown: kept as a keyed hash, never itself."""
    return Bucket(what, vault.fingerprint("tries", f"{what}:{key}"), bound)


def spend(unit: UnitOfWork, *buckets: Bucket) -> Left | Wait:
    """Spend one try in every bucket, or none; committed apart, before anything is checked."""
    return unit.run(Actor.system("tries"), lambda work: _spend(work, buckets))


def pass_try(work: Work, *buckets: Bucket) -> None:
    """What was tried passed, which commits with this work: it is given back.

    Where the bucket forgives, its whole count begins anew; elsewhere only the one try that
    passed, so that it tells nobody who else tries there whether anybody passed.
    """
    for bucket in buckets:
        _write(work, bucket, passed=True)


def _spend(work: Work, buckets: Sequence[Bucket]) -> Left | Wait:
    now = work.clock.now()
    inside = sorted(buckets, key=lambda bucket: bucket.key)
    for bucket in inside:
        number = int.from_bytes(bucket.key[:8], signed=True)
        work.session.execute(select(func.pg_advisory_xact_lock(number)))
    until = max(opens_at(bucket.bound, _tried(work, bucket), now) for bucket in inside)
    if until > now:
        return Wait(until)
    for bucket in inside:
        _write(work, bucket, passed=False)
    _clear_away(work)
    return Left()


def _tried(work: Work, bucket: Bucket) -> list[datetime]:
    """The tries within the hour that were not given back, oldest first."""
    rows = work.session.execute(
        select(TrySpent.at, TrySpent.passed)
        .where(TrySpent.bucket == bucket.key, TrySpent.at > work.clock.now() - WINDOW)
        .order_by(TrySpent.at, TrySpent.id)
    )
    tried: list[datetime] = []
    for at, passed in rows:
        if not passed:
            tried.append(at)
        elif bucket.bound.forgiven:
            tried.clear()
        else:
            del tried[-1:]
    return tried


def _write(work: Work, bucket: Bucket, *, passed: bool) -> None:
    work.session.add(
        TrySpent(what=bucket.what, bucket=bucket.key, passed=passed, at=work.clock.now())
    )
    work.session.flush()


def _clear_away(work: Work) -> None:
    old = (
        select(TrySpent.id)
        .where(TrySpent.at < work.clock.now() - KEPT_FOR)
        .order_by(TrySpent.at)
        .limit(AT_ONCE)
    )
    work.session.execute(delete(TrySpent).where(TrySpent.id.in_(old)))
