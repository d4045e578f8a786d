"""The pages of bank."""

from __future__ import annotations

from union.bank.views import lines, out, payees, proof, statements, upi
from union.bank.views.blueprint import blueprint

__all__ = ["blueprint", "lines", "out", "payees", "proof", "statements", "upi"]
