"""Gifts and other income at the office. Invariant: each has its receipt's number and its entry.

What came through the bank's statement is booked from its line; here is what was handed over, or
what one writes down before the statement comes (the line then finds it in the books).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from union.infra.audit import log
from union.infra.outbox import record_fact
from union.infra.people import Person, is_present
from union.infra.work import Work
from union.kernel.errors import NotAllowedError
from union.kernel.ids import new_ref
from union.ledger.errors import (
    AmountNotPositiveError,
    DayToComeError,
    OtherHandNeededError,
    WordsMissingError,
)
from union.ledger.models import Account, Donation, JournalEntry
from union.ledger.policy import may_approve, may_pay
from union.ledger.queries.donations import GIVER_PLACE, WORDS_PLACE, donation_by_ref
from union.ledger.rules.chart import AccountCode
from union.ledger.rules.entries import DONATION, EntryKind, NewEntry, Source, credit, debit
from union.ledger.services.posting import post_entry, reverse_entry


@dataclass(frozen=True, slots=True)
class NewDonation:
    """What was given (paise), into which fund and box; who gave it may stay unsaid.

    ``income_account`` says whether it is a gift or other income, which needs ``words``.
    """

    income_account: str
    fund: str
    money_account: str
    amount_minor: int
    given_on: date
    giver_person_id: int | None = None
    giver: str = ""
    words: str = ""


def take_donation(work: Work, new: NewDonation) -> Donation:
    """Write a gift or other income down, with the next receipt's number, and book it.

    NotAllowedError but for the treasurer, AmountNotPositiveError, DayToComeError,
    WordsMissingError for other income without words, PeriodClosedError.
    """
    if not may_pay(work.actor):
        raise NotAllowedError
    if new.amount_minor <= 0:
        raise AmountNotPositiveError
    if new.given_on > work.clock.today():
        raise DayToComeError
    if new.income_account != AccountCode.DONATIONS and not new.words.strip():
        raise WordsMissingError
    ref = new_ref()
    key_ref = _key(work, new)
    giver, words = new.giver.strip(), new.words.strip()
    made = Donation(
        ref=ref,
        income_account_code=new.income_account,
        money_account_code=new.money_account,
        fund_code=new.fund,
        amount_minor=new.amount_minor,
        given_on=new.given_on,
        giver_person_id=new.giver_person_id,
        key_ref=key_ref,
        giver=work.vault.encrypt(key_ref, GIVER_PLACE, ref, giver) if giver else None,
        words=work.vault.encrypt(key_ref, WORDS_PLACE, ref, words) if words else None,
        made_by=work.actor.person_id,
        made_at=work.clock.now(),
    )
    work.session.add(made)
    work.session.flush()
    post_entry(
        work,
        NewEntry(
            kind=EntryKind.RECEIPT,
            happened_on=new.given_on,
            source=Source(DONATION, made.id),
            legs=(
                debit(new.money_account, new.amount_minor, new.fund),
                credit(new.income_account, new.amount_minor, new.fund),
            ),
        ),
    )
    log(
        work,
        "donation_taken",
        object_type="donation",
        object_id=made.id,
        subject_person_id=new.giver_person_id,
    )
    return made


def take_back_donation(work: Work, ref: str) -> JournalEntry:
    """Take back what was written down by mistake; the receipt stays and says so. Safe to repeat.

    OtherHandNeededError for cash one took oneself. A line of the bank that stood for it
    waits again.
    """
    if not may_approve(work.actor):
        raise NotAllowedError
    given = donation_by_ref(work, ref).donation
    cash = work.session.get_one(Account, given.money_account_code).money_place == "cash"
    if cash and is_present(work, given.made_by):
        raise OtherHandNeededError
    entry = work.session.scalars(
        select(JournalEntry).where(
            JournalEntry.source_kind == DONATION, JournalEntry.source_id == given.id
        )
    ).one()
    log(work, "donation_taken_back", object_type="donation", object_id=given.id)
    back = reverse_entry(work, entry.id)
    if not cash:
        record_fact(work, "payment_taken_back", entry_id=entry.id)
    return back


def _key(work: Work, new: NewDonation) -> UUID:
    if new.giver_person_id is None:
        return work.vault.new_key()
    return work.session.get_one(Person, new.giver_person_id).key_ref
