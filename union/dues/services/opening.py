"""Taking over an old register. Invariant: what it says is owed or ahead is opened once, whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import func, insert, select

from union.dues.errors import OpeningUsedError
from union.dues.models import (
    Allocation,
    Charge,
    CreditMovement,
    DuesOpening,
    DuesRun,
    DuesSlice,
    MemberCredit,
)
from union.dues.rules.opening import OpeningArrears, OpeningPosition, position, register_month
from union.infra.work import Work
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

SLICE_SOURCE = "dues_slice"

_Placed = tuple[OpeningArrears, OpeningPosition]


def open_arrears(work: Work, opening: OpeningArrears, first_month: Month | None = None) -> None:
    """Open one woman's arrears or credit; see ``open_arrears_batch``."""
    open_arrears_batch(work, [opening], first_month or Month.of(work.clock.today()))


def open_arrears_batch(
    work: Work, openings: Iterable[OpeningArrears], first_month: Month | None = None
) -> int:
    """Open what a register says: months owed as charges, months ahead as credit.

    ``first_month`` is the first month charged here (left out: the month most have paid up
    to); runs leave the months before it alone. Who was opened before is passed over, so the
    same register again changes nothing. Suspends nobody. Returns how many were opened.
    """
    rows = _not_opened(work, list({row.person_id: row for row in openings}.values()))
    if not rows:
        return 0
    open_books(work)
    first = first_month or register_month(rows, work.clock.today())
    run = _run(work, "opening", first)
    placed: defaultdict[int | None, list[_Placed]] = defaultdict(list)
    for row in rows:
        placed[row.branch_id].append((row, position(row, first)))
    for branch_id, members in sorted(placed.items(), key=lambda item: item[0] or 0):
        _open_slice(work, run, branch_id, members)
    work.session.execute(
        insert(DuesOpening),
        [_opening(row, where, first, run) for part in placed.values() for row, where in part],
    )
    return len(rows)


def withdraw_openings(work: Work, person_ids: Sequence[int]) -> None:
    """Take back what was opened for these people, for a register that is rolled back.

    OpeningUsedError if anything was paid on it or used of it since.
    """
    session = work.session
    owed = session.execute(
        select(Charge.id, Charge.amount_minor, Charge.settled_minor)
        .join(DuesSlice, DuesSlice.id == Charge.slice_id)
        .join(DuesRun, DuesRun.id == DuesSlice.run_id)
        .where(Charge.person_id.in_(person_ids), DuesRun.kind == "opening")
        .order_by(Charge.id)
    ).all()
    ahead = session.execute(
        select(DuesOpening.person_id, DuesOpening.ahead_minor, MemberCredit.balance_minor)
        .join(MemberCredit, MemberCredit.person_id == DuesOpening.person_id)
        .where(DuesOpening.person_id.in_(person_ids), DuesOpening.ahead_minor > 0)
    ).all()
    if any(row.settled_minor for row in owed) or any(
        row.ahead_minor != row.balance_minor for row in ahead
    ):
        raise OpeningUsedError
    owed_minor = sum(row.amount_minor for row in owed)
    ahead_minor = sum(row.ahead_minor for row in ahead)
    if not owed_minor and not ahead_minor:
        return
    run = _run(work, "withdrawal", Month.of(work.clock.today()))
    part = _slice(work, run, None, len(owed), owed_minor)
    _bulk(
        work,
        Allocation,
        [
            {"charge_id": row.id, "kind": "withdrawn", "amount_minor": row.amount_minor}
            for row in owed
        ],
    )
    _bulk(
        work,
        CreditMovement,
        [_credit(row.person_id, -row.ahead_minor, "withdrawn") for row in ahead],
    )
    _post(work, part, run, -owed_minor, -ahead_minor)


def _open_slice(
    work: Work, run: DuesRun, branch_id: int | None, members: Sequence[_Placed]
) -> None:
    owed_minor = sum(where.owed_minor for _, where in members)
    ahead_minor = sum(where.ahead_minor for _, where in members)
    if not owed_minor and not ahead_minor:
        return
    months = sum(len(where.owed_months) for _, where in members)
    part = _slice(work, run, branch_id, months, owed_minor)
    charges = [
        {
            "person_id": row.person_id,
            "month": month.first_day,
            "kind": "fee",
            "amount_minor": row.fee_minor,
            "settled_minor": 0,
            "fund_code": str(FundCode.GENERAL),
            "slice_id": part.id,
        }
        for row, where in members
        for month in where.owed_months
    ]
    if charges:
        work.session.execute(insert(Charge), charges)
    _bulk(
        work,
        CreditMovement,
        [
            _credit(row.person_id, where.ahead_minor, "opening")
            for row, where in members
            if where.ahead_minor
        ],
    )
    _post(work, part, run, owed_minor, ahead_minor)


def _post(work: Work, part: DuesSlice, run: DuesRun, owed_minor: int, ahead_minor: int) -> None:
    """Owed against opening balances, ahead against members' credit; below nothing takes back."""
    legs: list[NewLeg] = []
    if owed_minor:
        legs.append(debit(AccountCode.DUES_RECEIVABLE, owed_minor))
    if ahead_minor:
        legs.append(credit(AccountCode.MEMBER_CREDIT, ahead_minor))
    if owed_minor != ahead_minor:
        legs.append(credit(AccountCode.OPENING_BALANCES, owed_minor - ahead_minor))
    eve = Month.of(run.month).previous().last_day
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.OPENING,
            happened_on=min(eve, work.clock.today()),
            source=Source(SLICE_SOURCE, part.id),
            legs=tuple(legs),
        ),
    )


def _not_opened(work: Work, rows: Sequence[OpeningArrears]) -> list[OpeningArrears]:
    held = set(
        work.session.scalars(
            select(DuesOpening.person_id).where(
                DuesOpening.person_id == func.any([row.person_id for row in rows])
            )
        )
    )
    return [row for row in rows if row.person_id not in held]


def _opening(
    row: OpeningArrears, where: OpeningPosition, first: Month, run: DuesRun
) -> dict[str, object]:
    return {
        "person_id": row.person_id,
        "covered_to": first.previous().first_day,
        "paid_upto": None if row.paid_upto is None else row.paid_upto.first_day,
        "owed_minor": where.owed_minor,
        "ahead_minor": where.ahead_minor,
        "run_id": run.id,
    }


def _run(work: Work, kind: str, month: Month) -> DuesRun:
    run = DuesRun(
        ref=new_ref(),
        kind=kind,
        month=month.first_day,
        started_at=work.clock.now(),
        finished_at=work.clock.now(),
        started_by=work.actor.person_id,
    )
    work.session.add(run)
    work.session.flush()
    return run


def _slice(
    work: Work, run: DuesRun, branch_id: int | None, charges: int, amount_minor: int
) -> DuesSlice:
    part = DuesSlice(
        run_id=run.id,
        branch_id=branch_id,
        fund_code=FundCode.GENERAL,
        charges=charges,
        amount_minor=amount_minor,
        credit_used_minor=0,
        posted_at=work.clock.now(),
    )
    work.session.add(part)
    work.session.flush()
    return part


def _credit(person_id: int, amount_minor: int, kind: str) -> dict[str, object]:
    fund = str(FundCode.GENERAL)
    return {"person_id": person_id, "amount_minor": amount_minor, "kind": kind, "fund_code": fund}


def _bulk(
    work: Work, table: type[Allocation | CreditMovement], rows: Sequence[dict[str, object]]
) -> None:
    if rows:
        now = work.clock.now()
        work.session.execute(insert(table), [{**row, "made_at": now} for row in rows])
