"""Runs of the dues: what was charged, by slice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from union.dues.models import DuesRun, DuesSlice, Rate
from union.kernel.periods import Month
from union.members.models import Branch, Membership


@dataclass(frozen=True, slots=True)
class RunView:
    """A run with its sums; money in paise."""

    run: DuesRun
    month: Month
    charges: int
    amount_minor: int


@dataclass(frozen=True, slots=True)
class SliceView:
    """A slice of a run with its branch's name ("" is no branch)."""

    branch: str
    charges: int
    amount_minor: int
    credit_used_minor: int


def runs(session: Session, limit: int = 24) -> list[RunView]:
    """The latest monthly runs that charged somebody or are not finished, latest first."""
    rows = session.execute(
        select(
            DuesRun,
            func.coalesce(func.sum(DuesSlice.charges), 0),
            func.coalesce(func.sum(DuesSlice.amount_minor), 0),
        )
        .outerjoin(DuesSlice, DuesSlice.run_id == DuesRun.id)
        .where(DuesRun.kind == "monthly")
        .group_by(DuesRun.id)
        .having((func.count(DuesSlice.id) > 0) | (DuesRun.finished_at.is_(None)))
        .order_by(DuesRun.id.desc())
        .limit(limit)
    )
    return [RunView(run, Month.of(run.month), int(n), int(total)) for run, n, total in rows]


def rates(session: Session) -> Sequence[Rate]:
    """Every fee ever set, the latest first; of one month and category the first one holds."""
    latest = (Rate.from_month.desc(), Rate.category, Rate.id.desc())
    return session.scalars(select(Rate).order_by(*latest)).all()


def run_by_ref(session: Session, ref: str) -> DuesRun | None:
    """The monthly run with this public reference."""
    query = select(DuesRun).where(DuesRun.ref == ref, DuesRun.kind == "monthly")
    return session.scalar(query)


def slices_of(session: Session, run_id: int) -> Sequence[SliceView]:
    """What a run has charged so far, in the order it was done."""
    rows = session.execute(
        select(DuesSlice, Branch.name)
        .outerjoin(Branch, Branch.id == DuesSlice.branch_id)
        .where(DuesSlice.run_id == run_id)
        .order_by(DuesSlice.id)
    )
    return [
        SliceView(name or "", one.charges, one.amount_minor, one.credit_used_minor)
        for one, name in rows
    ]


def branch_sizes(session: Session) -> dict[int, int]:
    """How many are in each branch now; a branch with nobody in it is left out."""
    rows = session.execute(
        select(Membership.branch_id, func.count())
        .where(Membership.until_on.is_(None))
        .group_by(Membership.branch_id)
    )
    return {row[0]: row[1] for row in rows}
