"""Vouchers as those who sign see them, and what a claim's side may ask about its own."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import Session, aliased

from union.infra.keystore import KeyGoneError
from union.infra.people import whose
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.ledger.models import (
    AccountBalance,
    JournalEntry,
    Voucher,
    VoucherApproval,
    VoucherText,
)
from union.ledger.models.vouchers import PaymentMistake
from union.ledger.policy import may_approve, may_pay, may_read_beside, may_withdraw
from union.ledger.queries.hands import mistakes, on_its_way, settled
from union.ledger.rules.vouchers import VoucherState, may_be_approved_by, voucher_state

SETTLED_SHOWN = 30
_WITHDRAWABLE = {VoucherState.WAITING, VoucherState.APPROVED, VoucherState.RETURNED}
TEXT_PLACE = "voucher_text.body"
MISTAKE_PLACE = "payment_mistake.words"


@dataclass(frozen=True, slots=True)
class VoucherView:
    """A voucher, who approved it and when, its payment if there is one, and what she may do.

    ``hands`` counts different people, none of them the payee: entries may have been joined since
    they signed. ``mistake`` is what is said of its latest payment, ``file`` the payment file at
    the bank that holds it. ``held_minor`` is what the account it is taken from holds of its fund.
    """

    voucher: Voucher
    approvals: Sequence[VoucherApproval]
    hands: int
    payment: JournalEntry | None
    mistake: PaymentMistake | None
    file: str | None
    state: VoucherState
    held_minor: int
    may_approve: bool
    may_pay: bool
    may_withdraw: bool
    may_say_mistake: bool
    may_answer_mistake: bool

    @property
    def waits_for_her(self) -> bool:
        """Whether the reader is the one who can go on with it."""
        return self.may_approve or self.may_pay or self.may_answer_mistake


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
    """Every voucher neither paid nor withdrawn, or whose payment is doubted; oldest first."""
    found = work.session.scalars(
        select(Voucher)
        .where(Voucher.withdrawn_at.is_(None), ~settled() | Voucher.id.in_(_doubted()))
        .order_by(Voucher.id)
    ).all()
    return _views(work, found)


def settled_vouchers(work: Work) -> Sequence[VoucherView]:
    """The latest vouchers that were paid or withdrawn, newest first."""
    found = work.session.scalars(
        select(Voucher)
        .where(Voucher.withdrawn_at.is_not(None) | settled(), Voucher.id.not_in(_doubted()))
        .order_by(Voucher.id.desc())
        .limit(SETTLED_SHOWN)
    ).all()
    return _views(work, found)


def voucher_words(work: Work, voucher: Voucher) -> str | None:
    """On what evidence it was prepared, for whoever may read words; None if there are none."""
    beside = work.session.get(VoucherText, voucher.id)
    if beside is None or not may_read_beside(work.actor, voucher.spend_account_code):
        return None
    try:
        return work.vault.decrypt(beside.key_ref, TEXT_PLACE, voucher.ref, beside.body)
    except KeyGoneError:
        return None


def mistake_words(work: Work, voucher: Voucher, mistake: PaymentMistake) -> str | None:
    """Why its payment is said to be booked by mistake, for whoever may read words."""
    if not may_read_beside(work.actor, voucher.spend_account_code):
        return None
    try:
        return work.vault.decrypt(mistake.key_ref, MISTAKE_PLACE, mistake.ref, mistake.words)
    except KeyGoneError:
        return None


def _views(work: Work, vouchers: Sequence[Voucher]) -> list[VoucherView]:
    numbers = [voucher.id for voucher in vouchers]
    payments = _payments(work.session, numbers)
    files = on_its_way(work.session, numbers)
    said = mistakes(work.session, [payment.id for payment, _back in payments.values()])
    approvals = _approvals(work.session, numbers)
    people = whose(
        work.session,
        {
            work.actor.person_id,
            *(one.payee_person_id for one in vouchers),
            *(one.person_id for signed in approvals.values() for one in signed),
            *(one.said_by for one in said.values()),
        },
    )
    held = _held(work.session, vouchers)
    views = []
    for voucher in vouchers:
        payment, reversed_ = payments.get(voucher.id, (None, False))
        mistake = None if payment is None else said.get(payment.id)
        if reversed_ and mistake is not None and mistake.agreed:
            payment = None
        known = _Known(
            voucher=voucher,
            approvals=approvals.get(voucher.id, []),
            payment=payment,
            returned=reversed_,
            mistake=mistake,
            file=files.get(voucher.id),
            held_minor=held.get((voucher.money_account_code, voucher.fund_code), 0),
        )
        views.append(_view(work, known, people))
    return views


@dataclass(frozen=True, slots=True)
class _Known:
    voucher: Voucher
    approvals: Sequence[VoucherApproval]
    payment: JournalEntry | None
    returned: bool
    mistake: PaymentMistake | None
    file: str | None
    held_minor: int


def _view(work: Work, known: _Known, people: Mapping[int | None, int]) -> VoucherView:
    voucher, mistake = known.voucher, known.mistake
    herself, payee = people.get(work.actor.person_id), people[voucher.payee_person_id]
    signed = {people[one.person_id] for one in known.approvals} - {payee}
    state = voucher_state(
        approvals=len(signed),
        paid=known.payment is not None,
        withdrawn=voucher.withdrawn_at is not None,
        returned=known.returned,
        on_its_way=known.file is not None,
    )
    doubted = mistake is not None and mistake.agreed is None
    another = may_approve(work.actor) and herself not in {None, payee}
    counts = may_be_approved_by(herself, payee_person_id=payee, approved_by=signed)
    return VoucherView(
        voucher=voucher,
        approvals=known.approvals,
        hands=len(signed),
        payment=known.payment,
        mistake=mistake,
        file=known.file,
        state=state,
        held_minor=known.held_minor,
        may_approve=state is VoucherState.WAITING and may_approve(work.actor) and counts,
        may_pay=state is VoucherState.APPROVED and may_pay(work.actor),
        may_withdraw=state in _WITHDRAWABLE and known.file is None and may_withdraw(work.actor),
        may_say_mistake=state is VoucherState.PAID and another and not doubted,
        may_answer_mistake=doubted
        and another
        and mistake is not None
        and herself != people[mistake.said_by],
    )


def _doubted() -> ScalarSelect[int | None]:
    return (
        select(JournalEntry.voucher_id)
        .join(PaymentMistake, PaymentMistake.entry_id == JournalEntry.id)
        .where(PaymentMistake.agreed.is_(None))
        .scalar_subquery()
    )


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
        .order_by(JournalEntry.id)
    )
    return {payment.voucher_id: (payment, taken_back is not None) for payment, taken_back in rows}


def _held(session: Session, vouchers: Sequence[Voucher]) -> dict[tuple[str, str], int]:
    rows = session.execute(
        select(
            AccountBalance.account_code, AccountBalance.fund_code, AccountBalance.balance_minor
        ).where(AccountBalance.account_code.in_({one.money_account_code for one in vouchers}))
    )
    return {(account, fund): balance for account, fund, balance in rows}
