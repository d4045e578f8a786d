"""The pages of the books."""

from __future__ import annotations

from union.ledger.views import books, counts, floats, keeping, spending, vouchers
from union.ledger.views.pages import blueprint

__all__ = ["blueprint", "books", "counts", "floats", "keeping", "spending", "vouchers"]
