"""Vouchers as those who sign see them, and what a claim's side may ask about its own."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from union.infra.keystore import KeyGoneError
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.ledger.models import (
    AccountBalance,
    JournalEntry,
    Voucher,
    VoucherApproval,
    VoucherText,
)
from union.ledger.policy import may_approve, may_pay, may_read_words, may_withdraw
from union.ledger.rules.vouchers import VoucherState, may_be_approved_by, voucher_state

SETTLED_SHOWN = 30
_WITHDRAWABLE = {VoucherState.WAITING, VoucherState.APPROVED, VoucherState.RETURNED}
TEXT_PLACE = "voucher_text.body"


@dataclass(frozen=True, slots=True)
class VoucherView:
    """A voucher, who approved it and when, its payment if there is one, and what she may do.

    ``held_minor`` is what the account it is taken from holds of its fund now.
    """

    voucher: Voucher
    approvals: Sequence[VoucherApproval]
    payment: JournalEntry | None
    state: VoucherState
    held_minor: int
    may_approve: bool
    may_pay: bool
    may_withdraw: bool


def voucher_by_id(session: Session, voucher_id: int) -> Voucher:
    """One voucher; NotFoundError."""
    voucher = session.get(Voucher, voucher_id)
    if voucher is None:
        raise NotFoundError(voucher_id=voucher_id)
    return voucher


def voucher_view(work: Work, ref: str) -> VoucherView:
    """One voucher with its approvals; NotFoundError."""
    voucher = work.session.scalars(select(Voucher).where(Voucher.ref == ref)).one_or_none()
    if voucher is None:
        raise NotFoundError
    return _views(work, [voucher])[0]


def live_vouchers(work: Work) -> Sequence[VoucherView]:
    """Every voucher neither paid nor withdrawn, oldest first."""
    found = work.session.scalars(
        select(Voucher)
        .outerjoin(JournalEntry, JournalEntry.voucher_id == Voucher.id)
        .where(Voucher.withdrawn_at.is_(None), JournalEntry.id.is_(None))
        .order_by(Voucher.id)
    ).all()
    return _views(work, found)


def settled_vouchers(work: Work) -> Sequence[VoucherView]:
    """The latest vouchers that were paid or withdrawn, newest first."""
    found = work.session.scalars(
        select(Voucher)
        .outerjoin(JournalEntry, JournalEntry.voucher_id == Voucher.id)
        .where(Voucher.withdrawn_at.is_not(None) | JournalEntry.id.is_not(None))
        .order_by(Voucher.id.desc())
        .limit(SETTLED_SHOWN)
    ).all()
    return _views(work, found)


def voucher_words(work: Work, voucher: Voucher) -> str | None:
    """On what evidence it was prepared, for whoever may read words; None if there are none."""
    beside = work.session.get(VoucherText, voucher.id)
    if beside is None or not may_read_words(work.actor):
        return None
    try:
        return work.vault.decrypt(beside.key_ref, TEXT_PLACE, voucher.ref, beside.body)
    except KeyGoneError:
        return None


def _views(work: Work, vouchers: Sequence[Voucher]) -> list[VoucherView]:
    numbers = [voucher.id for voucher in vouchers]
    approvals = _approvals(work.session, numbers)
    payments = _payments(work.session, numbers)
    held = _held(work.session, vouchers)
    views = []
    for voucher in vouchers:
        payment, returned = payments.get(voucher.id, (None, False))
        signed = approvals.get(voucher.id, [])
        state = voucher_state(
            approvals=len(signed),
            paid=payment is not None,
            withdrawn=voucher.withdrawn_at is not None,
            returned=returned,
        )
        counts = may_be_approved_by(
            work.actor.person_id,
            payee_person_id=voucher.payee_person_id,
            approved_by={approval.person_id for approval in signed},
        )
        views.append(
            VoucherView(
                voucher=voucher,
                approvals=signed,
                payment=payment,
                state=state,
                held_minor=held.get((voucher.money_account_code, voucher.fund_code), 0),
                may_approve=state is VoucherState.WAITING and may_approve(work.actor) and counts,
                may_pay=state is VoucherState.APPROVED and may_pay(work.actor),
                may_withdraw=state in _WITHDRAWABLE and may_withdraw(work.actor),
            )
        )
    return views


def _approvals(session: Session, numbers: Collection[int]) -> dict[int, list[VoucherApproval]]:
    found: dict[int, list[VoucherApproval]] = {}
    for approval in session.scalars(
        select(VoucherApproval)
        .where(VoucherApproval.voucher_id.in_(numbers))
        .order_by(VoucherApproval.approved_at, VoucherApproval.person_id)
    ):
        found.setdefault(approval.voucher_id, []).append(approval)
    return found


def _payments(
    session: Session, numbers: Collection[int]
) -> dict[int | None, tuple[JournalEntry, bool]]:
    reversal = aliased(JournalEntry)
    rows = session.execute(
        select(JournalEntry, reversal.id)
        .outerjoin(reversal, reversal.reverses_id == JournalEntry.id)
        .where(JournalEntry.voucher_id.in_(numbers))
    )
    return {payment.voucher_id: (payment, taken_back is not None) for payment, taken_back in rows}


def _held(session: Session, vouchers: Sequence[Voucher]) -> dict[tuple[str, str], int]:
    rows = session.execute(
        select(
            AccountBalance.account_code, AccountBalance.fund_code, AccountBalance.balance_minor
        ).where(AccountBalance.account_code.in_({one.money_account_code for one in vouchers}))
    )
    return {(account, fund): balance for account, fund, balance in rows}
