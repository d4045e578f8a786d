"""Sealing what was posted into one chain, by rows that are only ever added (M7)."""

from __future__ import annotations

from sqlalchemy import func, insert, select

from union.infra.work import Work
from union.ledger.models import Seal, SealEntry
from union.ledger.queries.seals import chain_head, sealed_entries, unsealed_ids
from union.ledger.rules.seals import FIRST, entry_hash, seal_hash

CHAIN_LOCK = 3002
BATCH = 5000


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
    seal = Seal(
        previous_id=head.id if head else None,
        entries=len(hashes),
        content_hash=seal_hash(head.content_hash if head else FIRST, hashes),
        made_at=work.clock.now(),
    )
    session.add(seal)
    session.flush()
    session.execute(
        insert(SealEntry),
        [
            {"entry_id": number, "seal_id": seal.id, "content_hash": content_hash}
            for number, content_hash in hashes
        ],
    )
    return seal
