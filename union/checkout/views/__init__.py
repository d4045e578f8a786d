"""The pages of checkout."""

from __future__ import annotations

from flask import Blueprint

__all__ = ["blueprint"]

blueprint = Blueprint("checkout", __name__, url_prefix="/checkout")
