"""Money moved between funds. Invariant: out of a free fund only, and by two different people.

One writes down what was decided and where; another of those who sign agrees, which books it, or
does not. A mistake is taken back the same way while its month is open; later it stands.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from union.infra.audit import log
from union.infra.people import is_present
from union.infra.work import Work
from union.kernel.errors import NotAllowedError
from union.kernel.ids import new_ref
from union.kernel.periods import Month
from union.ledger.errors import (
    AmountNotPositiveError,
    AnsweredAlreadyError,
    DayToComeError,
    FundRestrictedError,
    FundShortError,
    OwnProposalError,
    SameFundError,
    TransferStandsError,
    WordsMissingError,
)
from union.ledger.models import Fund, InterFundAnswer, InterFundTransfer, JournalEntry
from union.ledger.policy import may_approve
from union.ledger.queries.inter_fund import WORDS_PLACE, held_in, transfer_by_ref
from union.ledger.rules.chart import AccountCode
from union.ledger.rules.entries import (
    INTER_FUND_TRANSFER,
    EntryKind,
    NewEntry,
    Source,
    credit,
    debit,
)
from union.ledger.services.posting import post_entry, reverse_entry

_TRANSFER_LOCK = 3006


@dataclass(frozen=True, slots=True)
class NewTransfer:
    """So much (paise) from one fund into another, in one of our accounts, as it was decided."""

    from_fund: str
    to_fund: str
    money_account: str
    amount_minor: int
    decided_on: date
    words: str


def propose_transfer(work: Work, new: NewTransfer) -> InterFundTransfer:
    """Write down what was decided, for somebody else to agree to; nothing is booked yet.

    NotAllowedError but for those who sign, SameFundError, FundRestrictedError out of a fund with
    a purpose, FundShortError for more than it has there, AmountNotPositiveError,
    WordsMissingError, DayToComeError.
    """
    if not may_approve(work.actor):
        raise NotAllowedError
    if new.amount_minor <= 0:
        raise AmountNotPositiveError
    if not new.words.strip():
        raise WordsMissingError
    if new.decided_on > work.clock.today():
        raise DayToComeError
    if new.from_fund == new.to_fund:
        raise SameFundError
    if work.session.get_one(Fund, new.from_fund).restricted:
        raise FundRestrictedError
    _ask_held(work, new.money_account, new.from_fund, new.amount_minor)
    return _propose(work, new, None)


def propose_back(work: Work, ref: str, words: str) -> InterFundTransfer:
    """Write down that a move was a mistake, for somebody else to agree to.

    NotAllowedError, WordsMissingError; TransferStandsError unless it was booked this month and
    not taken back.
    """
    if not may_approve(work.actor):
        raise NotAllowedError
    if not words.strip():
        raise WordsMissingError
    view = transfer_by_ref(work, ref)
    if not view.may_be_taken_back:
        raise TransferStandsError
    moved = view.transfer
    new = NewTransfer(
        from_fund=moved.to_fund,
        to_fund=moved.from_fund,
        money_account=moved.money_account_code,
        amount_minor=moved.amount_minor,
        decided_on=work.clock.today(),
        words=words,
    )
    return _propose(work, new, moved.id)


def answer_transfer(work: Work, ref: str, *, agreed: bool) -> JournalEntry | None:
    """The second hand: agree, which books it, or not; once.

    NotAllowedError, OwnProposalError, AnsweredAlreadyError, FundShortError if the fund has it no
    more, TransferStandsError if what is to be taken back stands by now.
    """
    if not may_approve(work.actor):
        raise NotAllowedError
    work.session.execute(select(func.pg_advisory_xact_lock(_TRANSFER_LOCK, func.hashtext(ref))))
    view = transfer_by_ref(work, ref)
    asked = view.transfer
    present = work.actor.person_id
    if present is None or is_present(work, asked.proposed_by):
        raise OwnProposalError
    if view.answer is not None:
        raise AnsweredAlreadyError
    work.session.add(
        InterFundAnswer(
            transfer_id=asked.id,
            agreed=agreed,
            answered_by=present,
            answered_at=work.clock.now(),
        )
    )
    work.session.flush()
    log(work, "inter_fund_answered", object_type="inter_fund_transfer", object_id=asked.id)
    if not agreed:
        return None
    return _book(work, asked) if asked.takes_back_id is None else _take_back(work, asked)


def _propose(work: Work, new: NewTransfer, takes_back_id: int | None) -> InterFundTransfer:
    ref, key_ref = new_ref(), work.vault.new_key()
    made = InterFundTransfer(
        ref=ref,
        from_fund=new.from_fund,
        to_fund=new.to_fund,
        money_account_code=new.money_account,
        amount_minor=new.amount_minor,
        decided_on=new.decided_on,
        key_ref=key_ref,
        words=work.vault.encrypt(key_ref, WORDS_PLACE, ref, new.words.strip()),
        takes_back_id=takes_back_id,
        proposed_by=work.actor.person_id,
        proposed_at=work.clock.now(),
    )
    work.session.add(made)
    work.session.flush()
    log(work, "inter_fund_proposed", object_type="inter_fund_transfer", object_id=made.id)
    return made


def _book(work: Work, asked: InterFundTransfer) -> JournalEntry:
    box, amount = asked.money_account_code, asked.amount_minor
    _ask_held(work, box, asked.from_fund, amount)
    return post_entry(
        work,
        NewEntry(
            kind=EntryKind.FUND_TRANSFER,
            happened_on=work.clock.today(),
            source=Source(INTER_FUND_TRANSFER, asked.id),
            legs=(
                credit(box, amount, asked.from_fund),
                debit(AccountCode.FUND_TRANSFERS, amount, asked.from_fund),
                debit(box, amount, asked.to_fund),
                credit(AccountCode.FUND_TRANSFERS, amount, asked.to_fund),
            ),
        ),
    )


def _take_back(work: Work, asked: InterFundTransfer) -> JournalEntry:
    entry = work.session.scalars(
        select(JournalEntry).where(
            JournalEntry.source_kind == INTER_FUND_TRANSFER,
            JournalEntry.source_id == asked.takes_back_id,
        )
    ).one()
    taken = select(JournalEntry.id).where(JournalEntry.reverses_id == entry.id)
    this_month = Month.of(entry.posted_on) == Month.of(work.clock.today())
    if not this_month or work.session.scalar(taken) is not None:
        raise TransferStandsError
    _ask_held(work, asked.money_account_code, asked.from_fund, asked.amount_minor)
    return reverse_entry(work, entry.id)


def _ask_held(work: Work, account: str, fund: str, amount_minor: int) -> None:
    held = held_in(work.session, account, fund)
    if amount_minor > held:
        raise FundShortError(most=max(held, 0))
