"""The monthly run. Invariant: a slice's charges, entry and sums commit together or not at all.

A slice is a branch. One statement makes the slices of a few branches with all their charges and
what members' credit pays of them at once; the ledger gets one entry for each slice. Run again,
it finds nothing left to charge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import text, update

from union.dues.errors import MonthAheadError, MonthBeforeBooksError
from union.dues.models import DuesRun
from union.dues.queries.due import DUE, charged_in, month_parameters
from union.dues.queries.runs import branch_sizes
from union.dues.services.locks import RUN_LOCK, hold_all
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
from union.ledger.services import open_books, post_entries
from union.members.queries import branches

SLICE_SOURCE = "dues_slice"

AT_ONCE = 5_000
"""So many members, or one branch that has more, are charged between two commits: a commit costs
as much as some hundred charges, and what a broken-off run loses should be done again in a moment.
"""

_CHARGE = """
WITH due AS MATERIALIZED (
  SELECT d.person_id, d.branch_id, d.amount_minor,
         least(d.amount_minor, coalesce(c.balance_minor, 0)) AS credit_minor
    FROM ({due}{whose}) d LEFT JOIN member_credit c ON c.person_id = d.person_id
), part AS (
  INSERT INTO dues_slice (run_id, branch_id, fund_code, charges, amount_minor,
                          credit_used_minor, posted_at)
  SELECT :run_id, branch_id, :fund, count(*), sum(amount_minor), sum(credit_minor), :now
    FROM due GROUP BY branch_id
   ORDER BY array_position(CAST(:branches AS bigint[]), branch_id)
  RETURNING id, branch_id, charges, amount_minor, credit_used_minor
), made AS (
  INSERT INTO dues_charge (person_id, month, kind, amount_minor, settled_minor, fund_code, slice_id)
  SELECT due.person_id, :month, 'fee', due.amount_minor, 0, :fund, part.id
    FROM due JOIN part ON coalesce(part.branch_id, 0) = coalesce(due.branch_id, 0)
  RETURNING id, person_id
), used AS (
  INSERT INTO credit_movement (person_id, amount_minor, kind, fund_code, made_at)
  SELECT person_id, -credit_minor, 'used', :fund, :now FROM due WHERE credit_minor > 0
), spread AS (
  INSERT INTO dues_allocation (charge_id, kind, amount_minor, made_at)
  SELECT made.id, 'credit', due.credit_minor, :now
    FROM made JOIN due ON due.person_id = made.person_id WHERE due.credit_minor > 0
)
SELECT id, charges, amount_minor, credit_used_minor FROM part ORDER BY id
"""
_THESE = " AND s.branch_id = ANY(CAST(:branches AS bigint[]))"
_NOWHERE = " AND s.branch_id IS NULL"
_THESE_AND_NOWHERE = " AND (s.branch_id = ANY(CAST(:branches AS bigint[])) OR s.branch_id IS NULL)"


@dataclass(frozen=True, slots=True)
class _Slice:
    """A branch (None is whoever is in none) and about how many are in it."""

    branch_id: int | None
    branch: str
    members: int


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
    at_once: int = AT_ONCE,
) -> RunOutcome:
    """Charge a month, a few branches between two commits so that payments never wait long.

    Safe to run again, to break off and to go on. ``run_id`` goes on with a run already begun.
    """
    with unit.begin(actor) as work:
        run_id = run_id or start_run(work, month).id
        already = charged_in(work.session, month)
        asked = month_parameters(work.session, month)
        slices = _slices(work)
    charged = amount = done = 0
    for few in _few_at_once(slices, at_once):
        with unit.begin(actor) as work:
            count, sum_minor = _charge(work, run_id, asked, [one.branch_id for one in few])
            if few[-1] is slices[-1]:
                _finish(work, run_id)
        charged, amount = charged + count, amount + sum_minor
        for one in few:
            done += 1
            if tell is not None:
                tell(Progress(done, len(slices), one.branch))
    return RunOutcome(month, charged, amount, already)


def charge_month(work: Work, month: Month) -> RunOutcome:
    """Charge a month within one unit of work, for stories and small unions."""
    run = start_run(work, month)
    already = charged_in(work.session, month)
    asked = month_parameters(work.session, month)
    whole = [one.branch_id for one in _slices(work)]
    charged, amount = _charge(work, run.id, asked, whole)
    _finish(work, run.id)
    return RunOutcome(month, charged, amount, already)


def _charge(
    work: Work, run_id: int, asked: Mapping[str, date], branches: Sequence[int | None]
) -> tuple[int, int]:
    """Charge these branches: how many were charged, and their sum in paise; runs take turns."""
    named = [one for one in branches if one is not None]
    hold_all(work, {(RUN_LOCK, one or 0) for one in branches})
    nowhere = _THESE_AND_NOWHERE if named else _NOWHERE
    whose = _THESE if len(named) == len(branches) else nowhere
    made = work.session.execute(
        text(_CHARGE.format(due=DUE, whose=whose)),
        {
            **asked,
            "run_id": run_id,
            "branches": named,
            "fund": str(FundCode.GENERAL),
            "now": work.clock.now(),
        },
    ).all()
    post_entries(
        work,
        [
            NewEntry(
                kind=EntryKind.CHARGE,
                happened_on=asked["month"],
                source=Source(SLICE_SOURCE, part.id),
                legs=_legs(part.amount_minor, part.credit_used_minor),
            )
            for part in made
        ],
    )
    return sum(part.charges for part in made), sum(part.amount_minor for part in made)


def _legs(amount_minor: int, credit_minor: int) -> tuple[NewLeg, ...]:
    """What was charged, of which members' credit pays a part at once."""
    legs = [credit(AccountCode.DUES_INCOME, amount_minor)]
    if credit_minor:
        legs.append(debit(AccountCode.MEMBER_CREDIT, credit_minor))
    if amount_minor > credit_minor:
        legs.append(debit(AccountCode.DUES_RECEIVABLE, amount_minor - credit_minor))
    return tuple(legs)


def _slices(work: Work) -> list[_Slice]:
    """Every branch by name, and last whoever is in none."""
    sizes = branch_sizes(work.session)
    named = [_Slice(one.id, one.name, sizes.get(one.id, 0)) for one in branches(work.session)]
    return [*named, _Slice(None, "", 0)]


def _few_at_once(slices: Sequence[_Slice], at_once: int) -> Iterator[list[_Slice]]:
    """Slices in their order, drawn together until they have so many members."""
    few: list[_Slice] = []
    for one in slices:
        few.append(one)
        if sum(each.members for each in few) >= at_once:
            yield few
            few = []
    if few:
        yield few


def _finish(work: Work, run_id: int) -> None:
    ended = update(DuesRun).where(DuesRun.id == run_id)
    work.session.execute(ended.values(finished_at=work.clock.now()))
