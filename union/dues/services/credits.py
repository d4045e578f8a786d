"""Credit set against what is owed. Invariant: nobody owes while she has credit of the same entry.

A month's run uses credit for the month it charges; this is for credit or open charges that came
up otherwise: a charge that was too high, a payment taken back.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from union.dues.models import Allocation, CreditMovement, MemberCredit
from union.dues.queries.accounts import open_charges_of
from union.dues.rules.allocation import Share, allocate
from union.infra.work import Work
from union.ledger.rules import AccountCode, EntryKind, FundCode, NewEntry, Source, credit, debit
from union.ledger.services import post_entry


@dataclass(frozen=True, slots=True)
class CreditMove:
    """Credit given (+) or taken (−) in paise; with what it came from, where the kind has one."""

    person_id: int
    amount_minor: int
    kind: str
    payment_id: int | None = None
    refund_id: int | None = None


def move_credit(work: Work, moves: Collection[CreditMove]) -> None:
    """Write credit given or taken; the posting is the caller's."""
    work.session.add_all(
        CreditMovement(
            person_id=one.person_id,
            amount_minor=one.amount_minor,
            kind=one.kind,
            payment_id=one.payment_id,
            refund_id=one.refund_id,
            fund_code=FundCode.GENERAL,
            made_at=work.clock.now(),
        )
        for one in moves
    )
    work.session.flush()


def use_credit(work: Work, person_ids: Collection[int], source: Source) -> int:
    """Set credit against open charges, oldest first, posted under ``source``; the sum in paise."""
    ahead = work.session.execute(
        select(MemberCredit.person_id, MemberCredit.balance_minor)
        .where(MemberCredit.person_id.in_(person_ids), MemberCredit.balance_minor > 0)
        .order_by(MemberCredit.person_id)
    ).all()
    due = open_charges_of(work.session, [one.person_id for one in ahead])
    moves: list[CreditMove] = []
    shares: list[Share] = []
    for one in ahead:
        spread = allocate(one.balance_minor, due[one.person_id])
        if spread.settled_minor:
            moves.append(CreditMove(one.person_id, -spread.settled_minor, "used"))
            shares.extend(spread.shares)
    used = sum(share.amount_minor for share in shares)
    if not used:
        return 0
    move_credit(work, moves)
    work.session.add_all(
        Allocation(
            charge_id=one.charge_id,
            kind="credit",
            amount_minor=one.amount_minor,
            made_at=work.clock.now(),
        )
        for one in shares
    )
    work.session.flush()
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.ALLOCATION,
            happened_on=work.clock.today(),
            source=source,
            legs=(
                debit(AccountCode.MEMBER_CREDIT, used),
                credit(AccountCode.DUES_RECEIVABLE, used),
            ),
        ),
    )
    return used
