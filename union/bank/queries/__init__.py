"""Reads of the bank; none of them changes anything."""

from __future__ import annotations

from union.bank.queries.lines import undecided

__all__ = ["undecided"]
