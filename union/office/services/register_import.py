"""Taking a register in: read, judged, shown, then written whole or not at all.

Members come in with their arrears in one transaction; nobody is suspended by it, nothing is
sent to anybody, and a row that may be somebody we have waits for a person.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import func, select, true

from union.dues.rules.opening import OpeningArrears, register_month
from union.dues.services import open_arrears_batch
from union.infra import audit
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.kernel.ids import new_ref
from union.kernel.periods import Month
from union.members.models import ImportBatch
from union.members.queries.imports import (
    Earlier,
    batch_of_file,
    earlier_readings,
    file_fingerprint,
    mapping_named,
    rows_of,
)
from union.members.queries.known import knowledge_of, known_districts, name_mark, present_of
from union.members.queries.people import branches
from union.members.rules.books import Book, BookRow, Columns, read_book
from union.members.rules.findings import Verdict, weigh
from union.members.rules.judging import HIDDEN, Judged, Match, judge_book
from union.members.rules.reading import RowReading, Setting, read_rows
from union.members.rules.updates import Present, Update, compare, settled
from union.members.services.imports import save_mapping
from union.members.services.intake import Intake, take_in
from union.members.services.updates import apply_update
from union.office.queries.rows import who_in
from union.office.services.register_outcome import (
    ImportOutcome,
    RowOutcome,
    row_outcome,
)

_ONE_BOOK = 4_004
"""The advisory lock of whoever is bringing a book in."""

_LONGEST_WAIT = "25s"

Tell = Callable[[str, int, int], None]
"""Hears how far it is: the step's code, how much of it is done, and out of how much."""


class NoBranchesError(UnionError):
    """No districts are known yet, so every row would be refused."""

    code = "no_branches"


def silent(_step: str, _done: int, _of: int) -> None:
    """Tell nobody."""


def preview_register(
    work: Work, content: bytes, mapping: str | None = None, tell: Tell = silent
) -> ImportOutcome:
    """What taking this file in would do, row by row; nothing is written."""
    known = _earlier(work, content)
    if known is not None:
        return known
    judging = _judge(work, content, mapping, tell)
    return _outcome(judging, _month(work, judging.rows))


def import_register(
    work: Work, content: bytes, mapping: str | None = None, tell: Tell = silent
) -> ImportOutcome:
    """Take a file in.

    Invariants: all of it or nothing; each row has one verdict and the verdicts add up to the
    rows; the same file again changes nothing; a row kept apart is in no other table. A file
    that is no table, one without known columns and a union without branches are refused.
    """
    _wait_for_another(work)
    known = _earlier(work, content)
    if known is not None:
        return known
    judging = _judge(work, content, mapping, tell)
    month = _month(work, judging.rows)
    outcome = _outcome(judging, month)
    batch = _batch(work, content, judging, outcome)
    undo = _apply_updates(work, judging, tell)
    tell("writing", 0, len(judging.rows))
    people = take_in(
        work, Intake(batch, judging.rows, judging.branches, judging.book.place_of("name"), undo)
    )
    tell("writing", len(judging.rows), len(judging.rows))
    openings = _openings(judging, people)
    if openings:
        tell("arrears", 0, len(openings))
        open_arrears_batch(work, openings, month)
        tell("arrears", len(openings), len(openings))
    audit.log(work, "register_imported", object_type="import_batch", object_id=batch.id)
    return replace(outcome, batch_ref=batch.ref)


def _wait_for_another(work: Work) -> None:
    """One book at a time: the same file sent twice at once is the same file again."""
    work.session.execute(select(func.set_config("lock_timeout", _LONGEST_WAIT, true())))
    work.session.execute(select(func.pg_advisory_xact_lock(_ONE_BOOK)))


@dataclass(frozen=True, slots=True)
class _Judging:
    book: Book
    rows: Sequence[tuple[BookRow, Judged]]
    branches: Mapping[str, int]
    updates: Mapping[int, tuple[Update, Present]]
    mapping_id: int | None
    mapping_name: str | None


def _earlier(work: Work, content: bytes) -> ImportOutcome | None:
    batch = batch_of_file(work, content)
    if batch is None:
        return None
    counts = {
        Verdict.TAKEN: batch.taken,
        Verdict.DOUBTFUL: batch.doubtful,
        Verdict.DUPLICATE: batch.duplicates,
        Verdict.REFUSED: batch.refused,
    }
    return ImportOutcome(
        counts,
        lines=[row_outcome(row) for row in rows_of(work.session, batch.id)],
        unchanged=True,
        batch_ref=batch.ref,
        register_month=Month.parse(batch.register_month),
    )


