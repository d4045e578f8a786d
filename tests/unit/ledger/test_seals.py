from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from union.ledger.rules.seals import (
    FIRST,
    SealedEntry,
    SealedLeg,
    entry_hash,
    entry_text,
    seal_hash,
)

ENTRY = SealedEntry(
    id=5,
    ref="abc",
    kind="receipt",
    happened_on=date(2026, 10, 1),
    posted_on=date(2026, 10, 2),
    posted_at=datetime(2026, 10, 2, 4, 30, tzinfo=UTC),
    posted_by=None,
    source_kind="payment",
    source_id=9,
    reverses_id=None,
    voucher_hash=None,
    legs=(SealedLeg(2, "4010", "general", -2000), SealedLeg(1, "1010", "general", 2000)),
)


def test_the_text_is_plain_enough_for_anybody_to_write_again():
    assert entry_text(ENTRY) == (
        "v1|5|abc|receipt|2026-10-01|2026-10-02|2026-10-02T04:30:00.000000+00:00||payment|9||\n"
        "1|1010|general|2000\n"
        "2|4010|general|-2000"
    )
    assert entry_hash(ENTRY) == hashlib.sha256(entry_text(ENTRY).encode()).digest()


@pytest.mark.parametrize(
    "change",
    [
        {"id": 6},
        {"ref": "abd"},
        {"kind": "opening"},
        {"happened_on": date(2026, 10, 2)},
        {"posted_on": date(2026, 10, 3)},
        {"posted_at": datetime(2026, 10, 2, 4, 30, 0, 1, tzinfo=UTC)},
        {"posted_by": 1},
        {"source_kind": "payments"},
        {"source_id": 10},
        {"reverses_id": 1},
        {"voucher_hash": b"x"},
        {"legs": ENTRY.legs[:1]},
    ],
    ids=lambda change: next(iter(change)),
)
def test_no_field_changes_unseen(change):
    assert entry_hash(replace(ENTRY, **change)) != entry_hash(ENTRY)


def test_a_seal_depends_on_what_it_stands_on_and_on_the_order():
    one, two = (1, b"a" * 32), (2, b"b" * 32)
    seals = {
        seal_hash(FIRST, [one, two]),
        seal_hash(FIRST, [two, one]),
        seal_hash(FIRST, [one]),
        seal_hash(b"x" * 32, [one, two]),
    }
    assert len(seals) == 4
