"""What was decided about moving money between funds, and where each decision stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from union.infra.keystore import KeyGoneError
from union.infra.people import one_person, whose
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.kernel.periods import Month
from union.ledger.models import AccountBalance, InterFundAnswer, InterFundTransfer, JournalEntry
from union.ledger.policy import may_approve, may_read_words
from union.ledger.rules.entries import INTER_FUND_TRANSFER

WORDS_PLACE = "inter_fund_transfer.words"
SHOWN = 60


@dataclass(frozen=True, slots=True)
class TransferView:
    """One decision: its answer, its entry, whether it was taken back, and what the reader may.

    ``words`` is None for who may not read them.
    """

    transfer: InterFundTransfer
    answer: InterFundAnswer | None
    entry: JournalEntry | None
    taken_back: bool
    words: str | None
    may_answer: bool
    may_be_taken_back: bool


def transfers(work: Work) -> Sequence[TransferView]:
    """The latest decisions, newest first."""
    return _views(work)


def transfer_by_ref(work: Work, ref: str) -> TransferView:
    """One decision; NotFoundError."""
    found = _views(work, ref)
    if not found:
        raise NotFoundError
    return found[0]


def held_in(session: Session, account: str, fund: str) -> int:
    """What an account holds of one fund, in paise."""
    held = select(func.coalesce(func.sum(AccountBalance.balance_minor), 0)).where(
        AccountBalance.account_code == account, AccountBalance.fund_code == fund
    )
    return int(session.scalar(held) or 0)


def transfers_to_answer(session: Session, person_id: int) -> int:
    """How many decisions wait for a second hand, and could have this person's."""
    answered = select(InterFundAnswer.transfer_id)
    query = (
        select(func.count(InterFundTransfer.id))
        .where(InterFundTransfer.id.not_in(answered))
        .where(one_person(InterFundTransfer.proposed_by) != one_person(person_id))
    )
    return session.scalar(query) or 0


def _views(work: Work, ref: str | None = None) -> list[TransferView]:
    back = aliased(JournalEntry)
    query = (
        select(InterFundTransfer, InterFundAnswer, JournalEntry, back.id)
        .outerjoin(InterFundAnswer, InterFundAnswer.transfer_id == InterFundTransfer.id)
        .outerjoin(
            JournalEntry,
            (JournalEntry.source_kind == INTER_FUND_TRANSFER)
            & (JournalEntry.source_id == InterFundTransfer.id),
        )
        .outerjoin(back, back.reverses_id == JournalEntry.id)
        .order_by(InterFundTransfer.id.desc())
        .limit(SHOWN)
    )
    if ref is not None:
        query = query.where(InterFundTransfer.ref == ref)
    rows = work.session.execute(query).all()
    people = whose(work.session, {work.actor.person_id, *(row[0].proposed_by for row in rows)})
    herself = people.get(work.actor.person_id)
    return [_view(work, *row, hers=people.get(row[0].proposed_by) == herself) for row in rows]


def _view(
    work: Work,
    asked: InterFundTransfer,
    answer: InterFundAnswer | None,
    entry: JournalEntry | None,
    back: int | None,
    *,
    hers: bool,
) -> TransferView:
    signs = may_approve(work.actor)
    this_month = entry is not None and Month.of(entry.posted_on) == Month.of(work.clock.today())
    return TransferView(
        transfer=asked,
        answer=answer,
        entry=entry,
        taken_back=back is not None,
        words=_words(work, asked) if may_read_words(work.actor) else None,
        may_answer=signs and answer is None and not hers,
        may_be_taken_back=signs and this_month and back is None,
    )


def _words(work: Work, asked: InterFundTransfer) -> str:
    try:
        return work.vault.decrypt(asked.key_ref, WORDS_PLACE, asked.ref, asked.words)
    except KeyGoneError:
        return ""