def _judge(work: Work, content: bytes, mapping: str | None, tell: Tell) -> _Judging:
    found = {branch.name: branch.id for branch in branches(work.session)}
    if not found:
        raise NoBranchesError
    saved = mapping_named(work.session, mapping) if mapping else None
    book = read_book(content, Columns.from_dict(saved.columns) if saved else None)
    tell("reading", 0, len(book.rows))
    setting = Setting(work.clock.today(), known_districts(work))
    read = list(read_rows(book, setting))
    tell("reading", len(read), len(read))
    tell("comparing", 0, len(read))
    judged = judge_book((reading for _row, reading in read), knowledge_of(work, read))
    updates = _updates(work, judged, book.heading, setting)
    rows = [
        (row, _after_update(one, updates))
        for (row, _reading), one in zip(read, judged, strict=True)
    ]
    tell("comparing", len(read), len(read))
    return _Judging(book, rows, found, updates, saved.id if saved else None, mapping)


def _updates(
    work: Work, judged: Sequence[Judged], heading: Sequence[str], setting: Setting
) -> dict[int, tuple[Update, Present]]:
    known = {
        one.reading.line: one.person_id
        for one in judged
        if one.match is Match.KNOWN and one.person_id is not None
    }
    present = present_of(work, set(known.values()))
    before = earlier_readings(work, heading, set(known.values()), setting)
    return {
        one.reading.line: (
            _compared(work, one.reading, present[person_id], before.get(person_id)),
            present[person_id],
        )
        for one in judged
        if (person_id := known.get(one.reading.line)) is not None
    }


def _compared(work: Work, reading: RowReading, present: Present, before: Earlier | None) -> Update:
    if before is None:
        return compare(reading, present)
    mark = name_mark(work, reading.name) if reading.name else None
    return compare(reading, present, before.reading, renamed=mark != before.name_mark)


def _after_update(judged: Judged, updates: Mapping[int, tuple[Update, Present]]) -> Judged:
    if judged.reading.line not in updates:
        return judged
    reading = settled(judged.reading, updates[judged.reading.line][0])
    return replace(judged, reading=reading, verdict=weigh(reading.findings))


def _outcome(judging: _Judging, month: Month) -> ImportOutcome:
    judged = [one for _row, one in judging.rows]
    return ImportOutcome(
        counts=Counter(one.verdict for one in judged),
        lines=[
            RowOutcome(
                one.reading.line,
                one.verdict,
                one.match,
                one.reading.findings,
                who_in(one.reading.called, one.reading.card),
            )
            for one in judged
            if one.match not in HIDDEN
        ],
        added=sum(one.match is Match.NEW for one in judged),
        updated=sum(bool(update.fields) for update, _present in judging.updates.values()),
        register_month=month,
    )


def _batch(work: Work, content: bytes, judging: _Judging, outcome: ImportOutcome) -> ImportBatch:
    mapping_id = judging.mapping_id
    if mapping_id is None and judging.mapping_name:
        mapping_id = save_mapping(work, judging.mapping_name, judging.book.columns).id
    sums = outcome.as_dict()
    batch = ImportBatch(
        ref=new_ref(),
        key_ref=work.vault.new_key(),
        fingerprint=file_fingerprint(work, content),
        mapping_id=mapping_id,
        heading=list(judging.book.heading),
        columns=judging.book.columns.as_dict(),
        register_month=str(outcome.register_month),
        **{name: sums[name] for name in ("rows", "taken", "doubtful", "duplicates", "refused")},
        imported_at=work.clock.now(),
        imported_by=work.actor.person_id,
    )
    work.session.add(batch)
    work.session.flush()
    return batch


def _apply_updates(work: Work, judging: _Judging, tell: Tell) -> dict[int, str]:
    due = [
        (one, *judging.updates[one.reading.line])
        for _row, one in judging.rows
        if one.reading.line in judging.updates and judging.updates[one.reading.line][0].fields
    ]
    undo: dict[int, str] = {}
    for done, (one, update, present) in enumerate(due, start=1):
        if one.person_id is not None:
            undo[one.reading.line] = apply_update(work, one.person_id, one.reading, update, present)
        tell("updating", done, len(due))
    return undo


def _openings(judging: _Judging, people: Mapping[int, int]) -> list[OpeningArrears]:
    if "paid_upto" not in judging.book.columns.headings:
        return []
    return [
        OpeningArrears(
            person_id=people[one.reading.line],
            branch_id=judging.branches[one.reading.district],
            fee_minor=one.reading.fee_minor,
            paid_upto=one.reading.paid_upto,
            joined_on=one.reading.joined.on if one.reading.joined else None,
        )
        for _row, one in judging.rows
        if one.match is Match.NEW
        and one.reading.district is not None
        and one.reading.fee_minor is not None
        and one.reading.standing.status == "active"
    ]


def _month(work: Work, rows: Sequence[tuple[BookRow, Judged]]) -> Month:
    """The month the register was closed in: what lies before it is arrears, not charged again."""
    return register_month(
        (
            OpeningArrears(0, None, 0, one.reading.paid_upto)
            for _row, one in rows
            if one.match is Match.NEW
        ),
        work.clock.today(),
    )
