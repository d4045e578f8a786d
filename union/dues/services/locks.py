"""The locks of dues, each with a name and one number. Invariant: all are held until the commit.

Whoever needs several takes them in the order of their numbers, so that no two wait crosswise.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select, text

from union.infra.work import Work

COLLECTORS_LOCK = 6000
"""Held while a collector is made: her number is the next one."""

RECEIPT_LOCK = 6001
"""One collector's book and cash (or the desk's, 0), before any row of hers is written."""

SOURCE_LOCK = 6002
"""A payment's source, by its checksum."""

PERSON_LOCK = 6003
"""One woman's account (the kept entry): whatever is spread, charged anew or given back."""

STANDING_LOCK = 6004
"""One woman's standing; the database takes it too (``dues_standing_decided``)."""

BOOKS_LOCK = 6005
"""Receipt books, while one is handed out."""

RUN_LOCK = 6010
"""A branch's charges (0: of no branch), in a run or in posting differences."""

_ALL = text(
    "SELECT pg_advisory_xact_lock(kind, number) FROM (SELECT DISTINCT kind, number"
    " FROM unnest(CAST(:kinds AS integer[]), CAST(:numbers AS integer[])) l(kind, number)"
    " ORDER BY 1, 2) n"
)


def hold(work: Work, lock: int, number: int = 0) -> None:
    """Take one lock; whoever has it is waited for."""
    work.session.execute(select(func.pg_advisory_xact_lock(lock, number)))


def hold_all(work: Work, wanted: Iterable[tuple[int, int]]) -> None:
    """Take many locks, or none, in the order of their numbers."""
    held = list(wanted)
    asked = {"kinds": [kind for kind, _ in held], "numbers": [number for _, number in held]}
    work.session.execute(_ALL, asked)
