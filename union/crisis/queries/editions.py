"""What was told of the calls of each month, and what waits to be told (P4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.crisis.models import FigureAtom, FigureCounted, FigureEdition, FigureNested, Incident
from union.crisis.queries.figures import NO_CALL_OF_A_MEMBER
from union.crisis.queries.waiting import branch_names
from union.crisis.rules.editions import ToldLine, ToldMonth, told_on
from union.crisis.rules.kinds import IncidentState
from union.kernel.figures import REST, Piece, Side
from union.kernel.periods import Month

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from union.infra.work import Work

SERIES = "calls"


def told_month(work: Work, month: Month, side: Side) -> ToldMonth:
    """A month as it was told; without lines before it was."""
    edition = work.session.get(FigureEdition, (SERIES, month.first_day))
    if edition is None:
        return ToldMonth(month, side, told_on=told_on(month))
    names = branch_names(work)
    atoms = work.session.scalars(
        select(FigureAtom).where(
            FigureAtom.series == SERIES,
            FigureAtom.month_on == month.first_day,
            FigureAtom.side == side,
        )
    )
    lines = [
        ToldLine(
            name=names.get(one.branch_id or 0, ""),
            first=Month.of(one.first_on),
            last=month,
            calls=one.calls,
            wished=one.wished,
            there=one.there_minutes,
            settled=one.settled_minutes,
            side=side,
        )
        for one in atoms
    ]
    in_order = sorted(lines, key=lambda line: (not line.name, line.name))
    return ToldMonth(month, side, tuple(in_order), waits_since(edition, side))


def newest_edition(work: Work) -> FigureEdition | None:
    """The newest month that was told."""
    return work.session.scalars(
        select(FigureEdition)
        .where(FigureEdition.series == SERIES)
        .order_by(FigureEdition.month_on.desc())
        .limit(1)
    ).first()


def waits_since(edition: FigureEdition | None, side: Side) -> Month | None:
    """Since when the rest waits on a side, after an edition."""
    if edition is None:
        return None
    since = edition.inside_waits_since if side is Side.INSIDE else edition.outside_waits_since
    return None if since is None else Month.of(since)


def first_call_at(work: Work) -> datetime | None:
    """When the first call of all came."""
    return work.session.scalar(select(func.min(Incident.opened_at)))


def not_counted(work: Work, month: Month) -> Sequence[Incident]:
    """Every call up to the end of a month that was never counted in what was told."""
    counted = select(FigureCounted.subject_id).where(
        FigureCounted.series == SERIES, FigureCounted.subject_id == Incident.id
    )
    return work.session.scalars(
        select(Incident)
        .where(
            Incident.opened_at < span_of(month, work.clock.zone)[1],
            Incident.state != IncidentState.MERGED,
            Incident.kind.not_in(NO_CALL_OF_A_MEMBER),
            ~counted.exists(),
        )
        .order_by(Incident.id)
    ).all()


def counted_as_wished(work: Work, incident_ids: Collection[int]) -> frozenset[int]:
    """Of these calls, which were counted as ended as she wished; what came later is not."""
    rows = select(FigureCounted.subject_id).where(
        FigureCounted.series == SERIES,
        FigureCounted.subject_id.in_(incident_ids),
        FigureCounted.wished,
    )
    return frozenset(work.session.scalars(rows))


def not_told_outside(work: Work) -> Mapping[Piece, FigureAtom]:
    """Every inside atom that stands in no outside one, and what is counted in it."""
    rows = work.session.execute(
        select(FigureAtom, FigureCounted.subject_id)
        .join(FigureCounted, FigureCounted.atom_id == FigureAtom.id)
        .outerjoin(FigureNested, FigureNested.inside_id == FigureAtom.id)
        .where(
            FigureAtom.series == SERIES,
            FigureAtom.side == Side.INSIDE,
            FigureNested.outside_id.is_(None),
        )
    )
    ids: defaultdict[FigureAtom, set[int]] = defaultdict(set)
    for atom, subject_id in rows:
        ids[atom].add(subject_id)
    return {Piece(one.branch_id or REST, frozenset(found)): one for one, found in ids.items()}


def last_told(work: Work, side: Side) -> dict[int, Month]:
    """When each branch was last told by itself."""
    rows = work.session.execute(
        select(FigureAtom.branch_id, func.max(FigureAtom.month_on))
        .where(
            FigureAtom.series == SERIES,
            FigureAtom.side == side,
            FigureAtom.branch_id.is_not(None),
        )
        .group_by(FigureAtom.branch_id)
    )
    return {branch_id: Month.of(last) for branch_id, last in rows if branch_id is not None}


def span_of(month: Month, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """A month's first instant and the next month's, on the union's clock."""
    return (at_midnight(month.first_day, zone), at_midnight(month.next().first_day, zone))


def at_midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a day of the union begins."""
    return datetime.combine(day, time(0), zone).astimezone(UTC)
