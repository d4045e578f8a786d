"""Floats for the night: bounded, given by voucher, told with papers, taken by somebody else.

Invariant: a holder never has more than her limit; what she spent leaves her float only once
another has taken her papers; nobody sets or settles her own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import IO

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from union.infra.audit import log
from union.infra.people import is_present
from union.infra.work import Work
from union.kernel.errors import NotAllowedError, NotFoundError
from union.kernel.ids import new_ref
from union.ledger.errors import (
    AmountNotPositiveError,
    FloatLimitError,
    FloatOverspentError,
    OwnFloatError,
    PapersMissingError,
    SettledAlreadyError,
    WordsMissingError,
)
from union.ledger.models import (
    SPENDING_NUMBER,
    FloatAccount,
    FloatAnswer,
    FloatSettlement,
    JournalEntry,
    Voucher,
)
from union.ledger.policy import may_pay, may_read_care
from union.ledger.queries.floats import FloatView, float_by_ref
from union.ledger.rules.entries import (
    FLOAT_SETTLEMENT,
    EntryKind,
    NewEntry,
    Source,
    credit,
    debit,
)
from union.ledger.services.papers import close_papers, lay_papers
from union.ledger.services.posting import post_entry
from union.ledger.services.spending import NewSpending, write_voucher

WORDS_PLACE = "float_settlement.words"
RETURNED = "float_return"
FLOAT_LOCK = 3004


@dataclass(frozen=True, slots=True)
class NewSettlement:
    """What a holder tells she spent."""

    amount_minor: int
    spent_on: date
    words: str
    papers: Sequence[IO[bytes]] = ()


def set_float(work: Work, holder_person_id: int, purpose: str, limit_minor: int) -> str:
    """Open somebody's float for a purpose, or change its limit; returns its account.

    NotAllowedError but for the treasurer, OwnFloatError for her own, FloatLimitError above what
    the purpose allows.
    """
    if not may_pay(work.actor):
        raise NotAllowedError
    _not_her_own(work, holder_person_id)
    call = func.ledger_set_float(
        new_ref(), holder_person_id, purpose, limit_minor, work.actor.person_id, work.clock.now()
    )
    try:
        code = str(work.session.scalar(select(call)))
    except IntegrityError as error:
        raise FloatLimitError from error
    log(work, "float_limit_set", object_type="person", object_id=holder_person_id)
    return code


def give_float(
    work: Work, float_ref: str, amount_minor: int, money_account: str, words: str
) -> Voucher:
    """Write the voucher by which a float is filled; two sign it, and neither is the holder.

    OwnFloatError, FloatLimitError if she would then hold more than her limit, and what
    ``write_voucher`` raises.
    """
    held = float_by_ref(work, float_ref)
    _not_her_own(work, held.account.holder_person_id)
    if amount_minor > held.room_minor:
        raise FloatLimitError(most=max(held.room_minor, 0))
    return write_voucher(
        work,
        NewSpending(
            payee_person_id=held.account.holder_person_id,
            fund=held.purpose.fund_code,
            money_account=money_account,
            spend_account=held.account.account_code,
            amount_minor=amount_minor,
            words=words,
        ),
    )


def tell_spent(work: Work, float_ref: str, new: NewSettlement) -> FloatSettlement:
    """What the holder spent, with her papers, for somebody else to look at.

    NotAllowedError for another's float, AmountNotPositiveError, WordsMissingError,
    FloatOverspentError, PapersMissingError where the purpose asks for a paper.
    """
    held = _locked(work, float_ref)
    if not is_present(work, held.account.holder_person_id):
        raise NotAllowedError
    if new.amount_minor <= 0:
        raise AmountNotPositiveError
    if not new.words.strip():
        raise WordsMissingError
    if new.amount_minor > held.held_minor - held.told_minor:
        raise FloatOverspentError(most=held.held_minor - held.told_minor)
    key_ref, ref = work.vault.new_key(), new_ref()
    papers = close_papers(work, key_ref, new.papers)
    if held.purpose.needs_paper and not papers:
        raise PapersMissingError
    settlement = FloatSettlement(
        ref=ref,
        account_code=held.account.account_code,
        amount_minor=new.amount_minor,
        spent_on=new.spent_on,
        key_ref=key_ref,
        words=work.vault.encrypt(key_ref, WORDS_PLACE, ref, new.words.strip()),
        told_by=work.actor.person_id,
        told_at=work.clock.now(),
    )
    work.session.add(settlement)
    work.session.flush()
    lay_papers(work, "settlement", settlement.id, papers)
    log(work, "float_told", object_type="float_settlement", object_id=settlement.id)
    return settlement


def answer_settlement(work: Work, ref: str, *, accepted: bool) -> JournalEntry | None:
    """Take her papers, which books what she spent, or send them back; once.

    NotAllowedError for who may not read them, OwnFloatError, SettledAlreadyError.
    """
    if not may_read_care(work.actor):
        raise NotAllowedError
    told = work.session.scalars(
        select(FloatSettlement).where(FloatSettlement.ref == ref)
    ).one_or_none()
    if told is None:
        raise NotFoundError
    account = work.session.get_one(FloatAccount, told.account_code)
    held = _locked(work, account.ref)
    _not_her_own(work, told.told_by)
    _not_her_own(work, account.holder_person_id)
    if work.session.get(FloatAnswer, told.id) is not None:
        raise SettledAlreadyError
    work.session.execute(
        insert(FloatAnswer).values(
            settlement_id=told.id,
            told_by=told.told_by,
            accepted=accepted,
            answered_by=work.actor.person_id,
            answered_at=work.clock.now(),
        )
    )
    log(work, "float_answered", object_type="float_settlement", object_id=told.id)
    return _book(work, held, told) if accepted else None


def take_back_float(
    work: Work, float_ref: str, amount_minor: int, money_account: str
) -> JournalEntry:
    """Money she did not need comes back into one of our own accounts.

    NotAllowedError but for the treasurer, OwnFloatError, FloatOverspentError for more than she
    holds and has not told as spent.
    """
    if not may_pay(work.actor):
        raise NotAllowedError
    held = _locked(work, float_ref)
    _not_her_own(work, held.account.holder_person_id)
    if amount_minor <= 0:
        raise AmountNotPositiveError
    if amount_minor > held.held_minor - held.told_minor:
        raise FloatOverspentError(most=held.held_minor - held.told_minor)
    number = int(work.session.scalar(SPENDING_NUMBER) or 0)
    fund = held.purpose.fund_code
    return post_entry(
        work,
        NewEntry(
            kind=EntryKind.TRANSFER,
            happened_on=work.clock.today(),
            source=Source(RETURNED, number),
            legs=(
                debit(money_account, amount_minor, fund),
                credit(held.account.account_code, amount_minor, fund),
            ),
        ),
    )


def _book(work: Work, held: FloatView, told: FloatSettlement) -> JournalEntry:
    fund = held.purpose.fund_code
    return post_entry(
        work,
        NewEntry(
            kind=EntryKind.FLOAT_SPENT,
            happened_on=told.spent_on,
            source=Source(FLOAT_SETTLEMENT, told.id),
            legs=(
                debit(held.purpose.spend_account_code, told.amount_minor, fund),
                credit(told.account_code, told.amount_minor, fund),
            ),
        ),
    )


def _not_her_own(work: Work, person_id: int) -> None:
    if is_present(work, person_id):
        raise OwnFloatError


def _locked(work: Work, float_ref: str) -> FloatView:
    """The float as it stands, with nobody else at it."""
    number = func.hashtext(float_ref)
    work.session.execute(select(func.pg_advisory_xact_lock(FLOAT_LOCK, number)))
    return float_by_ref(work, float_ref)
