"""Gifts and other income taken at the office, and what their receipts say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import aliased

from union.infra.keystore import KeyGoneError
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.ledger.models import Donation, JournalEntry
from union.ledger.policy import may_read_words
from union.ledger.rules.entries import DONATION

GIVER_PLACE = "donation.giver"
WORDS_PLACE = "donation.words"
SHOWN = 100


@dataclass(frozen=True, slots=True)
class DonationView:
    """One of them; names and words are "" where there are none or the reader may not read them."""

    donation: Donation
    entry: JournalEntry
    back: JournalEntry | None
    giver: str
    words: str


def donations(work: Work) -> Sequence[DonationView]:
    """The latest, newest first."""
    return _views(work)


def donation_by_ref(work: Work, ref: str) -> DonationView:
    """One; NotFoundError."""
    found = _views(work, ref)
    if not found:
        raise NotFoundError
    return found[0]


def _views(work: Work, ref: str | None = None) -> list[DonationView]:
    back = aliased(JournalEntry)
    query = (
        select(Donation, JournalEntry, back)
        .join(
            JournalEntry,
            (JournalEntry.source_kind == DONATION) & (JournalEntry.source_id == Donation.id),
        )
        .outerjoin(back, back.reverses_id == JournalEntry.id)
        .order_by(Donation.id.desc())
        .limit(SHOWN)
    )
    if ref is not None:
        query = query.where(Donation.ref == ref)
    rows = work.session.execute(query).all()
    work.vault.preload([given.key_ref for given, _entry, _back in rows])
    return [
        DonationView(
            donation=given,
            entry=entry,
            back=taken_back,
            giver=_open(work, given, GIVER_PLACE, given.giver),
            words=_open(work, given, WORDS_PLACE, given.words),
        )
        for given, entry, taken_back in rows
    ]


def _open(work: Work, given: Donation, place: str, body: bytes | None) -> str:
    if body is None or not may_read_words(work.actor):
        return ""
    try:
        return work.vault.decrypt(given.key_ref, place, given.ref, body)
    except KeyGoneError:
        return ""
