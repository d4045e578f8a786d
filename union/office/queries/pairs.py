"""Two that may be one person, put side by side for whoever decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from union.infra.work import Work
from union.members.models import Duplicate, ImportBatch, ImportRow
from union.members.queries import MemberView, contact_points, member_views
from union.members.queries.imports import read_again
from union.members.queries.known import known_districts, present_of
from union.members.rules.reading import RowReading, Setting
from union.office.queries.rows import who_in_row


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two as it is known; no legal name."""

    called: str
    branch: str
    cards: str
    numbers: str
    born: str
    joined: str
    place: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class PairView:
    """The two, and in what they agree."""

    ref: str
    kept: Side
    other: Side
    reasons: tuple[str, ...]
    decision: str | None


@dataclass(frozen=True, slots=True)
class PairLine:
    """A proposal in a list: whom it is about, and who else, from a row of a book or not."""

    ref: str
    kept: MemberView
    other: str
    line: int | None


def pair_lines(work: Work, pairs: Sequence[Duplicate]) -> list[PairLine]:
    """Proposals as a list shows them."""
    others = {pair.other_person_id for pair in pairs if pair.other_person_id is not None}
    views = member_views(work, {pair.person_id for pair in pairs} | others)
    lines = []
    for pair in pairs:
        if pair.import_row_id is None:
            other, line = views[pair.other_person_id or 0].label, None
        else:
            row = work.session.get_one(ImportRow, pair.import_row_id)
            batch = work.session.get_one(ImportBatch, row.batch_id)
            other, line = who_in_row(work, row, batch), row.line
        lines.append(PairLine(pair.ref, views[pair.person_id], other, line))
    return lines


def pair_view(work: Work, pair: Duplicate) -> PairView:
    """A proposal side by side."""
    other = (
        _row_side(work, pair.import_row_id)
        if pair.import_row_id is not None
        else _member_side(work, pair.other_person_id or 0)
    )
    return PairView(
        pair.ref, _member_side(work, pair.person_id), other, tuple(pair.reasons), pair.decision
    )


def _member_side(work: Work, person_id: int) -> Side:
    view = member_views(work, [person_id])[person_id]
    present = present_of(work, [person_id])[person_id]
    return Side(
        called=view.called,
        branch=view.branch,
        cards=view.card,
        numbers=", ".join(point.e164 for point in contact_points(work, person_id)),
        born=present.born or "",
        joined=present.joined or "",
        place=present.place or "",
    )


def _row_side(work: Work, row_id: int) -> Side:
    row = work.session.get_one(ImportRow, row_id)
    batch = work.session.get_one(ImportBatch, row.batch_id)
    setting = Setting(work.clock.today(), known_districts(work))
    return _side_of(read_again(work, row, batch, setting))


def _side_of(reading: RowReading) -> Side:
    return Side(
        called=reading.called or "",
        branch=reading.district or "",
        cards=reading.card or "—",
        numbers=", ".join(phone.e164 for phone in reading.phones),
        born=reading.born.written() if reading.born else "",
        joined=reading.joined.written() if reading.joined else "",
        place=reading.place or "",
        line=reading.line,
    )
