"""The pages of the books."""

from __future__ import annotations

from union.ledger.views import books, counts, donations, floats, funds, keeping, spending, vouchers
from union.ledger.views.pages import blueprint

__all__ = [
    "blueprint",
    "books",
    "counts",
    "donations",
    "floats",
    "funds",
    "keeping",
    "spending",
    "vouchers",
]
