"""What one may choose from when money is written down: boxes, and purposes each fund may bear."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from union.ledger.models import Account, Fund, FundPurpose
from union.ledger.rules.chart import COLLECTOR_SEPARATOR, AccountCode

_NOT_BY_HAND = {AccountCode.FUND_TRANSFERS, AccountCode.MEMBER_CREDIT}
_NOT_PAID_FROM = {AccountCode.CASH_WITH_COLLECTORS, AccountCode.FLOATS_GIVEN_OUT}


def money_accounts(session: Session, *, cash_only: bool = False) -> list[str]:
    """Our own boxes and bank accounts, without what collectors and holders have in hand."""
    query = select(Account.code).where(Account.money_place.is_not(None)).order_by(Account.code)
    if cash_only:
        query = query.where(Account.money_place == "cash", Account.must_clear.is_(False))
    return [
        code
        for code in session.scalars(query)
        if COLLECTOR_SEPARATOR not in code and code not in _NOT_PAID_FROM
    ]


def pays_from(session: Session) -> list[str]:
    """Boxes and bank accounts that somebody can pay from: nothing held by others, or unclear."""
    query = select(Account.code).where(
        Account.money_place.in_(("cash", "bank")), Account.must_clear.is_(False)
    )
    found = set(session.scalars(query))
    return [code for code in money_accounts(session) if code in found]


def spendable(session: Session) -> list[tuple[str, str]]:
    """Fund and account of all a voucher by hand may be for: free money and spending first."""
    rows = session.execute(
        select(FundPurpose.fund_code, FundPurpose.account_code)
        .join(Fund, Fund.code == FundPurpose.fund_code)
        .join(Account, Account.code == FundPurpose.account_code)
        .order_by(Fund.restricted, Fund.code, Account.kind != "expense", Account.code)
    )
    return [
        (fund, account)
        for fund, account in rows
        if COLLECTOR_SEPARATOR not in account and account not in _NOT_BY_HAND
    ]


def balance_sheet_places(session: Session) -> list[str]:
    """Where something may have lain when the books began."""
    query = (
        select(Account.code)
        .where(Account.kind.in_(("asset", "liability")), Account.must_clear.is_(False))
        .order_by(Account.code)
    )
    controlled = {AccountCode.DUES_RECEIVABLE, AccountCode.MEMBER_CREDIT, *_NOT_PAID_FROM}
    return [
        code
        for code in session.scalars(query)
        if COLLECTOR_SEPARATOR not in code and code not in controlled
    ]
