"""Books, entries and vouchers for tests, with sound defaults."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from itertools import count

from sqlalchemy import select

from union.infra.people import new_person
from union.infra.work import Work
from union.kernel.actor import Actor, Grant, Role
from union.kernel.periods import Month
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
from union.ledger.services import (
    answer_mistake,
    approve_voucher,
    open_books,
    post_entry,
    prepare_voucher,
    say_mistake,
)

_numbers = count(1)


def make_books(work: Work, starting: Month | None = None) -> Month:
    """Open books, from April 2026 unless told otherwise."""
    return open_books(work, starting)


def make_receipt(
    work: Work,
    amount_minor: int = 50000,
    account: str = AccountCode.BANK,
    fund: str = FundCode.GENERAL,
    **fields,
) -> JournalEntry:
    """Money that came in as a gift, so that there is some to spend."""
    entry = NewEntry(
        kind=EntryKind.RECEIPT,
        happened_on=work.clock.today(),
        source=Source("test_receipt", next(_numbers)),
        legs=(
            debit(account, amount_minor, fund),
            credit(AccountCode.DONATIONS, amount_minor, fund),
        ),
    )
    return post_entry(work, replace(entry, **fields))


def make_person_as(work: Work, *roles: Role) -> Actor:
    """A new person holding these roles everywhere."""
    return Actor(new_person(work).id, None, frozenset(Grant(role) for role in roles))


@contextmanager
def acting_as(work: Work, actor: Actor):
    """Let somebody else act for a while."""
    before, work.actor = work.actor, actor
    try:
        yield work
    finally:
        work.actor = before


def make_voucher(work: Work, payee_person_id: int | None = None, **fields) -> Voucher:
    """A voucher for ₹500 of sickness help from the welfare fund, paid from the bank."""
    voucher = NewVoucher(
        fund=FundCode.WELFARE,
        money_account=AccountCode.BANK,
        spend_account=AccountCode.WELFARE_PAYMENTS,
        payee_person_id=payee_person_id or new_person(work).id,
        amount_minor=50000,
        source=Source("test_claim", next(_numbers)),
    )
    return prepare_voucher(work, replace(voucher, **fields))


def make_approved_voucher(work: Work, **fields) -> Voucher:
    """A voucher that a treasurer and a signatory have approved."""
    voucher = make_voucher(work, **fields)
    for role in (Role.TREASURER, Role.SIGNATORY):
        with acting_as(work, make_person_as(work, role)):
            approve_voucher(work, voucher.ref, voucher.content_hash)
    return voucher


def make_mistake(work: Work, payment: JournalEntry) -> JournalEntry:
    """Take a voucher's payment back as booked by mistake, by two people's word."""
    voucher = work.session.get_one(Voucher, payment.voucher_id)
    with acting_as(work, make_person_as(work, Role.TREASURER)):
        said = say_mistake(work, voucher.ref, "it was another bill")
    with acting_as(work, make_person_as(work, Role.SIGNATORY)):
        answer_mistake(work, said.ref, agreed=True)
    return work.session.scalars(
        select(JournalEntry).where(JournalEntry.reverses_id == payment.id)
    ).one()
