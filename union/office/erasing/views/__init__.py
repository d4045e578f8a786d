"""Pages about erasing: the office's, and her own."""

from __future__ import annotations

from union.office.erasing.views import mine, orders
from union.office.erasing.views.blueprint import blueprint

__all__ = ["blueprint", "mine", "orders"]
