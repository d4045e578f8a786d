"""Gathering what lines may be about: people, entries, vouchers, files and cash, in a few reads."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from union.bank.models import BankAccount, BankDecision, BankLine, BankPayCode
from union.bank.queries.hands import ceiling_now, taken_back
from union.bank.queries.lines import LineView
from union.bank.queries.out import open_batches, open_vouchers, sent_items
from union.bank.queries.tables import LINE_NOW, not_linked, not_taken_back
from union.bank.rules.kinds import Kind
from union.bank.rules.known import BookEntry, Known, LineFacts, Payer
from union.bank.rules.tokens import read_tokens
from union.dues.models import HandOver, Payment
from union.dues.queries.accounts import kept_ids, owed_by
from union.dues.queries.rounds import known_members
from union.infra.work import Work
from union.ledger.models import AccountBalance, JournalEntry, JournalLeg, Voucher
from union.ledger.rules import AccountCode, EntryKind
from union.members.models import Member, MemberFee
from union.members.queries import persons_with_phone

_LONGEST_CHEQUE = timedelta(days=45)
_LATELY = timedelta(days=31)


def facts_of(view: LineView) -> LineFacts:
    """A line as the rules judge it."""
    words = view.words
    tokens = read_tokens(words.narration, words.counterparty)
    return LineFacts(
        amount_minor=view.line.amount_minor,
        booked_on=view.line.booked_on,
        text=f"{words.narration} {words.counterparty or ''}".strip(),
        cards=tokens.cards,
        phones=tokens.phones,
        codes=tokens.codes,
        payer_index=view.line.payer_index,
    )


def gather(work: Work, account: BankAccount, lines: Collection[LineFacts]) -> Known:
    """Everything these lines may be about."""
    session = work.session
    members = known_members(session, {card for one in lines for card in one.cards})
    by_card = {card: member.person_id for card, member in members.items()}
    phones = {phone for one in lines for phone in one.phones}
    by_phone = {phone: tuple(persons_with_phone(work, phone)) for phone in sorted(phones)}
    by_code = _codes(session, {code for one in lines for code in one.codes})
    by_payer = _history(session, {one.payer_index for one in lines if one.payer_index})
    people = {
        *by_card.values(),
        *(person for found in by_phone.values() for person in found),
        *by_code.values(),
        *(person for found in by_payer.values() for person in found),
    }
    return Known(
        payers=payers(session, people),
        by_card=by_card,
        by_phone=by_phone,
        by_code=by_code,
        by_payer=by_payer,
        entries=book_entries(session, account, lines),
        vouchers=open_vouchers(session, account),
        paid_out=paid_out(session, account, lines),
        items=sent_items(session, account),
        batches=open_batches(session, account),
        desk_minor=_holds(session, AccountCode.CASH_AT_DESK),
        handed_over=_handed_over(session, lines),
        provider_minor=_holds(session, AccountCode.CARD_PROVIDER),
        taken_back=taken_back(session, max((one.booked_on for one in lines), default=date.min)),
        ceiling=ceiling_now(session),
    )


def payers(session: Session, person_ids: Collection[int]) -> dict[int, Payer]:
    """Members as payers: whether active, what is due and the fee she agreed."""
    owed = owed_by(session, person_ids)
    fees = {
        row.person_id: row.fee_minor
        for row in session.execute(
            select(MemberFee.person_id, MemberFee.fee_minor)
            .where(MemberFee.person_id.in_(person_ids))
            .ext(distinct_on(MemberFee.person_id))
            .order_by(MemberFee.person_id, MemberFee.from_on.desc())
        )
    }
    rows = session.execute(
        select(Member.person_id, Member.status).where(Member.person_id.in_(person_ids))
    )
    return {
        person_id: Payer(
            person_id, status == "active", owed.get(person_id, 0), fees.get(person_id, 0)
        )
        for person_id, status in rows
    }


def book_entries(
    session: Session, account: BankAccount, lines: Collection[LineFacts]
) -> list[BookEntry]:
    """Entries on the account that no line is linked to, of amounts that these lines have."""
    if not lines:
        return []
    amount = func.sum(JournalLeg.amount_minor)
    rows = session.execute(
        select(JournalEntry, amount)
        .join(JournalLeg, JournalLeg.entry_id == JournalEntry.id)
        .where(
            JournalLeg.account_code == account.account_code,
            JournalEntry.posted_on >= min(one.booked_on for one in lines) - _LONGEST_CHEQUE,
            JournalEntry.kind.not_in((EntryKind.REVERSAL, EntryKind.OPENING)),
            not_linked(),
            not_taken_back(),
        )
        .group_by(JournalEntry.id)
        .having(amount.in_({one.amount_minor for one in lines}))
        .order_by(JournalEntry.posted_on, JournalEntry.id)
    ).all()
    whose = _whose(session, [entry for entry, _ in rows])
    return [
        BookEntry(
            entry.id,
            int(total),
            entry.posted_on,
            whose.get(entry.id),
            voucher=entry.voucher_id is not None,
        )
        for entry, total in rows
    ]


def paid_out(
    session: Session, account: BankAccount, lines: Collection[LineFacts]
) -> list[BookEntry]:
    """Vouchers' payments that stand, of sums that came back among these lines."""
    came = {one.amount_minor: one.booked_on for one in lines if one.amount_minor > 0}
    if not came:
        return []
    rows = session.execute(
        select(JournalEntry.id, Voucher.amount_minor, JournalEntry.posted_on, Voucher)
        .join(Voucher, Voucher.id == JournalEntry.voucher_id)
        .where(
            Voucher.money_account_code == account.account_code,
            Voucher.amount_minor.in_(came),
            JournalEntry.posted_on >= min(came.values()) - _LONGEST_CHEQUE,
            not_taken_back(),
        )
        .order_by(JournalEntry.id)
    )
    return [
        BookEntry(entry_id, -amount, day, voucher.payee_person_id, voucher=True)
        for entry_id, amount, day, voucher in rows
    ]


