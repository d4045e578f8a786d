"""Differences posted forward. Invariant: no charge is rewritten, a second run finds nothing.

A month's charge and all its differences together are what it costs by what is known today.
A rate set for the past, a waiver, a joining, leaving or category learned of late: what is more
becomes a charge of the month it is found in, what is less comes off the open charge, and what
was paid already of it becomes her credit.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select, text

from union.dues.models import Charge, DuesRun, DuesSlice
from union.dues.queries.corrections import DIFFERENCES, branches_charged, charged_months
from union.dues.queries.due import month_parameters
from union.dues.services.credits import use_credit
from union.dues.services.locks import PERSON_LOCK, RUN_LOCK, hold, hold_all
from union.infra.work import UnitOfWork, Work
from union.kernel.actor import Actor
from union.kernel.ids import new_ref
from union.kernel.periods import Month
from union.ledger.rules import (
    AccountCode,
    EntryKind,
    FundCode,
    NewEntry,
    NewLeg,
    Source,
    credit,
    debit,
)
from union.ledger.services import post_entry

SLICE_SOURCE = "dues_slice"
CREDIT_SOURCE = "dues_slice_credit"

_WRITE = text("""
INSERT INTO dues_adjustment (slice_id, person_id, month, amount_minor, why, made_at)
SELECT :slice, d.person_id, d.month, d.amount_minor, d.why, :now
  FROM unnest(CAST(:people AS bigint[]), CAST(:months AS date[]), CAST(:amounts AS bigint[]),
              CAST(:whys AS varchar[])) AS d(person_id, month, amount_minor, why)
""")
_ONE_BRANCH = " AND d.branch_id IS NOT DISTINCT FROM CAST(:branch AS bigint)"
_THESE = " AND d.person_id = ANY(CAST(:people AS bigint[]))"

_MORE = text("""
INSERT INTO dues_charge (person_id, month, kind, amount_minor, settled_minor, fund_code, slice_id,
                         part)
SELECT a.person_id, :month, 'more', sum(a.amount_minor), 0, :fund, :slice,
       coalesce((SELECT max(c.part) FROM dues_charge c WHERE c.person_id = a.person_id
                    AND c.month = :month AND c.kind = 'more'), 0) + 1
  FROM dues_adjustment a WHERE a.slice_id = :slice AND a.amount_minor > 0 GROUP BY a.person_id
""")
_LESS = text("""
WITH less AS MATERIALIZED (
  SELECT a.person_id, a.why, c.id AS charge_id, -a.amount_minor AS amount,
         least(-a.amount_minor, c.amount_minor - c.settled_minor) AS unpaid
    FROM dues_adjustment a
    JOIN dues_charge c ON c.person_id = a.person_id AND c.month = a.month AND c.kind = 'fee'
   WHERE a.slice_id = :slice AND a.amount_minor < 0
), off AS (
  INSERT INTO dues_allocation (charge_id, kind, amount_minor, made_at)
  SELECT charge_id, 'adjusted', unpaid, :now FROM less WHERE unpaid > 0
), back AS (
  INSERT INTO credit_movement (person_id, amount_minor, kind, fund_code, made_at)
  SELECT person_id, sum(amount - unpaid), 'adjusted', :fund, :now FROM less
   GROUP BY person_id HAVING sum(amount - unpaid) > 0
)
SELECT coalesce(sum(unpaid), 0)::bigint AS unpaid,
       coalesce(sum(amount - unpaid), 0)::bigint AS paid,
       coalesce(sum(amount) FILTER (WHERE why = 'waived'), 0)::bigint AS waived
  FROM less
