"""Months that were charged otherwise than they cost by today's knowledge; nothing is changed here.

What a month cost by the books is its charge and every difference posted since; what it costs is
asked of the same query as a run. Months taken over with an old register are left alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, String, func, select, text
from sqlalchemy.orm import Session

from union.dues.models import Adjustment, DuesRun, DuesSlice
from union.dues.queries.due import COST, month_parameters
from union.kernel.periods import Month
from union.members.models import Branch

DIFFERENCES = f"""
SELECT d.person_id, d.branch_id, d.amount_minor, d.why FROM (
  SELECT c.person_id, s.branch_id,
         coalesce(cost.amount_minor, 0) - c.amount_minor - coalesce(before.amount_minor, 0)
           AS amount_minor,
         CASE WHEN cost.person_id IS NOT NULL THEN 'fee'
              WHEN m.joined_on > :last_to_join THEN 'joined'
              WHEN m.status <> 'active' AND m.status_on <= :last_day THEN 'gone'
              WHEN dues_lapsed(c.person_id, :lapse_eve, CAST(:lapse_months AS integer))
                THEN 'lapsed'
              WHEN EXISTS (SELECT FROM dues_waiver w WHERE w.person_id = c.person_id
                              AND w.from_month <= :month) THEN 'waived'
              ELSE 'fee' END AS why
    FROM dues_charge c
    JOIN dues_slice s ON s.id = c.slice_id
    JOIN dues_run r ON r.id = s.run_id AND r.kind = 'monthly'
    JOIN member m ON m.person_id = c.person_id AND m.merged_into IS NULL
    LEFT JOIN ({COST}) cost ON cost.person_id = c.person_id
    LEFT JOIN (SELECT a.person_id, sum(a.amount_minor)::bigint AS amount_minor
                 FROM dues_adjustment a WHERE a.month = :month GROUP BY 1) before
      ON before.person_id = c.person_id
   WHERE c.month = :month AND c.kind = 'fee') d
 WHERE d.amount_minor <> 0
"""  # noqa: S608  # nosec B608 # constants of our own


@dataclass(frozen=True, slots=True)
class MonthDifference:
    """What differs in one month for one reason: how many members, more and less, in paise."""

    month: Month
    why: str
    members: int
    more_minor: int
    less_minor: int


@dataclass(frozen=True, slots=True)
class DifferenceRun:
    """A run of differences as posted, in paise."""

    run: DuesRun
    more_minor: int
    less_minor: int


def charged_months(session: Session) -> list[Month]:
    """Every month that a run of ours charged, oldest first."""
    query = select(DuesRun.month).where(DuesRun.kind == "monthly").distinct()
    return sorted(Month.of(day) for day in session.scalars(query))


def differences(session: Session) -> list[MonthDifference]:
    """What a run of differences would post now, month by month."""
    differs = text(DIFFERENCES).columns(why=String, amount_minor=BigInteger).subquery("differs")
    amount = differs.c.amount_minor
    query = (
        select(
            differs.c.why,
            func.count(),
            func.coalesce(func.sum(amount).filter(amount > 0), 0),
            func.coalesce(-func.sum(amount).filter(amount < 0), 0),
        )
        .group_by(differs.c.why)
        .order_by(differs.c.why)
    )
    found: list[MonthDifference] = []
    for month in charged_months(session):
        for why, members, more, less in session.execute(query, month_parameters(session, month)):
            found.append(MonthDifference(month, why, members, int(more), int(less)))
    return found


def branches_charged(session: Session) -> list[tuple[int | None, str]]:
    """Every branch that was ever charged, by name; ("" is no branch, the last)."""
    rows = session.execute(
        select(DuesSlice.branch_id, func.coalesce(Branch.name, ""))
        .join(DuesRun, DuesRun.id == DuesSlice.run_id)
        .outerjoin(Branch, Branch.id == DuesSlice.branch_id)
        .where(DuesRun.kind == "monthly")
        .distinct()
    )
    return sorted(((number, name) for number, name in rows), key=lambda one: (not one[0], one[1]))


def difference_runs(session: Session, limit: int = 24) -> list[DifferenceRun]:
    """Differences as they were posted, the latest first."""
    rows = session.execute(
        select(DuesRun, func.sum(DuesSlice.amount_minor), func.sum(DuesSlice.less_minor))
        .join(DuesSlice, DuesSlice.run_id == DuesRun.id)
        .where(DuesRun.kind == "adjustment")
        .group_by(DuesRun.id)
        .order_by(DuesRun.id.desc())
        .limit(limit)
    )
    return [DifferenceRun(run, int(more), int(less)) for run, more, less in rows]


def adjustments_of(session: Session, person_ids: Sequence[int]) -> Sequence[Adjustment]:
    """Every difference posted for her, oldest first."""
    query = select(Adjustment).where(Adjustment.person_id.in_(person_ids))
    return session.scalars(query.order_by(Adjustment.id)).all()
