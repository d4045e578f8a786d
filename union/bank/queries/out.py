"""Payments out: vouchers that may go, what is in files, and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from union.bank.models import BankAccount, BankBatch, BankBatchItem, BankPayee
from union.bank.queries.tables import not_taken_back
from union.bank.rules.known import OpenVoucher, SentBatch, SentItem
from union.kernel.errors import NotFoundError
from union.ledger.models import JournalEntry, Voucher, VoucherApproval
from union.ledger.rules.vouchers import APPROVALS_NEEDED


@dataclass(frozen=True, slots=True)
class PayableVoucher:
    """An approved voucher that nobody paid; ``payee`` is where its money would go, if known."""

    voucher: Voucher
    payee: BankPayee | None

    @property
    def ready(self) -> bool:
        """Whether a second person agreed to where the money goes."""
        return self.payee is not None and self.payee.confirmed_at is not None


@dataclass(frozen=True, slots=True)
class ItemView:
    """One payment of a file and its state: waiting, paid, returned, failed or taken_out."""

    item: BankBatchItem
    voucher: Voucher
    entry: JournalEntry | None
    state: str

    @property
    def may_go(self) -> bool:
        """Whether the bank should still pay it."""
        return self.state == "waiting" and self.voucher.withdrawn_at is None


@dataclass(frozen=True, slots=True)
class BatchView:
    """A file with its payments in the order drawn."""

    batch: BankBatch
    items: Sequence[ItemView]

    @property
    def total_minor(self) -> int:
        """What it pays, without what was taken out."""
        return sum(one.item.amount_minor for one in self.items if one.state != "taken_out")

    @property
    def waiting(self) -> int:
        """How many of its payments no statement has shown yet."""
        return sum(one.state == "waiting" for one in self.items)


def payable_vouchers(session: Session, account: BankAccount) -> list[PayableVoucher]:
    """Every approved, unpaid voucher of the account that is in no open file, oldest first."""
    rows = session.execute(
        select(Voucher, BankPayee)
        .outerjoin(
            BankPayee,
            (BankPayee.person_id == Voucher.payee_person_id) & BankPayee.ended_at.is_(None),
        )
        .where(*_payable(account), ~_in_open_file())
        .order_by(Voucher.id)
    )
    return [PayableVoucher(voucher, payee) for voucher, payee in rows]


def open_vouchers(session: Session, account: BankAccount) -> list[OpenVoucher]:
    """The same as the rules see them, those in files too."""
    rows = session.execute(
        select(Voucher.id, Voucher.amount_minor, Voucher.payee_person_id, _in_open_file())
        .where(*_payable(account))
        .order_by(Voucher.id)
    )
    return [OpenVoucher(*row) for row in rows]


def voucher_facts(session: Session, voucher_ids: Collection[int]) -> dict[int, int]:
    """Whom each of these vouchers pays."""
    rows = session.execute(
        select(Voucher.id, Voucher.payee_person_id).where(Voucher.id.in_(voucher_ids))
    )
    return {row.id: row.payee_person_id for row in rows}


def sent_items(session: Session, account: BankAccount) -> dict[str, SentItem]:
    """Payments in files by their codes: open ones, and paid ones that may still come back."""
    rows = session.execute(
        select(BankBatchItem, JournalEntry.id)
        .join(BankBatch, BankBatch.id == BankBatchItem.batch_id)
        .outerjoin(
            JournalEntry,
            (JournalEntry.voucher_id == BankBatchItem.voucher_id) & not_taken_back(),
        )
        .where(BankBatch.account_id == account.id, BankBatchItem.ended_at.is_(None))
        .order_by(BankBatchItem.id)
    )
    return {
        item.code: SentItem(item.id, item.voucher_id, item.amount_minor, entry_id)
        for item, entry_id in rows
    }


def open_batches(session: Session, account: BankAccount) -> dict[str, SentBatch]:
    """Whole files by their codes, with what of them no statement has shown yet."""
    paid = select(JournalEntry.id).where(JournalEntry.voucher_id == BankBatchItem.voucher_id)
    rows = session.execute(
        select(BankBatch.code, BankBatch.id, func.sum(BankBatchItem.amount_minor))
        .join(BankBatchItem, BankBatchItem.batch_id == BankBatch.id)
        .where(
            BankBatch.account_id == account.id,
            BankBatchItem.ended_at.is_(None),
            ~paid.exists(),
        )
        .group_by(BankBatch.id)
    )
    return {code: SentBatch(batch_id, int(total)) for code, batch_id, total in rows}


def batch_views(session: Session, account: BankAccount) -> list[BatchView]:
    """Every file, the latest first."""
    batches = session.scalars(
        select(BankBatch)
        .where(BankBatch.account_id == account.id)
        .order_by(BankBatch.id.desc())
        .limit(50)
    )
    return [_view(session, batch) for batch in batches]


def batch_view(session: Session, ref: str) -> BatchView:
    """One file; NotFoundError."""
    batch = session.scalar(select(BankBatch).where(BankBatch.ref == ref))
    if batch is None:
        raise NotFoundError
    return _view(session, batch)


def _view(session: Session, batch: BankBatch) -> BatchView:
    rows = session.execute(
        select(BankBatchItem, Voucher, JournalEntry, not_taken_back())
        .join(Voucher, Voucher.id == BankBatchItem.voucher_id)
        .outerjoin(JournalEntry, JournalEntry.voucher_id == BankBatchItem.voucher_id)
        .where(BankBatchItem.batch_id == batch.id)
        .order_by(BankBatchItem.position)
    )
    return BatchView(
        batch,
        [
            ItemView(item, voucher, entry, _state(item, entry, stands=stands))
            for item, voucher, entry, stands in rows
        ],
    )


def _state(item: BankBatchItem, entry: JournalEntry | None, *, stands: bool) -> str:
    if item.ended_how == "taken_out":
        return "taken_out"
    if entry is not None:
        return "paid" if stands else "returned"
    return "failed" if item.ended_how == "failed" else "waiting"


def _payable(account: BankAccount) -> tuple[ColumnElement[bool], ...]:
    approvals = (
        select(func.count())
        .where(
            VoucherApproval.voucher_id == Voucher.id,
            VoucherApproval.content_hash == Voucher.content_hash,
        )
        .scalar_subquery()
    )
    paid = select(JournalEntry.id).where(JournalEntry.voucher_id == Voucher.id)
    return (
        Voucher.withdrawn_at.is_(None),
        Voucher.money_account_code == account.account_code,
        ~paid.exists(),
        approvals >= APPROVALS_NEEDED,
    )


def _in_open_file() -> ColumnElement[bool]:
    items = select(BankBatchItem.id).where(
        BankBatchItem.voucher_id == Voucher.id, BankBatchItem.ended_at.is_(None)
    )
    return items.exists()