""")


@dataclass(frozen=True, slots=True)
class Found:
    """What a part of a run of differences came to, in paise."""

    members: int = 0
    more_minor: int = 0
    less_minor: int = 0


@dataclass(frozen=True, slots=True)
class _Row:
    person_id: int
    month: Month
    amount_minor: int
    why: str


def start_differences(work: Work) -> DuesRun:
    """Begin a run of differences."""
    run = DuesRun(
        ref=new_ref(),
        kind="adjustment",
        month=Month.of(work.clock.today()).first_day,
        started_at=work.clock.now(),
        started_by=work.actor.person_id,
    )
    work.session.add(run)
    work.session.flush()
    return run


def run_differences(unit: UnitOfWork, actor: Actor, run_id: int | None = None) -> Found:
    """Post every difference, each branch committed by itself; run again, it finds nothing."""
    with unit.begin(actor) as work:
        run_id = run_id or start_differences(work).id
        branches = branches_charged(work.session)
    found = []
    for branch_id, _ in branches:
        with unit.begin(actor) as work:
            found.append(post_branch(work, run_id, branch_id))
    with unit.begin(actor) as work:
        work.session.get_one(DuesRun, run_id).finished_at = work.clock.now()
    return Found(
        sum(one.members for one in found),
        sum(one.more_minor for one in found),
        sum(one.less_minor for one in found),
    )


def post_branch(work: Work, run_id: int, branch_id: int | None) -> Found:
    """Post the differences of one branch; runs and differences of a branch take turns."""
    hold(work, RUN_LOCK, branch_id or 0)
    return _post(work, run_id, branch_id, None)


def set_right(work: Work, person_ids: Collection[int]) -> Found:
    """Post the differences of a few members at once, after what was decided about them.

    Their branches are held as by a run, so that nobody posts the same difference meanwhile.
    """
    branches = work.session.scalars(
        select(DuesSlice.branch_id)
        .join(Charge, Charge.slice_id == DuesSlice.id)
        .where(Charge.person_id.in_(person_ids))
        .distinct()
    ).all()
    persons = {(PERSON_LOCK, one) for one in person_ids}
    hold_all(work, persons | {(RUN_LOCK, one or 0) for one in branches})
    run = start_differences(work)
    run.finished_at = work.clock.now()
    return _post(work, run.id, None, list(person_ids))


def _post(work: Work, run_id: int, branch_id: int | None, people: list[int] | None) -> Found:
    rows = _find(work, branch_id, people)
    if not rows:
        return Found()
    less = -sum(row.amount_minor for row in rows if row.amount_minor < 0)
    more = sum(row.amount_minor for row in rows if row.amount_minor > 0)
    part = DuesSlice(
        run_id=run_id,
        branch_id=branch_id,
        fund_code=FundCode.GENERAL,
        charges=len({row.person_id for row in rows if row.amount_minor > 0}),
        amount_minor=more,
        credit_used_minor=0,
        less_minor=less,
        posted_at=work.clock.now(),
    )
    work.session.add(part)
    work.session.flush()
    _write(work, part, rows)
    use_credit(work, {row.person_id for row in rows}, Source(CREDIT_SOURCE, part.id))
    return Found(len({row.person_id for row in rows}), more, less)


def _find(work: Work, branch_id: int | None, people: list[int] | None) -> list[_Row]:
    found = []
    whose = _ONE_BRANCH if people is None else _THESE
    given = {"branch": branch_id} if people is None else {"people": people}
    for month in charged_months(work.session):
        rows = work.session.execute(
            text(DIFFERENCES + whose), {**month_parameters(work.session, month), **given}
        )
        found += [_Row(row.person_id, month, row.amount_minor, row.why) for row in rows]
    return found


def _write(work: Work, part: DuesSlice, rows: list[_Row]) -> None:
    """The differences themselves, then what they do to charges and credit, then the books."""
    given = {
        "slice": part.id,
        "now": work.clock.now(),
        "fund": str(FundCode.GENERAL),
        "month": Month.of(work.clock.today()).first_day,
    }
    work.session.execute(
        _WRITE,
        {
            **given,
            "people": [row.person_id for row in rows],
            "months": [row.month.first_day for row in rows],
            "amounts": [row.amount_minor for row in rows],
            "whys": [row.why for row in rows],
        },
    )
    work.session.execute(_MORE, given)
    off = work.session.execute(_LESS, given).one()
    legs: list[NewLeg] = []
    if part.amount_minor:
        legs.append(debit(AccountCode.DUES_RECEIVABLE, part.amount_minor))
        legs.append(credit(AccountCode.DUES_INCOME, part.amount_minor))
    if off.waived:
        legs.append(debit(AccountCode.DUES_WAIVED, off.waived))
    if part.less_minor > off.waived:
        legs.append(debit(AccountCode.DUES_INCOME, part.less_minor - off.waived))
    if off.unpaid:
        legs.append(credit(AccountCode.DUES_RECEIVABLE, off.unpaid))
    if off.paid:
        legs.append(credit(AccountCode.MEMBER_CREDIT, off.paid))
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.ADJUSTMENT,
            happened_on=work.clock.today(),
            source=Source(SLICE_SOURCE, part.id),
            legs=tuple(legs),
        ),
    )
