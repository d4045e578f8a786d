"""What a person decides about a proposed pair, and taking a whole file back: members and dues.

A row proposed as somebody we have is taken in only by a decision: as a second entry joined to
hers (which can be parted again) or as a woman of her own, then with her arrears.
"""

from __future__ import annotations

from dataclasses import replace

from union.dues.rules.opening import OpeningArrears
from union.dues.services import open_arrears, withdraw_openings
from union.infra import audit
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.kernel.periods import Month
from union.legal.services import go_around_joined
from union.members.models import Duplicate, ImportBatch, ImportRow, Member, Merge
from union.members.queries.imports import read_again
from union.members.queries.known import known_districts, present_of
from union.members.queries.pages import pair_of_row
from union.members.queries.people import branch_by_name, branch_of, member_by_card
from union.members.rules.likeness import Traits, evidence
from union.members.rules.reading import RowReading, Setting
from union.members.rules.updates import Present
from union.members.services.changes import give_card
from union.members.services.imports import ImportBuiltOnError, added_by, let_row_wait, take_back
from union.members.services.intake import new_member_of
from union.members.services.pairs import (
    MergeLoopError,
    decide_pair,
    merge_members,
    propose_pair,
    reopen_pair,
    undo_merge,
)
from union.members.services.register import Waiting, add_member
from union.office.queries.built_on import built_on


def decide_duplicate(work: Work, duplicate_id: int, *, same: bool) -> int | None:
    """Carry out a person's decision; the merge's id if there is one to undo.

    Invariant: a row becomes a member exactly once, whatever is decided; joined, she has no case
    that goes around her. DecidedError the second time.
    """
    pair = decide_pair(work, duplicate_id, same=same)
    other = pair.other_person_id or _take_row(work, pair, same=same)
    if not same:
        return None
    merge = merge_members(work, pair.person_id, other)
    go_around_joined(work, merge.kept_person_id)
    return merge.id


def part_again(work: Work, merge_id: int) -> str | None:
    """Part two joined entries; the reference of a proposal that waits for a person again.

    A row of a book goes back to being a proposal, as it was; taken in as herself later she comes
    with her arrears. If something rests on her entry by now, she stays as herself instead, with
    a card and her arrears. Invariant: what was booked stays where it was booked; twice changes
    nothing.
    """
    merge = work.session.get(Merge, merge_id, with_for_update=True)
    if merge is None:
        raise NotFoundError
    if merge.undone_at is not None:
        return None
    undo_merge(work, merge_id)
    pair = pair_of_row(work.session, merge.gone_person_id)
    if pair is None:
        return None
    row = work.session.get_one(ImportRow, pair.import_row_id)
    if not built_on(work, [merge.gone_person_id], but=("merge",)) and let_row_wait(work, row):
        reopen_pair(work, pair)
        return pair.ref
    _stays_herself(work, pair, row, merge.gone_person_id)
    return None


def _stays_herself(work: Work, pair: Duplicate, row: ImportRow, person_id: int) -> None:
    reopen_pair(work, pair)
    decide_pair(work, pair.id, same=False)
    if work.session.get_one(Member, person_id).card_number is None:
        give_card(work, person_id)
    reading, batch = _read(work, row)
    _open(work, reading, person_id, Month.parse(batch.register_month))


def propose_second_entry(work: Work, person_id: int, other_person_id: int) -> Duplicate:
    """Propose that two members are one, with everything in which they agree.

    MergeLoopError if they are one entry already.
    """
    if person_id == other_person_id:
        raise MergeLoopError
    present = present_of(work, [person_id, other_person_id])
    one, other = (_traits(present[person]) for person in (person_id, other_person_id))
    return propose_pair(work, person_id, other_person_id, sorted(evidence(one, other)))


def _traits(present: Present) -> Traits:
    return Traits(
        phones=present.phones,
        name=present.called,
        born=present.born,
        joined=present.joined,
        district=present.district,
    )


def roll_back_import(work: Work, batch_id: int) -> None:
    """Take a whole file back with the arrears it opened.

    ImportBuiltOnError or OpeningUsedError if anything was built on it since.
    """
    batch = work.session.get(ImportBatch, batch_id, with_for_update=True)
    if batch is None:
        raise NotFoundError
    if batch.rolled_back_at is not None:
        return
    people = added_by(work, batch)
    if people and built_on(work, people):
        raise ImportBuiltOnError
    withdraw_openings(work, people)
    take_back(work, batch)
    audit.log(work, "register_rolled_back", object_type="import_batch", object_id=batch.id)


def _take_row(work: Work, pair: Duplicate, *, same: bool) -> int:
    row = work.session.get_one(ImportRow, pair.import_row_id)
    reading, batch = _read(work, row)
    person_id = _add(work, reading, row, pair.person_id)
    row.person_id, row.change = person_id, "added"
    work.session.flush()
    if not same:
        _open(work, reading, person_id, Month.parse(batch.register_month))
    return person_id


def _read(work: Work, row: ImportRow) -> tuple[RowReading, ImportBatch]:
    batch = work.session.get_one(ImportBatch, row.batch_id)
    setting = Setting(work.clock.today(), known_districts(work))
    return read_again(work, row, batch, setting), batch


def _add(work: Work, reading: RowReading, row: ImportRow, like: int) -> int:
    """Take the row in; a card that is somebody's already stays with her."""
    branch = branch_by_name(work.session, reading.district or "") or branch_of(work.session, like)
    if branch is None:
        raise NotFoundError
    if reading.card is not None and member_by_card(work.session, reading.card) is not None:
        reading = replace(reading, card=None)
    new = replace(new_member_of(reading, branch.id), waiting=_waiting(row))
    return add_member(work, new).person_id


def _waiting(row: ImportRow) -> Waiting | None:
    if row.waiting_key_ref is None or row.waiting_ref is None or row.waiting_name is None:
        return None
    return Waiting(row.waiting_key_ref, row.waiting_ref, row.waiting_name)


def _open(work: Work, reading: RowReading, person_id: int, month: Month) -> None:
    if reading.fee_minor is None or reading.standing.status != "active":
        return
    branch = branch_of(work.session, person_id)
    opening = OpeningArrears(
        person_id=person_id,
        branch_id=branch.id if branch else None,
        fee_minor=reading.fee_minor,
        paid_upto=reading.paid_upto,
        joined_on=reading.joined.on if reading.joined else None,
    )
    open_arrears(work, opening, month)
