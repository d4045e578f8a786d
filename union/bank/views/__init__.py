"""The pages of bank."""

from __future__ import annotations

from flask import Blueprint

__all__ = ["blueprint"]

blueprint = Blueprint("bank", __name__, url_prefix="/bank")
