"""Floats: what each holder has, how far she may, what she told, and how old the rest is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from union.infra.keystore import KeyGoneError
from union.infra.people import is_present, one_person
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.ledger.models import (
    Account,
    AccountBalance,
    AccountDay,
    FloatAccount,
    FloatAnswer,
    FloatPurpose,
    FloatSettlement,
    Paper,
    Voucher,
)
from union.ledger.policy import may_read_beside
from union.ledger.queries.hands import settled
from union.ledger.rules.floats import kinds, unsettled_since

WORDS_PLACE = "float_settlement.words"


@dataclass(frozen=True, slots=True)
class FloatView:
    """One holder's float. ``told_minor`` waits for an answer, ``promised_minor`` is on vouchers.

    ``since`` is the day of the oldest money that nothing covers, ``days`` how long ago.
    """

    account: FloatAccount
    purpose: FloatPurpose
    limit_minor: int
    held_minor: int
    told_minor: int
    promised_minor: int
    since: date | None
    days: int

    @property
    def room_minor(self) -> int:
        """How much more may be given."""
        return self.limit_minor - self.held_minor - self.promised_minor

    @property
    def late(self) -> bool:
        """Whether papers should have come by now."""
        return self.since is not None and self.days > self.purpose.settle_days


@dataclass(frozen=True, slots=True)
class SettlementView:
    """What was told, with its answer; words and papers for the holder and who may read them."""

    told: FloatSettlement
    account: FloatAccount
    may_read: bool
    words: str
    papers: Sequence[Paper]
    answer: FloatAnswer | None


def float_purposes(session: Session) -> Sequence[FloatPurpose]:
    """What floats there may be."""
    return session.scalars(select(FloatPurpose).order_by(FloatPurpose.code)).all()


def float_kinds(session: Session) -> dict[str, int]:
    """Purposes as the plain numbers under which those who keep the money see them."""
    return kinds({one.code: one.most_minor for one in float_purposes(session)})


def floats(work: Work, holder_person_id: int | None = None) -> list[FloatView]:
    """Every float, or one holder's; those longest unsettled first."""
    query = select(FloatAccount).order_by(FloatAccount.number)
    if holder_person_id is not None:
        query = query.where(
            one_person(FloatAccount.holder_person_id) == one_person(holder_person_id)
        )
    views = _views(work, work.session.scalars(query).all())
    return sorted(views, key=lambda one: (one.since is None, one.since or date.max))


def float_by_ref(work: Work, ref: str) -> FloatView:
    """One float; NotFoundError."""
    found = work.session.scalars(select(FloatAccount).where(FloatAccount.ref == ref)).one_or_none()
    if found is None:
        raise NotFoundError
    return _views(work, [found])[0]


def settlements(
    work: Work, codes: Collection[str] | None = None, *, waiting: bool = False
) -> list[SettlementView]:
    """What was told, newest first: of these floats or all, perhaps only what waits."""
    query = (
        select(FloatSettlement, FloatAccount, FloatAnswer)
        .join(FloatAccount, FloatAccount.account_code == FloatSettlement.account_code)
        .outerjoin(FloatAnswer, FloatAnswer.settlement_id == FloatSettlement.id)
        .order_by(FloatSettlement.id.desc())
        .limit(50)
    )
    if codes is not None:
        query = query.where(FloatSettlement.account_code.in_(codes))
    if waiting:
        query = query.where(FloatAnswer.settlement_id.is_(None))
    return [_told(work, *row) for row in work.session.execute(query).all()]


def floats_unsettled(work: Work) -> tuple[int, int]:
    """How many floats still hold money longer than they should, and how many hold any."""
    held = [one for one in floats(work) if one.held_minor]
    return sum(one.late for one in held), len(held)


def _told(
    work: Work, told: FloatSettlement, account: FloatAccount, answer: FloatAnswer | None
) -> SettlementView:
    if not (
        may_read_beside(work.actor, told.account_code) or is_present(work, account.holder_person_id)
    ):
        return SettlementView(told, account, may_read=False, words="", papers=(), answer=answer)
    try:
        words = work.vault.decrypt(told.key_ref, WORDS_PLACE, told.ref, told.words)
    except KeyGoneError:
        words = ""
    papers = work.session.scalars(
        select(Paper)
        .where(Paper.belongs_kind == "settlement", Paper.belongs_id == told.id)
        .order_by(Paper.position)
    ).all()
    return SettlementView(told, account, may_read=True, words=words, papers=papers, answer=answer)


def _views(work: Work, accounts: Sequence[FloatAccount]) -> list[FloatView]:
    session, today = work.session, work.clock.today()
    codes = [one.account_code for one in accounts]
    purposes = {one.code: one for one in float_purposes(session)}
    limits = _pairs(session, select(Account.code, Account.ceiling_minor), Account.code, codes)
    held = _pairs(
        session,
        select(AccountBalance.account_code, func.sum(AccountBalance.balance_minor)).group_by(
            AccountBalance.account_code
        ),
        AccountBalance.account_code,
        codes,
    )
    told, promised = _told_sums(session, codes), _promised(session, codes)
    days = _days(session, codes)
    views = []
    for one in accounts:
        code = one.account_code
        since = unsettled_since(days.get(code, ()))
        views.append(
            FloatView(
                account=one,
                purpose=purposes[one.purpose_code],
                limit_minor=limits.get(code, 0),
                held_minor=held.get(code, 0),
                told_minor=told.get(code, 0),
                promised_minor=promised.get(code, 0),
                since=since,
                days=(today - since).days if since else 0,
            )
        )
    return views


def _pairs(
    session: Session,
    query: Select[*tuple[Any, ...]],
    column: InstrumentedAttribute[str],
    codes: Collection[str],
) -> dict[str, int]:
    rows = session.execute(query.where(column.in_(codes)))
    return {str(code): int(amount or 0) for code, amount in rows}


def _told_sums(session: Session, codes: Collection[str]) -> dict[str, int]:
    query = (
        select(FloatSettlement.account_code, func.sum(FloatSettlement.amount_minor))
        .outerjoin(FloatAnswer, FloatAnswer.settlement_id == FloatSettlement.id)
        .where(FloatAnswer.settlement_id.is_(None))
        .group_by(FloatSettlement.account_code)
    )
    return _pairs(session, query, FloatSettlement.account_code, codes)


def _promised(session: Session, codes: Collection[str]) -> dict[str, int]:
    query = (
        select(Voucher.spend_account_code, func.sum(Voucher.amount_minor))
        .where(Voucher.withdrawn_at.is_(None), ~settled())
        .group_by(Voucher.spend_account_code)
    )
    return _pairs(session, query, Voucher.spend_account_code, codes)


def _days(session: Session, codes: Collection[str]) -> dict[str, list[tuple[date, int, int]]]:
    rows = session.execute(
        select(
            AccountDay.account_code,
            AccountDay.posted_on,
            AccountDay.debit_minor,
            AccountDay.credit_minor,
        ).where(AccountDay.account_code.in_(codes))
    )
    found: dict[str, list[tuple[date, int, int]]] = {}
    for code, day, given, covered in rows:
        found.setdefault(code, []).append((day, given, covered))
    return found
