"""What is asked before a voucher's payment is posted: its day, and that it is owed."""

from __future__ import annotations

from datetime import date

from union.infra.work import Work
from union.kernel.periods import Month
from union.ledger.errors import BillNotOwedError, GivenUpElsewhenError
from union.ledger.models import AccountBalance, Voucher
from union.ledger.queries.clearing import gives_up_on
from union.ledger.rules.chart import AccountCode


def payment_day(work: Work, voucher: Voucher, said: date | None) -> date:
    """The day said, else today; a difference is given up in its own month while that is open.

    GivenUpElsewhenError for a day of another month: neither of the two could ever close.
    """
    today = work.clock.today()
    given_up = gives_up_on(work.session, voucher, today)
    if given_up is None or said is None:
        return said or given_up or today
    if Month.of(said) != Month.of(given_up):
        raise GivenUpElsewhenError(voucher_id=voucher.id)
    return said


def ask_bill(work: Work, voucher: Voucher) -> None:
    """Refuse with BillNotOwedError a bill that its fund does not owe."""
    if voucher.spend_account_code != AccountCode.PAYABLES:
        return
    held = work.session.get(AccountBalance, (voucher.spend_account_code, voucher.fund_code))
    owed = 0 if held is None else -held.balance_minor
    if owed < voucher.amount_minor:
        raise BillNotOwedError(voucher_id=voucher.id)
