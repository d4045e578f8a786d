"""Reads of the books; none of them changes anything."""

from __future__ import annotations

from union.ledger.queries.balances import (
    FundStanding,
    TrialBalance,
    TrialRow,
    control_balance,
    funds,
    trial_balance,
)
from union.ledger.queries.heads import ChainEnd, chain_end
from union.ledger.queries.journal import (
    EntryLine,
    EntryView,
    account_balance,
    account_book,
    account_by_code,
    entries,
    entry_view,
)
from union.ledger.queries.vouchers import (
    VoucherView,
    live_vouchers,
    mistake_words,
    settled_vouchers,
    voucher_by_id,
    voucher_view,
    voucher_words,
)

__all__ = [
    "ChainEnd",
    "EntryLine",
    "EntryView",
    "FundStanding",
    "TrialBalance",
    "TrialRow",
    "VoucherView",
    "account_balance",
    "account_book",
    "account_by_code",
    "chain_end",
    "control_balance",
    "entries",
    "entry_view",
    "funds",
    "live_vouchers",
    "mistake_words",
    "settled_vouchers",
    "trial_balance",
    "voucher_by_id",
    "voucher_view",
    "voucher_words",
]