def _whose(session: Session, entries: Sequence[JournalEntry]) -> dict[int, int]:
    paid = {one.source_id: one.id for one in entries if one.source_kind == "dues_payment"}
    vouchers = {one.voucher_id: one.id for one in entries if one.voucher_id is not None}
    found = {
        paid[payment_id]: person_id
        for payment_id, person_id in session.execute(
            select(Payment.id, Payment.person_id).where(Payment.id.in_(paid))
        )
    }
    found |= {
        vouchers[voucher_id]: person_id
        for voucher_id, person_id in session.execute(
            select(Voucher.id, Voucher.payee_person_id).where(Voucher.id.in_(vouchers))
        )
    }
    kept = kept_ids(session, set(found.values()))
    return {entry_id: kept[person_id] for entry_id, person_id in found.items()}


def _codes(session: Session, codes: Collection[str]) -> dict[str, int]:
    rows = session.execute(
        select(BankPayCode.code, BankPayCode.person_id).where(BankPayCode.code.in_(codes))
    ).all()
    kept = kept_ids(session, {person_id for _, person_id in rows})
    return {code: kept[person_id] for code, person_id in rows}


def _history(session: Session, indexes: Collection[bytes]) -> dict[bytes, Counter[int]]:
    """For each payer known again, whose dues her lines were and how often; only what stands."""
    rows = session.execute(
        select(BankLine.payer_index, BankDecision.person_id, func.count())
        .join(LINE_NOW, LINE_NOW.c.line_id == BankLine.id)
        .join(BankDecision, BankDecision.id == LINE_NOW.c.decision_id)
        .where(
            BankLine.payer_index.in_(indexes),
            LINE_NOW.c.stands,
            BankDecision.kind == Kind.DUES,
            BankDecision.person_id.is_not(None),
        )
        .group_by(BankLine.payer_index, BankDecision.person_id)
    ).all()
    kept = kept_ids(session, {person_id for _, person_id, _ in rows if person_id is not None})
    found: defaultdict[bytes, Counter[int]] = defaultdict(Counter)
    for index, person_id, times in rows:
        if index is not None and person_id is not None:
            found[index][kept[person_id]] += times
    return dict(found)


def _holds(session: Session, account: str) -> int:
    held = select(func.coalesce(func.sum(AccountBalance.balance_minor), 0))
    return int(session.scalar(held.where(AccountBalance.account_code == account)) or 0)


def _handed_over(session: Session, lines: Collection[LineFacts]) -> dict[date, int]:
    if not lines:
        return {}
    since = min(one.booked_on for one in lines) - _LATELY
    rows = session.execute(
        select(HandOver.happened_on, func.sum(HandOver.counted_minor))
        .where(HandOver.happened_on >= since)
        .group_by(HandOver.happened_on)
    )
    return {day: int(total) for day, total in rows}
