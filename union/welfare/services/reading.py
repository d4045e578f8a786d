"""Opening the sealed words of a claim.

Invariant: each word opened is written down where she can see it, before it is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.infra.readings import Reading, Why
from union.infra.sealing import HEALTH, OpenCircle
from union.kernel.errors import NotAllowedError, NotFoundError
from union.members.queries import all_entries_of
from union.welfare.errors import NothingSealedError
from union.welfare.models import ClaimHearing
from union.welfare.policy import may_judge, refuse_own
from union.welfare.queries import claim_by_ref
from union.welfare.services.claims import sealed_health
from union.welfare.services.decisions import sealed_note

if TYPE_CHECKING:
    from union.infra.sealing import OwnKey
    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class SealedWords:
    """What she wrote, and what was said at each hearing; for the eyes of one reader, once."""

    health: str | None
    notes: tuple[tuple[datetime, str], ...]


def open_sealed_words(work: Work, claim_ref: str, words: str | OwnKey, why: Why) -> SealedWords:
    """Open them with the reader's own words or opened key; show them only after the commit.

    NotAllowedError, OwnClaimError, NothingSealedError, NotEntitledError, PassphraseWrongError.
    """
    claim = claim_by_ref(work.session, claim_ref)
    if claim is None:
        raise NotFoundError
    if not may_judge(work.actor):
        raise NotAllowedError
    refuse_own(work.actor, all_entries_of(work.session, claim.person_id))
    hearings = work.session.scalars(
        select(ClaimHearing)
        .where(ClaimHearing.claim_id == claim.id, ClaimHearing.note != b"")
        .order_by(ClaimHearing.id)
    ).all()
    if claim.health is None and not hearings:
        raise NothingSealedError(claim_id=claim.id)
    circle = OpenCircle(work, HEALTH, words)
    health = None
    if claim.health is not None:
        reading = Reading("opened_health_words", "claim", claim.id, claim.person_id, why)
        health = circle.open(sealed_health(claim.key_ref, claim.ref), claim.health, reading)
    notes = []
    for hearing in hearings:
        reading = Reading("opened_hearing_note", "claim", claim.id, claim.person_id, why)
        said = circle.open(sealed_note(claim, hearing.ref), hearing.note, reading)
        notes.append((hearing.heard_at, said))
    return SealedWords(health, tuple(notes))
