"""What can be done to the books; each call keeps the laws or changes nothing."""

from __future__ import annotations

from union.ledger.services.count_ends import CountEnd, settle_count
from union.ledger.services.counts import count_cash, witness_count
from union.ledger.services.donations import NewDonation, take_back_donation, take_donation
from union.ledger.services.floats import (
    NewSettlement,
    answer_settlement,
    give_float,
    set_float,
    take_back_float,
    tell_spent,
)
from union.ledger.services.funds import (
    NewTransfer,
    answer_transfer,
    propose_back,
    propose_transfer,
)
from union.ledger.services.keeping import (
    OpeningLine,
    bring_forward,
    carry_year,
    close_month,
    set_budget,
)
from union.ledger.services.mistakes import answer_mistake, say_mistake
from union.ledger.services.posting import (
    open_books,
    open_collector_cash,
    post_entries,
    post_entry,
    reverse_entry,
)
from union.ledger.services.seals import TIMERS, say_heads, seal_postings, seal_soon
from union.ledger.services.spending import NewSpending, add_payee, write_voucher
from union.ledger.services.vouchers import (
    approve_voucher,
    pay_voucher,
    prepare_voucher,
    withdraw_voucher,
)

__all__ = [
    "TIMERS",
    "CountEnd",
    "NewDonation",
    "NewSettlement",
    "NewSpending",
    "NewTransfer",
    "OpeningLine",
    "add_payee",
    "answer_mistake",
    "answer_settlement",
    "answer_transfer",
    "approve_voucher",
    "bring_forward",
    "carry_year",
    "close_month",
    "count_cash",
    "give_float",
    "open_books",
    "open_collector_cash",
    "pay_voucher",
    "post_entries",
    "post_entry",
    "prepare_voucher",
    "propose_back",
    "propose_transfer",
    "reverse_entry",
    "say_heads",
    "say_mistake",
    "seal_postings",
    "seal_soon",
    "set_budget",
    "set_float",
    "settle_count",
    "take_back_donation",
    "take_back_float",
    "take_donation",
    "tell_spent",
    "withdraw_voucher",
    "witness_count",
    "write_voucher",
]
