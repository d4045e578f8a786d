"""What can be done to the books; each call keeps the laws or changes nothing."""

from __future__ import annotations

from union.ledger.services.posting import (
    open_books,
    open_collector_cash,
    post_entry,
    reverse_entry,
)
from union.ledger.services.seals import TIMERS, say_heads, seal_postings, seal_soon
from union.ledger.services.vouchers import (
    approve_voucher,
    pay_voucher,
    prepare_voucher,
    withdraw_voucher,
)

__all__ = [
    "TIMERS",
    "approve_voucher",
    "open_books",
    "open_collector_cash",
    "pay_voucher",
    "post_entry",
    "prepare_voucher",
    "reverse_entry",
    "say_heads",
    "seal_postings",
    "seal_soon",
    "withdraw_voucher",
]
