"""The blueprint that the pages of the books hang on."""

from __future__ import annotations

from flask import Blueprint

blueprint = Blueprint("ledger", __name__, url_prefix="/books")
