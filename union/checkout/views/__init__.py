"""The pages of card payments: hers, the treasurer's, and the door for the provider's notices."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint

from union.checkout.views import hers, notices, office, settling, standing
from union.checkout.views.company import lay_out_company
from union.checkout.views.shared import EXTENSION

if TYPE_CHECKING:
    from flask import Flask
    from flask_wtf import CSRFProtect

    from union.gateways.payments import PaymentProvider

__all__ = ["EXTENSION", "blueprint", "install", "lay_out_company"]

blueprint = Blueprint("checkout", __name__, url_prefix="/checkout")

for room in (hers, office, settling, standing, notices):
    room.add_to(blueprint)


def install(app: Flask, csrf: CSRFProtect, provider: PaymentProvider | None) -> None:
    """Hand the provider to the pages; only its notices, which are signed, need no token of ours."""
    app.extensions[EXTENSION] = provider
    csrf.exempt(notices.notice)
    app.context_processor(lambda: {"pays_by_card": app.extensions[EXTENSION] is not None})
