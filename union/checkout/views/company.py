"""The pretended card company on the table of a demonstration, behind our own door.

It is no page of ours: it sees no session and answers before any of our guards. It exists only where
the demonstration's own key is the key.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.middleware.dispatcher import DispatcherMiddleware

from union.gateways.payments.stand_in import (
    DEMONSTRATION_KEY,
    DEMONSTRATION_SECRET,
    PATH,
    StandIn,
    TableStore,
)

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from union.infra.settings import Settings
    from union.kernel.clock import Clock

NOTICES = "/checkout/notice"


def lay_out_company(app: Flask, outside: Engine, settings: Settings, clock: Clock) -> None:
    """Serve the company under /outside/cards, if its key is the one we pay by."""
    cards = settings.cards
    if cards is None or cards.secret_key != DEMONSTRATION_KEY or cards.api_base is None:
        return
    own = urlsplit(cards.api_base)
    company = StandIn(
        TableStore(outside),
        clock,
        address=f"{settings.public_url}{PATH}",
        notices=f"{own.scheme}://{own.netloc}{NOTICES}",
        secret=cards.webhook_secret or DEMONSTRATION_SECRET,
    )
    app.wsgi_app = DispatcherMiddleware(app.wsgi_app, {PATH: company})  # type: ignore[method-assign]  # the way Flask documents it
    app.context_processor(lambda: {"card_company": f"{PATH}/"})
