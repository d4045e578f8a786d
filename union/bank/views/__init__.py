"""The pages of bank."""

from __future__ import annotations

from union.bank.views import hands, lines, many, out, payees, proof, statements, upi
from union.bank.views.blueprint import blueprint

__all__ = ["blueprint", "hands", "lines", "many", "out", "payees", "proof", "statements", "upi"]
