"""Sealing what was posted into one chain, and signing where it ends; rows are only added (M7).

The work does itself: a timer of kind ``seal_books`` lays one seal at each firing, and when nothing
is left unsealed says and signs the head and sets itself for after the next midnight. Killed in
between, it lost one transaction and goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select, text

from union.infra.successions import keys_on
from union.infra.timers import Timer, TimerHandler, finish_timers, set_timer, take_timer
from union.infra.work import Work
from union.kernel.periods import Month
from union.ledger.models import Seal, SealHead
from union.ledger.queries.heads import (
    as_said,
    closed_months,
    closed_to,
    newest_head,
    true_head,
)
from union.ledger.queries.seals import (
    chain_head,
    count_unsealed,
    sealed_entries,
    unsealed_ids,
)
from union.ledger.rules.seals import (
    FIRST,
    HeadReason,
    entry_hash,
    head_hash,
    head_text,
    seal_hash,
)

CHAIN_LOCK = 3002
BATCH = 5000

SEAL_BOOKS = "seal_books"
BOOKS = ("books", 0)
"""Subject of the timer: there is one set of books."""

AFTER_MIDNIGHT = time(0, 10)

_COVER = text("""
INSERT INTO seal_entry (entry_id, seal_id, content_hash)
SELECT number, :seal, content_hash
  FROM unnest(CAST(:numbers AS bigint[]), CAST(:hashes AS bytea[])) AS sealed(number, content_hash)
""")


def seal_postings(work: Work, limit: int = BATCH) -> Seal | None:
    """Lay one seal on up to ``limit`` entries that have none; None if there are none.

    Two at once wait for each other, so that the chain cannot fork; were the lock ever left out,
    the database refuses a second seal on the same one. Commit after each seal.
    """
    session = work.session
    session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))
    hashes = [
        (entry.id, entry_hash(entry))
        for entry in sealed_entries(session, unsealed_ids(session, limit))
    ]
    if not hashes:
        return None
    head = chain_head(session)
    now = work.clock.now()
    seal = Seal(
        previous_id=head.id if head else None,
        entries=len(hashes),
        content_hash=seal_hash(head.content_hash if head else FIRST, hashes),
        made_at=max(now, head.made_at) if head else now,
    )
    session.add(seal)
    session.flush()
    covered = {
        "seal": seal.id,
        "numbers": [number for number, _ in hashes],
        "hashes": [content_hash for _, content_hash in hashes],
    }
    session.execute(_COVER, covered)
    return seal


def say_head(work: Work, reason: HeadReason, said_on: date) -> SealHead | None:
    """Sign where the chain ends, once for each day or closed month; the one that stands, if said.

    A head of that day which our key did not sign stands for nothing: the true one is said beside
    it. None while nothing is sealed. Of a month that closed everything must be sealed before: the
    database asks it. SigningKeyMissingError without a key.
    """
    session = work.session
    session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))
    signer = work.vault.signer()
    keys = keys_on(work.vault.our_keys, said_on, work.clock.zone)
    standing = true_head(session, reason, said_on, keys)
    seal = chain_head(session)
    if standing is not None or seal is None:
        return standing
    before = newest_head(session)
    head = SealHead(
        previous_id=before.id if before else None,
        previous_hash=head_hash(as_said(before)) if before else FIRST,
        reason=reason,
        said_on=said_on,
        seal_id=seal.id,
        seal_hash=seal.content_hash,
        entries=session.scalar(select(func.sum(Seal.entries))) or 0,
        closed_to=closed_to(session),
        made_at=work.clock.now(),
    )
    signed = signer.sign(head_text(as_said(head)).encode())
    head.public_key, head.signature = signed.public_key, signed.value
    session.add(head)
    session.flush()
    return head


def seal_books(work: Work, timer: Timer) -> None:
    """One firing of the timer: one seal; then again at once, or the heads and the next midnight."""
    work.session.execute(select(func.pg_advisory_xact_lock(CHAIN_LOCK)))
    if not take_timer(work, timer):
        return
    finish_timers(work, *BOOKS, SEAL_BOOKS)
    seal_postings(work)
    now = work.clock.now()
    if count_unsealed(work.session):
        _set(work, now)
        return
    if work.vault.can_sign:
        say_heads(work)
    _set(work, _after_midnight(work))


def say_heads(work: Work) -> None:
    """A head for each month that closed, however many since the last time, and today's."""
    for closed in closed_months(work.session):
        say_head(work, HeadReason.MONTH, Month.of(closed).last_day)
    say_head(work, HeadReason.DAY, work.clock.today())


def seal_soon(work: Work) -> None:
    """Have the books sealed as soon as this is committed: when they open, when a month closes."""
    _set(work, work.clock.now())


def _set(work: Work, due_at: datetime) -> None:
    subject_type, subject_id = BOOKS
    set_timer(
        work, kind=SEAL_BOOKS, subject_type=subject_type, subject_id=subject_id, due_at=due_at
    )


def _after_midnight(work: Work) -> datetime:
    tomorrow = work.clock.today() + timedelta(days=1)
    return datetime.combine(tomorrow, AFTER_MIDNIGHT, work.clock.zone)


TIMERS: Mapping[str, TimerHandler] = {SEAL_BOOKS: seal_books}
"""Who acts when a timer of the books is due."""
