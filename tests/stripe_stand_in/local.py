"""localstripe on 127.0.0.1 only (its own command listens everywhere), its store not kept."""

from __future__ import annotations

import asyncio
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import stripe
from aiohttp import web

with warnings.catch_warnings():
    # It registers bare functions, of which aiohttp warns.
    warnings.simplefilter("ignore", DeprecationWarning)
    server = import_module("localstripe.server")
    webhooks = import_module("localstripe.webhooks")

PATIENCE_S = 60


@contextmanager
def local_stripe(monkeypatch, notices: str, secret: str) -> Iterator[stripe.StripeClient]:
    """The SDK speaking to localstripe, which tells ``notices`` what happens."""
    monkeypatch.setattr(type(server.store), "dump_to_disk", lambda _store: None)
    monkeypatch.setattr(webhooks, "_webhooks", {})
    webhooks.register_webhook("ours", notices, secret, None)
    loop = asyncio.new_event_loop()
    runner = web.AppRunner(server.app, shutdown_timeout=1)
    loop.run_until_complete(runner.setup())
    site = web.TCPSite(runner, "127.0.0.1", 0)
    loop.run_until_complete(site.start())
    port = runner.addresses[0][1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    http = stripe.RequestsClient(timeout=PATIENCE_S)
    try:
        yield stripe.StripeClient(
            "sk_test_local", base_addresses={"api": f"http://127.0.0.1:{port}"}, http_client=http
        )
    finally:
        http.close()
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        asyncio.run_coroutine_threadsafe(_let_go(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _let_go() -> None:
    """Notices still on their way are not waited for."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
