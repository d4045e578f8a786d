"""What is hashed when postings are sealed: codes and figures only, never words (M7).

An auditor's verifier needs this text and SHA-256, nothing of ours: each entry is one line of
fields and its legs, each seal is the hash of the seal before it and of its entries in order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

FIRST = bytes(32)
"""What the first seal stands on."""


@dataclass(frozen=True, slots=True)
class SealedLeg:
    """A leg as it is hashed."""

    position: int
    account: str
    fund: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class SealedEntry:
    """An entry as it is hashed; ``voucher_hash`` is the content two people approved, if any."""

    id: int
    ref: str
    kind: str
    happened_on: date
    posted_on: date
    posted_at: datetime
    posted_by: int | None
    source_kind: str
    source_id: int
    reverses_id: int | None
    voucher_hash: bytes | None
    legs: Sequence[SealedLeg]


def entry_text(entry: SealedEntry) -> str:
    """One entry as the text that is hashed: fields parted by "|", empty where there is none."""
    head = (
        "v1",
        entry.id,
        entry.ref,
        entry.kind,
        entry.happened_on.isoformat(),
        entry.posted_on.isoformat(),
        entry.posted_at.astimezone(UTC).isoformat(timespec="microseconds"),
        entry.posted_by,
        entry.source_kind,
        entry.source_id,
        entry.reverses_id,
        entry.voucher_hash.hex() if entry.voucher_hash else None,
    )
    legs = [
        (leg.position, leg.account, leg.fund, leg.amount_minor)
        for leg in sorted(entry.legs, key=lambda leg: leg.position)
    ]
    return "\n".join(
        "|".join("" if one is None else str(one) for one in row) for row in (head, *legs)
    )


def entry_hash(entry: SealedEntry) -> bytes:
    """SHA-256 of the entry's text in UTF-8."""
    return hashlib.sha256(entry_text(entry).encode()).digest()


def seal_hash(previous: bytes, entries: Iterable[tuple[int, bytes]]) -> bytes:
    """SHA-256 over the seal before and, in order of id, each entry's id and hash."""
    digest = hashlib.sha256(b"v1|" + previous)
    for number, content_hash in entries:
        digest.update(f"{number}|".encode() + content_hash)
    return digest.digest()


class HeadReason(StrEnum):
    """Why a head was said: a day came, or a month closed."""

    DAY = "day"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Head:
    """Where the chain ended on a day or when a month closed, as it is signed.

    ``closed_to`` is the first day of the newest closed month: everything posted in it and before
    it lies in this seal or an earlier one. ``previous`` is the hash of the head said before.
    """

    previous: bytes
    reason: str
    said_on: date
    seal_id: int
    seal_hash: bytes
    entries: int
    closed_to: date | None
    made_at: datetime


def head_text(head: Head) -> str:
    """A head as the text that is signed: one line of fields parted by "|"."""
    fields = (
        "head-v1",
        head.previous.hex(),
        head.reason,
        head.said_on.isoformat(),
        head.seal_id,
        head.seal_hash.hex(),
        head.entries,
        head.closed_to.isoformat() if head.closed_to else "",
        head.made_at.astimezone(UTC).isoformat(timespec="microseconds"),
    )
    return "|".join(str(one) for one in fields)


def head_hash(head: Head) -> bytes:
    """SHA-256 of a head's text, which the next head names."""
    return hashlib.sha256(head_text(head).encode()).digest()
