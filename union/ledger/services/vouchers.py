"""Vouchers: prepared, approved by two who are not the payee, then paid once or withdrawn."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from union.infra.audit import log
from union.infra.outbox import record_fact
from union.infra.people import Person, whose
from union.infra.work import Work
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref
from union.ledger.errors import (
    AmountNotPositiveError,
    ApprovedTwiceError,
    PayeeApprovesError,
    PurposeRefusedError,
    SourceReusedError,
    VoucherChangedError,
    VoucherNotApprovedError,
    VoucherOnItsWayError,
    VoucherSettledError,
)
from union.ledger.models import (
    FundPurpose,
    JournalEntry,
    Voucher,
    VoucherApproval,
    VoucherText,
)
from union.ledger.models.vouchers import PaymentMistake
from union.ledger.policy import may_approve, may_pay, may_withdraw
from union.ledger.queries.hands import on_its_way, payment_that_stands
from union.ledger.rules.entries import (
    PAID_AGAIN,
    PAID_VOUCHER,
    EntryKind,
    NewEntry,
    Source,
    credit,
    debit,
)
from union.ledger.rules.papers import papers_hash
from union.ledger.rules.vouchers import NewVoucher, approvals_missing
from union.ledger.services.papers import ClosedPaper, lay_papers
from union.ledger.services.paying import ask_bill, payment_day
from union.ledger.services.posting import post_voucher_entry

TEXT_PLACE = "voucher_text.body"
SOURCE_LOCK = 3003


def prepare_voucher(work: Work, new: NewVoucher, papers: Sequence[ClosedPaper] = ()) -> Voucher:
    """Write a voucher for two people to look at; one live voucher for each source.

    What they sign covers its words and ``papers`` (under the payee's key) as well.

    The same content again is answered with the one that stands, other content for its source
    raises SourceReusedError. PurposeRefusedError if the fund may not bear it. Records the fact
    ``voucher_prepared``.
    """
    if new.amount_minor <= 0:
        raise AmountNotPositiveError
    if work.session.get(FundPurpose, (str(new.fund), str(new.spend_account))) is None:
        raise PurposeRefusedError
    _wait_for_turn(work, new.source)
    standing = _live_voucher(work, new.source)
    if standing is not None:
        return _same_content(standing, new)
    ref = new_ref()
    words = _close_words(work, ref, new)
    voucher = Voucher(
        ref=ref,
        fund_code=str(new.fund),
        money_account_code=str(new.money_account),
        spend_account_code=str(new.spend_account),
        payee_person_id=new.payee_person_id,
        amount_minor=new.amount_minor,
        source_kind=new.source.kind,
        source_id=new.source.id,
        prepared_by=work.actor.person_id,
        prepared_at=work.clock.now(),
        papers_hash=papers_hash(words, (paper.content_hash for paper in papers)),
        content_hash=b"",
    )
    work.session.add(voucher)
    work.session.flush()
    work.session.refresh(voucher)
    if words is not None:
        work.session.execute(
            insert(VoucherText).values(
                voucher_id=voucher.id, key_ref=_key_of(work, new), body=words
            )
        )
    lay_papers(work, "voucher", voucher.id, papers)
    record_fact(work, "voucher_prepared", voucher_id=voucher.id)
    return voucher


def approve_voucher(work: Work, voucher_ref: str, seen_hash: bytes) -> Voucher:
    """The present person's yes to what she saw (``seen_hash``: its content hash then).

    NotAllowedError without the office to do so, PayeeApprovesError, ApprovedTwiceError,
    VoucherChangedError, VoucherSettledError. The second approval records ``voucher_approved``.
    """
    if not may_approve(work.actor):
        raise NotAllowedError
    voucher = _locked(work, voucher_ref)
    signed = work.session.scalars(
        select(VoucherApproval.person_id).where(VoucherApproval.voucher_id == voucher.id)
    ).all()
    people = whose(work.session, {*signed, voucher.payee_person_id, work.actor.person_id})
    payee, herself = people[voucher.payee_person_id], people.get(work.actor.person_id)
    approved_by = {people[one] for one in signed} - {payee}
    if herself == payee:
        raise PayeeApprovesError(voucher_id=voucher.id)
    if herself in approved_by:
        raise ApprovedTwiceError(voucher_id=voucher.id)
    if seen_hash != voucher.content_hash:
        raise VoucherChangedError(voucher_id=voucher.id)
    work.session.execute(
        insert(VoucherApproval).values(
            voucher_id=voucher.id,
            person_id=work.actor.person_id,
            payee_person_id=voucher.payee_person_id,
            content_hash=seen_hash,
            approved_at=work.clock.now(),
        )
    )
    log(work, "voucher_approved", object_type="voucher", object_id=voucher.id)
    if approvals_missing(len(approved_by)) == 1:
        record_fact(work, "voucher_approved", voucher_id=voucher.id)
    return voucher


def pay_voucher(
    work: Work, voucher_ref: str, paid_on: date | None = None, *, by_line: bool = False
) -> JournalEntry:
    """Post the payment of an approved voucher and record the fact ``voucher_paid``.

    ``paid_on`` is the day the money was handed over, today if left out (a difference given up:
    a day of its own month, or GivenUpElsewhenError); ``by_line``: the bank's own line shows it,
    to which the caller links the entry. Paying it again is answered with the
    entry that stands. NotAllowedError but for the treasurer; VoucherNotApprovedError until two
    people have approved; VoucherOnItsWayError by hand while a file at the bank holds it;
    BillNotOwedError for a bill that its fund does not owe.
    """
    if not may_pay(work.actor):
        raise NotAllowedError
    voucher = _locked(work, voucher_ref, paid_too=True)
    paid = payment_that_stands(work.session, voucher.id)
    if paid is not None:
        return paid
    if not by_line and on_its_way(work.session, [voucher.id]):
        raise VoucherOnItsWayError(voucher_id=voucher.id)
    ask_bill(work, voucher)
    entry = NewEntry(
        kind=EntryKind.PAYMENT,
        happened_on=payment_day(work, voucher, paid_on),
        source=_source_of_payment(work, voucher.id),
        legs=(
            debit(voucher.spend_account_code, voucher.amount_minor, voucher.fund_code),
            credit(voucher.money_account_code, voucher.amount_minor, voucher.fund_code),
        ),
    )
    try:
        posted = post_voucher_entry(work, entry, voucher.id)
    except IntegrityError as error:
        _raise_if_unapproved(error, voucher.id)
        raise
    log(work, "voucher_paid", object_type="voucher", object_id=voucher.id)
    record_fact(work, "voucher_paid", voucher_id=voucher.id, entry_id=posted.id)
    return posted


def withdraw_voucher(work: Work, voucher_ref: str) -> Voucher:
    """Take back a voucher that was not paid; its source may then have another.

    One whose payment was reversed counts as not paid. Records the fact ``voucher_withdrawn``.
    VoucherSettledError once paid or withdrawn, VoucherOnItsWayError while the bank may pay it.
    """
    if not may_withdraw(work.actor):
        raise NotAllowedError
    voucher = _locked(work, voucher_ref)
    if on_its_way(work.session, [voucher.id]):
        raise VoucherOnItsWayError(voucher_id=voucher.id)
    voucher.withdrawn_at = work.clock.now()
    voucher.withdrawn_by = work.actor.person_id
    work.session.flush()
    log(work, "voucher_withdrawn", object_type="voucher", object_id=voucher.id)
    record_fact(work, "voucher_withdrawn", voucher_id=voucher.id)
    return voucher


def _wait_for_turn(work: Work, source: Source) -> None:
    number = func.hashtext(f"{source.kind} {source.id}")
    work.session.execute(select(func.pg_advisory_xact_lock(SOURCE_LOCK, number)))


def _live_voucher(work: Work, source: Source) -> Voucher | None:
    return work.session.scalars(
        select(Voucher).where(
            Voucher.source_kind == source.kind,
            Voucher.source_id == source.id,
            Voucher.withdrawn_at.is_(None),
        )
    ).one_or_none()


def _same_content(standing: Voucher, new: NewVoucher) -> Voucher:
    held = (
        standing.fund_code,
        standing.money_account_code,
        standing.spend_account_code,
        standing.payee_person_id,
        standing.amount_minor,
    )
    asked = (
        str(new.fund),
        str(new.money_account),
        str(new.spend_account),
        new.payee_person_id,
        new.amount_minor,
    )
    if held != asked:
        raise SourceReusedError(voucher_id=standing.id)
    return standing


def _close_words(work: Work, ref: str, new: NewVoucher) -> bytes | None:
    if not new.note:
        return None
    return work.vault.encrypt(_key_of(work, new), TEXT_PLACE, ref, new.note)


def _key_of(work: Work, new: NewVoucher) -> UUID:
    return work.session.get_one(Person, new.payee_person_id).key_ref


def _locked(work: Work, voucher_ref: str, *, paid_too: bool = False) -> Voucher:
    voucher = work.session.scalars(
        select(Voucher)
        .where(Voucher.ref == voucher_ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()
    if voucher is None:
        raise NotFoundError
    stands = payment_that_stands(work.session, voucher.id) is not None
    if voucher.withdrawn_at is not None or (stands and not paid_too):
        raise VoucherSettledError(voucher_id=voucher.id)
    return voucher


def _source_of_payment(work: Work, voucher_id: int) -> Source:
    """The voucher itself; after a mistake that two people took back, what took it back."""
    reversal = aliased(JournalEntry)
    before = work.session.execute(
        select(reversal.id, PaymentMistake.id)
        .select_from(JournalEntry)
        .join(reversal, reversal.reverses_id == JournalEntry.id)
        .outerjoin(
            PaymentMistake,
            (PaymentMistake.entry_id == JournalEntry.id) & PaymentMistake.agreed.is_(True),
        )
        .where(JournalEntry.voucher_id == voucher_id)
        .order_by(JournalEntry.id.desc())
    ).first()
    if before is None:
        return Source(PAID_VOUCHER, voucher_id)
    if before[1] is None:
        raise VoucherSettledError(voucher_id=voucher_id)
    return Source(PAID_AGAIN, before[0])


def _raise_if_unapproved(error: IntegrityError, voucher_id: int) -> None:
    diag = getattr(error.orig, "diag", None)
    if getattr(diag, "constraint_name", None) == "ledger_m6_two_approvals":
        raise VoucherNotApprovedError(voucher_id=voucher_id) from error
