"""The monthly run. Invariant: a slice's charges, entry and sums commit together or not at all.

One statement makes a slice with all its charges and what members' credit pays of them at
once; the ledger gets one entry for it. Run again, it finds nothing left to charge.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select, text

from union.dues.errors import MonthAheadError, MonthBeforeBooksError
from union.dues.models import DuesRun
from union.dues.queries.due import DUE, charged_in, month_parameters
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
from union.ledger.services import open_books, post_entry
from union.members.queries import branches

SLICE_SOURCE = "dues_slice"
_RUN_LOCK = 6010

_CHARGE = """
WITH due AS MATERIALIZED (
  SELECT d.person_id, d.amount_minor,
         least(d.amount_minor, coalesce(c.balance_minor, 0)) AS credit_minor
    FROM ({due}{branch}) d LEFT JOIN member_credit c ON c.person_id = d.person_id
), part AS (
  INSERT INTO dues_slice (run_id, branch_id, fund_code, charges, amount_minor,
                          credit_used_minor, posted_at)
  SELECT :run_id, CAST(:branch_id AS bigint), :fund, count(*), sum(amount_minor),
         sum(credit_minor), :now
    FROM due HAVING count(*) > 0
  RETURNING id, charges, amount_minor, credit_used_minor
), made AS (
  INSERT INTO dues_charge (person_id, month, kind, amount_minor, settled_minor, fund_code, slice_id)
  SELECT due.person_id, :month, 'fee', due.amount_minor, 0, :fund, part.id FROM due, part
  RETURNING id, person_id
), used AS (
  INSERT INTO credit_movement (person_id, amount_minor, kind, fund_code, made_at)
  SELECT person_id, -credit_minor, 'used', :fund, :now FROM due WHERE credit_minor > 0
), spread AS (
  INSERT INTO dues_allocation (charge_id, kind, amount_minor, made_at)
  SELECT made.id, 'credit', due.credit_minor, :now
    FROM made JOIN due ON due.person_id = made.person_id WHERE due.credit_minor > 0
)
SELECT id, charges, amount_minor, credit_used_minor FROM part
"""


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What a run came to: charges made now and their sum in paise, and those that stood before."""

    period: Month
    charged: int
    amount_minor: int
    already: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: slices done of all, and the branch done last ("" is no branch)."""

    done: int
    whole: int
    branch: str


def start_run(work: Work, month: Month) -> DuesRun:
    """Begin a run; MonthAheadError, MonthBeforeBooksError for a month too late or too early."""
    if month > Month.of(work.clock.today()):
        raise MonthAheadError
    if month < open_books(work):
        raise MonthBeforeBooksError
    run = DuesRun(
        ref=new_ref(),
        kind="monthly",
        month=month.first_day,
        started_at=work.clock.now(),
        started_by=work.actor.person_id,
    )
    work.session.add(run)
    work.session.flush()
    return run


def run_month(
    unit: UnitOfWork,
    actor: Actor,
    month: Month,
    *,
    run_id: int | None = None,
    tell: Callable[[Progress], None] | None = None,
) -> RunOutcome:
    """Charge a month, each branch committed by itself so that payments never wait long.

    Safe to run again, to break off and to go on. ``run_id`` goes on with a run already begun.
    """
    with unit.begin(actor) as work:
        run_id = run_id or start_run(work, month).id
        already = charged_in(work.session, month)
        asked = month_parameters(work.session, month)
        slices = _slices(work)
    charged = amount = 0
    for done, (branch_id, branch) in enumerate(slices, start=1):
        with unit.begin(actor) as work:
            count, sum_minor = charge_slice(work, run_id, asked, branch_id)
        charged, amount = charged + count, amount + sum_minor
        if tell is not None:
            tell(Progress(done, len(slices), branch))
    with unit.begin(actor) as work:
        _finish(work, run_id)
    return RunOutcome(month, charged, amount, already)


def charge_month(work: Work, month: Month) -> RunOutcome:
    """Charge a month within one unit of work, for stories and small unions."""
    run = start_run(work, month)
    already = charged_in(work.session, month)
    asked = month_parameters(work.session, month)
    sums = [charge_slice(work, run.id, asked, branch_id) for branch_id, _ in _slices(work)]
    _finish(work, run.id)
    return RunOutcome(month, sum(one[0] for one in sums), sum(one[1] for one in sums), already)


def charge_slice(
    work: Work, run_id: int, asked: Mapping[str, date], branch_id: int | None
) -> tuple[int, int]:
    """Charge one branch: how many were charged, and their sum in paise; two runs take turns.

    ``asked`` is the month with its bounds, as ``month_parameters`` gives them.
    """
    session = work.session
    session.execute(select(func.pg_advisory_xact_lock(_RUN_LOCK, branch_id or 0)))
    branch = " AND s.branch_id = :branch_id" if branch_id else " AND s.branch_id IS NULL"
    made = session.execute(
        text(_CHARGE.format(due=DUE, branch=branch)),
        {
            **asked,
            "run_id": run_id,
            "branch_id": branch_id,
            "fund": str(FundCode.GENERAL),
            "now": work.clock.now(),
        },
    ).one_or_none()
    if made is None:
        return 0, 0
    legs: list[NewLeg] = [credit(AccountCode.DUES_INCOME, made.amount_minor)]
    if made.credit_used_minor:
        legs.append(debit(AccountCode.MEMBER_CREDIT, made.credit_used_minor))
    if made.amount_minor > made.credit_used_minor:
        owed = made.amount_minor - made.credit_used_minor
        legs.append(debit(AccountCode.DUES_RECEIVABLE, owed))
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.CHARGE,
            happened_on=asked["month"],
            source=Source(SLICE_SOURCE, made.id),
            legs=tuple(legs),
        ),
    )
    return made.charges, made.amount_minor


def _slices(work: Work) -> list[tuple[int | None, str]]:
    """Every branch by name, and last whoever is in none."""
    named = [(one.id, one.name) for one in branches(work.session)]
    return [*named, (None, "")]


def _finish(work: Work, run_id: int) -> None:
    run = work.session.get_one(DuesRun, run_id)
    run.finished_at = work.clock.now()
    work.session.flush()
