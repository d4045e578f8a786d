"""Payments out: vouchers that may go, what is in files, and what became of each."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from union.bank.models import BankAccount, BankBatch, BankBatchItem, BankPayee
from union.bank.models.paying import BankItemRefusal
from union.bank.queries.payees import details_hold
from union.bank.queries.tables import not_taken_back
from union.bank.rules.known import OpenVoucher, SentBatch, SentItem
from union.kernel.errors import NotFoundError
from union.ledger.models import JournalEntry, Voucher
from union.ledger.queries.hands import hands, settled
from union.ledger.rules.vouchers import APPROVALS_NEEDED


@dataclass(frozen=True, slots=True)
class PayableVoucher:
    """An approved voucher that nobody paid; ``payee`` is where its money would go, if known.

    ``ready``: two people agreed to where the money goes, and neither of them is whose it is.
    """

    voucher: Voucher
    payee: BankPayee | None
    ready: bool


@dataclass(frozen=True, slots=True)
class ItemView:
    """One payment of a file and its state: waiting, paid, returned, failed or taken_out.

    ``refusal`` is somebody's word that the bank refused it, as long as nobody answered.
    """

    item: BankBatchItem
    voucher: Voucher
    state: str
    refusal: BankItemRefusal | None

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
        select(Voucher, BankPayee, func.coalesce(details_hold(), False))
        .outerjoin(
            BankPayee,
            (BankPayee.person_id == Voucher.payee_person_id) & BankPayee.ended_at.is_(None),
        )
        .where(*_payable(account), ~_in_open_file())
        .order_by(Voucher.id)
    )
    return [PayableVoucher(*row) for row in rows]


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
    paid = select(JournalEntry.id).where(
        JournalEntry.voucher_id == BankBatchItem.voucher_id, not_taken_back()
    )
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


def refusals_waiting(session: Session) -> list[tuple[BankItemRefusal, BankBatch, Voucher]]:
    """What somebody says the bank refused and nobody has answered, oldest first."""
    rows = session.execute(
        select(BankItemRefusal, BankBatch, Voucher)
        .join(BankBatchItem, BankBatchItem.id == BankItemRefusal.item_id)
        .join(BankBatch, BankBatch.id == BankBatchItem.batch_id)
        .join(Voucher, Voucher.id == BankBatchItem.voucher_id)
        .where(BankItemRefusal.agreed.is_(None), BankBatchItem.ended_at.is_(None), ~settled())
        .order_by(BankItemRefusal.id)
    )
    return [(refusal, batch, voucher) for refusal, batch, voucher in rows]


def unfit_items(session: Session, batch_ids: Collection[int]) -> set[int]:
    """Payments of files that may not go as they stand, by their ids.

    Fewer than two people are left under the voucher, or where its money goes was changed.
    """
    fits = (hands() >= APPROVALS_NEEDED) & details_hold()
    return set(
        session.scalars(
            select(BankBatchItem.id)
            .join(Voucher, Voucher.id == BankBatchItem.voucher_id)
            .join(BankPayee, BankPayee.id == BankBatchItem.payee_id)
            .where(
                BankBatchItem.batch_id.in_(batch_ids),
                BankBatchItem.ended_at.is_(None),
                Voucher.withdrawn_at.is_(None),
                ~settled(),
                ~fits,
            )
        )
    )


def _view(session: Session, batch: BankBatch) -> BatchView:
    stands = select(JournalEntry.id).where(
        JournalEntry.voucher_id == BankBatchItem.voucher_id, not_taken_back()
    )
    rows = session.execute(
        select(BankBatchItem, Voucher, stands.correlate(BankBatchItem).exists(), BankItemRefusal)
        .join(Voucher, Voucher.id == BankBatchItem.voucher_id)
        .outerjoin(
            BankItemRefusal,
            (BankItemRefusal.item_id == BankBatchItem.id) & BankItemRefusal.agreed.is_(None),
        )
        .where(BankBatchItem.batch_id == batch.id)
        .order_by(BankBatchItem.position)
    )
    return BatchView(
        batch,
        [
            ItemView(item, voucher, _state(item, paid=paid), refusal)
            for item, voucher, paid, refusal in rows
        ],
    )


def _state(item: BankBatchItem, *, paid: bool) -> str:
    if item.ended_how is not None:
        return item.ended_how
    return "paid" if paid else "waiting"


def _payable(account: BankAccount) -> tuple[ColumnElement[bool], ...]:
    return (
        Voucher.withdrawn_at.is_(None),
        Voucher.money_account_code == account.account_code,
        ~settled(),
        hands() >= APPROVALS_NEEDED,
    )


def _in_open_file() -> ColumnElement[bool]:
    items = select(BankBatchItem.id).where(
        BankBatchItem.voucher_id == Voucher.id, BankBatchItem.ended_at.is_(None)
    )
    return items.exists()
