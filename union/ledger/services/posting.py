"""Posting to the journal: whole entries, once each, and never a change to one that stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import IntegrityError

from union.infra.outbox import record_fact
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_ref
from union.kernel.periods import Month
from union.ledger.errors import PeriodClosedError, ReversalRefusedError, SourceReusedError
from union.ledger.models import AccountingPeriod, EntryText, JournalEntry, JournalLeg
from union.ledger.rules.entries import (
    REVERSED_ENTRY,
    EntryKind,
    Narration,
    NewEntry,
    NewLeg,
    Source,
    check_legs,
    reversed_legs,
)
from union.ledger.rules.years import FinancialYear
from union.ledger.services.seals import seal_soon

TEXT_PLACE = "entry_text.body"

# One statement writes the entries and all their legs (M1, M2) and answers with nothing for a
# source that was posted before (M4). Months up to the posting day's are made when the books have
# come to it.
_POST = select(JournalEntry).from_statement(
    text("""
WITH day AS (
  SELECT CASE
    WHEN CAST(:posted_on AS date) IS NOT NULL THEN CAST(:posted_on AS date)
    WHEN CAST(:happened_on AS date) <= CAST(:today AS date)
         AND CAST(:happened_month AS date) >= min(first_on)
         AND CAST(:happened_month AS date)
             > coalesce(max(first_on) FILTER (WHERE status = 'closed'), '-infinity')
      THEN CAST(:happened_on AS date)
    ELSE CAST(:today AS date) END AS posted_on,
    max(first_on) AS newest_on
  FROM accounting_period
), months AS (
  INSERT INTO accounting_period (first_on, status)
  SELECT first_on::date, 'open'
    FROM day, generate_series(newest_on + interval '1 month',
                              date_trunc('month', posted_on::timestamp),
                              interval '1 month') AS first_on
  ON CONFLICT DO NOTHING
), entry AS (
  INSERT INTO journal_entry (ref, kind, happened_on, posted_on, posted_at, posted_by,
                             source_kind, source_id, reverses_id, voucher_id)
  SELECT asked.ref, :kind, CAST(:happened_on AS date), day.posted_on,
         CAST(:posted_at AS timestamptz), CAST(:posted_by AS bigint), :source_kind,
         asked.source_id, CAST(:reverses_id AS bigint), CAST(:voucher_id AS bigint)
    FROM day, unnest(CAST(:refs AS varchar[]), CAST(:source_ids AS bigint[]))
              AS asked(ref, source_id)
  ON CONFLICT (source_kind, source_id) DO NOTHING
  RETURNING *
), legs AS (
  INSERT INTO journal_leg (entry_id, position, account_code, fund_code, amount_minor, posted_on)
  SELECT entry.id, leg.position, leg.account, leg.fund, leg.amount, entry.posted_on
    FROM unnest(CAST(:leg_sources AS bigint[]), CAST(:positions AS smallint[]),
                CAST(:accounts AS varchar[]), CAST(:funds AS varchar[]),
                CAST(:amounts AS bigint[])) AS leg(source_id, position, account, fund, amount)
    JOIN entry ON entry.source_id = leg.source_id
)
SELECT * FROM entry
""")
)


def open_books(work: Work, starting: Month | None = None) -> Month:
    """Begin the books with a first month, once; later calls change nothing.

    Without ``starting`` they begin with the present financial year. What happened before is
    posted on the day it is written down. Returns the first month of the books.
    """
    first = work.session.scalar(select(func.min(AccountingPeriod.first_on)))
    if first is None:
        began = FinancialYear.of(work.clock.today()).first_day
        first = starting.first_day if starting is not None else began
        work.session.execute(insert(AccountingPeriod).values(first_on=first, status="open"))
        seal_soon(work)
    return Month.of(first)


def open_collector_cash(work: Work, number: int, holder_person_id: int) -> str:
    """The code of the account of the cash in one collector's hands, opened at the first call.

    A number is one person's for good: the database refuses it to another.
    """
    code = work.session.scalar(select(func.ledger_open_collector_cash(number, holder_person_id)))
    return str(code)


def post_entry(work: Work, entry: NewEntry) -> JournalEntry:
    """Post an entry with all its legs, once for each source (M4).

    The same entry again is answered with the one that stands; the same source with other legs
    raises SourceReusedError. EntryUnbalancedError, EntryIncompleteError (M1) and
    PeriodClosedError (M3) come before or from the database; what else the laws refuse (M6)
    comes as an IntegrityError that names the law.
    """
    return _post(work, entry)


def post_entries(work: Work, entries: Sequence[NewEntry]) -> Sequence[JournalEntry]:
    """Post entries of one kind, one day and one kind of source together, in one statement.

    As ``post_entry`` for each of them, in their order; either all of them are posted or none.
    ValueError for entries that are not alike, or two from one source.
    """
    alike = {(one.kind, one.happened_on, one.posted_on, one.source.kind) for one in entries}
    if len(alike) > 1 or len({one.source.id for one in entries}) < len(entries):
        message = "entries posted together are alike, and each has a source of its own"
        raise ValueError(message)
    return _write(work, entries) if entries else []


def reverse_entry(
    work: Work,
    entry_id: int,
    *,
    happened_on: date | None = None,
    narration: Narration | None = None,
) -> JournalEntry:
    """Post the exact opposite of an entry; reversing it again answers with the same reversal.

    A reversal is not reversed (ReversalRefusedError): post the original anew. Of a voucher's
    payment the fact ``payment_reversed`` is recorded.
    """
    original = work.session.get(JournalEntry, entry_id)
    if original is None:
        raise NotFoundError(entry_id=entry_id)
    if original.kind == EntryKind.REVERSAL:
        raise ReversalRefusedError(entry_id=entry_id)
    entry = NewEntry(
        kind=EntryKind.REVERSAL,
        happened_on=happened_on or work.clock.today(),
        source=Source(REVERSED_ENTRY, entry_id),
        legs=reversed_legs(_legs_of(work, entry_id)),
        narration=narration,
    )
    reversal = _post(work, entry, reverses_id=entry_id)
    if original.voucher_id is not None:
        record_fact(work, "payment_reversed", voucher_id=original.voucher_id, entry_id=reversal.id)
    return reversal


def post_voucher_entry(work: Work, entry: NewEntry, voucher_id: int) -> JournalEntry:
    """Post a payment under its voucher; the database looks at approvals and content (M6)."""
    return _post(work, entry, voucher_id=voucher_id)


def _post(
    work: Work,
    entry: NewEntry,
    *,
    reverses_id: int | None = None,
    voucher_id: int | None = None,
) -> JournalEntry:
    return _write(work, [entry], reverses_id=reverses_id, voucher_id=voucher_id)[0]


def _write(
    work: Work,
    entries: Sequence[NewEntry],
    *,
    reverses_id: int | None = None,
    voucher_id: int | None = None,
) -> list[JournalEntry]:
    first = entries[0]
    legs = {entry.source.id: check_legs(entry.legs) for entry in entries}
    lines = [
        (number, position, leg)
        for number, own in legs.items()
        for position, leg in enumerate(own, start=1)
    ]
    values = {
        "refs": [new_ref() for _ in legs],
        "source_ids": list(legs),
        "kind": first.kind,
        "happened_on": first.happened_on,
        "happened_month": Month.of(first.happened_on).first_day,
        "posted_on": first.posted_on,
        "today": work.clock.today(),
        "posted_at": work.clock.now(),
        "posted_by": work.actor.person_id,
        "source_kind": first.source.kind,
        "reverses_id": reverses_id,
        "voucher_id": voucher_id,
        "leg_sources": [number for number, _, _ in lines],
        "positions": [position for _, position, _ in lines],
        "accounts": [str(leg.account) for _, _, leg in lines],
        "funds": [str(leg.fund) for _, _, leg in lines],
        "amounts": [leg.amount_minor for _, _, leg in lines],
    }
    try:
        posted = {one.source_id: one for one in work.session.scalars(_POST, values)}
    except IntegrityError as error:
        _raise_if_closed(error)
        raise
    return [_kept(work, entry, legs[entry.source.id], posted) for entry in entries]


def _kept(
    work: Work, entry: NewEntry, legs: tuple[NewLeg, ...], posted: Mapping[int, JournalEntry]
) -> JournalEntry:
    """The entry as it stands now: posted just now, its words with it, or before."""
    new = posted.get(entry.source.id)
    if new is None:
        return _standing(work, entry, legs)
    if entry.narration is not None:
        _write_beside(work, new, entry.narration)
    return new


def _raise_if_closed(error: IntegrityError) -> None:
    diag = getattr(error.orig, "diag", None)
    if getattr(diag, "constraint_name", None) == "ledger_m3_month_is_open":
        raise PeriodClosedError from error


def _standing(work: Work, entry: NewEntry, legs: tuple[NewLeg, ...]) -> JournalEntry:
    posted = work.session.scalars(
        select(JournalEntry).where(
            JournalEntry.source_kind == entry.source.kind,
            JournalEntry.source_id == entry.source.id,
        )
    ).one()
    same = posted.kind == entry.kind and Counter(_legs_of(work, posted.id)) == Counter(legs)
    if not same:
        raise SourceReusedError(entry_id=posted.id)
    return posted


def _legs_of(work: Work, entry_id: int) -> tuple[NewLeg, ...]:
    rows = work.session.execute(
        select(JournalLeg.account_code, JournalLeg.amount_minor, JournalLeg.fund_code)
        .where(JournalLeg.entry_id == entry_id)
        .order_by(JournalLeg.position)
    )
    return tuple(NewLeg(*row) for row in rows)


def _write_beside(work: Work, posted: JournalEntry, narration: Narration) -> None:
    body = work.vault.encrypt(narration.key_ref, TEXT_PLACE, posted.ref, narration.text)
    work.session.execute(
        insert(EntryText).values(entry_id=posted.id, key_ref=narration.key_ref, body=body)
    )
