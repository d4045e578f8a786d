"""Cash differences settled. Invariant: each is settled to the paisa, in the books, by another.

A difference waits on its own account, over which no month closes, until it was brought, given
back, kept as income, or given up by a voucher of two hands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from union.dues.errors import DifferenceSettledError
from union.dues.models import CashDifference, Collector, DifferenceSettlement
from union.dues.queries.handing import GIVEN_UP
from union.dues.rules.allocation import PaymentNotPositiveError
from union.dues.services.collectors import hold_collector
from union.dues.services.hands import want_another
from union.infra import audit
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_ref
from union.ledger.models import JournalEntry, Voucher
from union.ledger.queries.keeping import cleared_on
from union.ledger.rules import (
    AccountCode,
    EntryKind,
    FundCode,
    NewEntry,
    NewVoucher,
    Source,
    credit,
    debit,
)
from union.ledger.services import post_entry, prepare_voucher

SETTLEMENT_SOURCE = "difference_settlement"


class How(StrEnum):
    """How a difference ends: the first two for what is short, the others for too much."""

    BROUGHT = "brought"
    GIVEN_UP = "given_up"
    GIVEN_BACK = "given_back"
    KEPT = "kept"


_ACCOUNTS: Mapping[How, tuple[EntryKind, AccountCode, AccountCode]] = {
    How.BROUGHT: (
        EntryKind.TRANSFER,
        AccountCode.CASH_AT_DESK,
        AccountCode.CASH_DIFFERENCES_TO_SETTLE,
    ),
    How.GIVEN_BACK: (
        EntryKind.TRANSFER,
        AccountCode.CASH_DIFFERENCES_TO_SETTLE,
        AccountCode.CASH_AT_DESK,
    ),
    How.KEPT: (
        EntryKind.RECEIPT,
        AccountCode.CASH_DIFFERENCES_TO_SETTLE,
        AccountCode.OTHER_INCOME,
    ),
}
"""The kind of entry, what is debited and what is credited."""


@dataclass(frozen=True, slots=True)
class SettleDifference:
    """How a difference ends, and how much of it, in paise."""

    difference_ref: str
    how: How
    amount_minor: int


def left_of(work: Work, difference: CashDifference) -> int:
    """What of a difference is neither settled nor promised by a live voucher, in paise."""
    return int(work.session.scalar(select(func.dues_difference_free(difference.id))) or 0)


def settle_difference(work: Work, asked: SettleDifference) -> dict[str, Any]:
    """Settle a difference, or write the voucher by which it shall be given up.

    DifferenceSettledError for more than is left, what a voucher already promises not counted, or
    a way that does not fit; SameHandError for the collector herself, and for who counted what
    shall go back. Given up, it ends when two have approved the voucher and it is paid.
    """
    difference, collector = _found(work, asked.difference_ref)
    want_another(work, collector.person_id)
    if asked.how is How.GIVEN_BACK:
        want_another(work, *work.session.scalars(select(func.dues_counted(difference.id))))
    if asked.amount_minor <= 0:
        raise PaymentNotPositiveError
    short = difference.amount_minor < 0
    fits = (asked.how in {How.BROUGHT, How.GIVEN_UP}) is short
    if not fits or asked.amount_minor > left_of(work, difference):
        raise DifferenceSettledError
    if asked.how is How.GIVEN_UP:
        return {"voucher": _voucher(work, difference, collector, asked.amount_minor).ref}
    return {"settlement": _settle(work, difference, collector, asked).ref}


def give_up_difference(work: Work, payload: Mapping[str, Any]) -> None:
    """Handler of ``voucher_paid``: a short sum given up by two is settled. Safe to repeat."""
    voucher = work.session.get_one(Voucher, int(payload["voucher_id"]))
    if voucher.source_kind != GIVEN_UP:
        return
    difference = work.session.get_one(CashDifference, voucher.source_id)
    hold_collector(work, difference.collector_id)
    held = select(DifferenceSettlement.id).where(DifferenceSettlement.voucher_id == voucher.id)
    if work.session.scalar(held) is not None:
        return
    paid = work.session.scalar(select(JournalEntry).where(JournalEntry.voucher_id == voucher.id))
    work.session.add(
        DifferenceSettlement(
            ref=new_ref(),
            difference_id=difference.id,
            amount_minor=voucher.amount_minor,
            how=How.GIVEN_UP,
            voucher_id=voucher.id,
            happened_on=work.clock.today() if paid is None else paid.happened_on,
            made_at=work.clock.now(),
            made_by=work.actor.person_id,
        )
    )
    work.session.flush()


def _settle(
    work: Work, difference: CashDifference, collector: Collector, asked: SettleDifference
) -> DifferenceSettlement:
    made = DifferenceSettlement(
        ref=new_ref(),
        difference_id=difference.id,
        amount_minor=asked.amount_minor,
        how=asked.how,
        happened_on=cleared_on(work.session, difference.happened_on, work.clock.today()),
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(made)
    work.session.flush()
    kind, takes, gives = _ACCOUNTS[asked.how]
    post_entry(
        work,
        NewEntry(
            kind=kind,
            happened_on=made.happened_on,
            source=Source(SETTLEMENT_SOURCE, made.id),
            legs=(debit(takes, asked.amount_minor), credit(gives, asked.amount_minor)),
        ),
    )
    audit.log(
        work,
        "cash_difference_settled",
        object_type="cash_difference",
        object_id=difference.id,
        subject_person_id=collector.person_id,
    )
    return made


def _voucher(
    work: Work, difference: CashDifference, collector: Collector, amount_minor: int
) -> Voucher:
    return prepare_voucher(
        work,
        NewVoucher(
            fund=FundCode.GENERAL,
            money_account=AccountCode.CASH_DIFFERENCES_TO_SETTLE,
            spend_account=AccountCode.CASH_DIFFERENCES,
            payee_person_id=collector.person_id,
            amount_minor=amount_minor,
            source=Source(GIVEN_UP, difference.id),
        ),
    )


def _found(work: Work, ref: str) -> tuple[CashDifference, Collector]:
    difference = work.session.scalar(select(CashDifference).where(CashDifference.ref == ref))
    if difference is None:
        raise NotFoundError
    hold_collector(work, difference.collector_id)
    return difference, work.session.get_one(Collector, difference.collector_id)
