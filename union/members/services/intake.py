"""Writing a judged book into the register in one go: members, rows as they stood, proposals."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import insert

from union.infra.sealing import LEGAL_NAMES, MINORS, Circle, SealedField, seal
from union.infra.work import Work
from union.kernel.ids import new_ref
from union.members.models import Duplicate, ImportBatch, ImportRow, SetAside
from union.members.queries.known import card_fingerprint, name_mark, row_fingerprint
from union.members.queries.reach import LEGAL_NAME
from union.members.rules.books import BookRow
from union.members.rules.findings import Verdict
from union.members.rules.judging import HIDDEN, Judged, Match
from union.members.rules.reading import RowReading
from union.members.services.register import NewMember, NewPhone, Wish, add_members

ORIGINAL = "import_row.original"
UNDO = "import_row.undo"
SEALED = "set_aside.sealed"


@dataclass(frozen=True, slots=True)
class Intake:
    """A batch, its rows as judged, and the branch each district's name stands for.

    ``name_at`` is the cell that holds the legal name, which is never kept with the row.
    """

    batch: ImportBatch
    rows: Sequence[tuple[BookRow, Judged]]
    branches: Mapping[str, int]
    name_at: int | None = None
    undo: Mapping[int, str] = field(default_factory=dict)


def new_member_of(reading: RowReading, branch_id: int) -> NewMember:
    """The member a row describes."""
    wish = reading.wish
    return NewMember(
        branch_id=branch_id,
        card_number=reading.card,
        called=reading.called,
        legal_name=reading.name,
        category=reading.category,
        born=reading.born.written() if reading.born else None,
        joined_on=reading.joined.on if reading.joined else None,
        joined_precision=reading.joined.precision if reading.joined else "day",
        place=reading.place,
        nominee=reading.nominee,
        remarks=reading.remarks,
        status=reading.standing.status,
        status_on=reading.standing.on,
        fee_minor=reading.fee_minor,
        phones=tuple(NewPhone(phone.e164, phone.valid) for phone in reading.phones),
        languages=reading.languages,
        wish=None
        if wish is None or not wish.asked
        else Wish(
            asked=True,
            channels=wish.channels,
            not_before=wish.not_before,
            not_after=wish.not_after,
            ask_for=wish.ask_for,
            wish=wish.words,
        ),
    )


def take_in(work: Work, intake: Intake) -> dict[int, int]:
    """Write a book's rows; the persons of the lines that are somebody in the register.

    Invariant: every row that is not kept apart has one import row; a row that is kept apart
    stands sealed in ``set_aside`` and nowhere else.
    """
    fresh = [judged.reading for _row, judged in intake.rows if judged.match is Match.NEW]
    new = [
        new_member_of(reading, intake.branches[reading.district])
        for reading in fresh
        if reading.district is not None
    ]
    made = add_members(work, new) if new else []
    people = {reading.line: person for reading, person in zip(fresh, made, strict=True)}
    for _row, judged in intake.rows:
        if judged.match is Match.KNOWN and judged.person_id is not None:
            people[judged.reading.line] = judged.person_id
    _set_aside(work, intake)
    waiting = _waiting(work, intake)
    values = [
        {**_row_values(work, intake, row, judged, people), **waiting.get(row.line, _NOT_WAITING)}
        for row, judged in intake.rows
        if judged.match not in HIDDEN | {Match.SEEN}
    ]
    if values:
        made_rows = work.session.execute(
            insert(ImportRow).returning(ImportRow.line, ImportRow.id), values
        )
        _propose(work, intake, people, {row.line: row.id for row in made_rows})
    return people


def _row_values(
    work: Work, intake: Intake, row: BookRow, judged: Judged, people: Mapping[int, int]
) -> dict[str, Any]:
    key_ref, where = intake.batch.key_ref, f"{intake.batch.ref}:{row.line}"
    undo = intake.undo.get(row.line)
    change = {Match.NEW: "added"}.get(judged.match, "updated" if undo else "none")
    name_at = intake.name_at
    name = judged.reading.name
    raw = [cell if at != name_at else "" for at, cell in enumerate(row.raw)]
    return {
        "batch_id": intake.batch.id,
        "line": row.line,
        "fingerprint": row_fingerprint(work, row),
        "verdict": judged.verdict.value,
        "findings": [finding.packed() for finding in judged.reading.findings],
        "original": work.vault.encrypt(key_ref, ORIGINAL, where, json.dumps(raw)),
        "name_mark": name_mark(work, name) if name else None,
        "person_id": people.get(row.line),
        "change": change,
        "undo": work.vault.encrypt(key_ref, UNDO, where, undo) if undo else None,
    }


_NOT_WAITING: Mapping[str, Any] = {
    "waiting_key_ref": None,
    "waiting_ref": None,
    "waiting_name": None,
}


def _waiting(work: Work, intake: Intake) -> dict[int, dict[str, Any]]:
    """Legal names of rows that wait for a decision, sealed for the members they may become."""
    named = [
        (row.line, judged.reading.name)
        for row, judged in intake.rows
        if judged.verdict is Verdict.DUPLICATE and judged.match is not Match.SEEN
        if judged.reading.name
    ]
    keys = work.vault.new_keys(len(named))
    work.vault.preload(keys)
    # Held here so that the session has it at hand for each name and does not ask anew.
    circle = work.session.get(Circle, LEGAL_NAMES)
    found = {}
    for (line, name), key_ref in zip(named, keys, strict=True):
        ref = new_ref()
        sealed = seal(work, SealedField(LEGAL_NAMES, key_ref, LEGAL_NAME, ref), name)
        found[line] = {"waiting_key_ref": key_ref, "waiting_ref": ref, "waiting_name": sealed}
    del circle
    return found


def _propose(
    work: Work, intake: Intake, people: Mapping[int, int], row_ids: Mapping[int, int]
) -> None:
    values = []
    for row, judged in intake.rows:
        if judged.verdict is not Verdict.DUPLICATE or row.line not in row_ids:
            continue
        person_id = judged.person_id or people.get(judged.like_line or 0)
        if person_id is not None:
            values.append(
                {
                    "ref": new_ref(),
                    "person_id": person_id,
                    "import_row_id": row_ids[row.line],
                    "reasons": list(judged.reasons),
                    "proposed_at": work.clock.now(),
                }
            )
    if values:
        work.session.execute(insert(Duplicate), values)


def _set_aside(work: Work, intake: Intake) -> None:
    hidden = [(row, judged) for row, judged in intake.rows if judged.match is Match.KEPT_APART]
    keys = work.vault.new_keys(len(hidden))
    work.vault.preload(keys)
    for (row, judged), key_ref in zip(hidden, keys, strict=True):
        ref, card = new_ref(), judged.reading.card
        content = json.dumps({"line": row.line, "cells": dict(row.cells)}, ensure_ascii=False)
        work.session.add(
            SetAside(
                ref=ref,
                batch_id=intake.batch.id,
                key_ref=key_ref,
                fingerprint=row_fingerprint(work, row),
                card_index=card_fingerprint(work, card) if card else None,
                sealed=seal(work, SealedField(MINORS, key_ref, SEALED, ref), content),
                made_at=work.clock.now(),
            )
        )
    work.session.flush()
