"""Pages of legal: the paralegal's lists and cases, and who opened what of one's own."""

from __future__ import annotations

from union.legal.views import case, complaints, keys, lists, shared
from union.legal.views.blueprint import blueprint

__all__ = ["blueprint", "case", "complaints", "keys", "lists", "shared"]
