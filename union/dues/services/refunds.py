"""Credit given back. Invariant: it leaves her credit when asked for and the house by a voucher.

Between the two it stands among the bills to pay, so that it can be neither used nor asked for
twice; a voucher that is withdrawn puts it back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from union.dues.errors import NoSuchCreditError, OwnFavourError, PayerGoneError
from union.dues.models import CreditMovement, MemberCredit, Refund
from union.dues.services.credits import CreditMove, move_credit, use_credit
from union.dues.services.locks import PERSON_LOCK, hold
from union.infra import audit
from union.infra.people import is_present
from union.infra.work import Work
from union.kernel.ids import new_ref
from union.ledger.models import JournalEntry, Voucher
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
from union.ledger.services import post_entry, prepare_voucher, reverse_entry
from union.members.queries import kept_entry

REFUND_SOURCE = "dues_refund"
CREDIT_SOURCE = "dues_refund_credit"


@dataclass(frozen=True, slots=True)
class GiveCreditBack:
    """So much of a member's credit, in paise, out of the desk's cash or the bank."""

    person_id: int
    amount_minor: int
    money_account: str = AccountCode.BANK


def give_credit_back(work: Work, asked: GiveCreditBack) -> Voucher:
    """Take it from her credit and write the voucher two people are to approve.

    NoSuchCreditError if she has not so much ahead. PayerGoneError if she has died: what was hers
    is her nominee's, which is not decided at the desk. OwnFavourError for one's own credit.
    """
    if is_present(work, asked.person_id):
        raise OwnFavourError
    hold(work, PERSON_LOCK, asked.person_id)
    member = kept_entry(work.session, asked.person_id)
    if member is None or member.status == "died":
        raise PayerGoneError
    held = work.session.scalar(
        select(MemberCredit.balance_minor).where(MemberCredit.person_id == asked.person_id)
    )
    if not 0 < asked.amount_minor <= (held or 0):
        raise NoSuchCreditError
    refund = Refund(
        ref=new_ref(),
        person_id=asked.person_id,
        amount_minor=asked.amount_minor,
        made_at=work.clock.now(),
        made_by=work.actor.person_id,
    )
    work.session.add(refund)
    work.session.flush()
    move = CreditMove(asked.person_id, -asked.amount_minor, "refunded", refund_id=refund.id)
    move_credit(work, [move])
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.ADJUSTMENT,
            happened_on=work.clock.today(),
            source=Source(REFUND_SOURCE, refund.id),
            legs=(
                debit(AccountCode.MEMBER_CREDIT, asked.amount_minor),
                credit(AccountCode.PAYABLES, asked.amount_minor),
            ),
        ),
    )
    audit.log(
        work,
        "dues_credit_given_back",
        object_type="dues_refund",
        object_id=refund.id,
        subject_person_id=asked.person_id,
    )
    return prepare_voucher(
        work,
        NewVoucher(
            fund=FundCode.GENERAL,
            money_account=asked.money_account,
            spend_account=AccountCode.PAYABLES,
            payee_person_id=asked.person_id,
            amount_minor=asked.amount_minor,
            source=Source(REFUND_SOURCE, refund.id),
        ),
    )


def keep_refund(work: Work, facts: Mapping[str, Any]) -> None:
    """Her credit comes back when the voucher of a refund was withdrawn; may be told twice."""
    voucher = work.session.get_one(Voucher, facts["voucher_id"])
    if voucher.source_kind != REFUND_SOURCE:
        return
    refund = work.session.get_one(Refund, voucher.source_id)
    hold(work, PERSON_LOCK, refund.person_id)
    back = select(CreditMovement.id).where(
        CreditMovement.refund_id == refund.id, CreditMovement.kind == "refund_back"
    )
    if work.session.scalar(back) is not None:
        return
    entry_id = work.session.scalar(
        select(JournalEntry.id).where(
            JournalEntry.source_kind == REFUND_SOURCE, JournalEntry.source_id == refund.id
        )
    )
    move = CreditMove(refund.person_id, refund.amount_minor, "refund_back", refund_id=refund.id)
    move_credit(work, [move])
    reverse_entry(work, entry_id or 0)
    use_credit(work, [refund.person_id], Source(CREDIT_SOURCE, refund.id))
