"""Stripe behind the port: its Checkout page, its statement, its signed notices.

No card number and no script of Stripe's ever passes through our pages. All that is sent is an
amount, a neutral word and an opaque reference; all that is kept of an answer is what the port asks.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar, cast

import stripe

from union.gateways.payments import stripe_reading as reading
from union.gateways.payments.errors import (
    NoticeRefusedError,
    PaymentKeyReusedError,
    PaymentsRefusedError,
    PaymentsUnreachableError,
)
from union.gateways.payments.port import (
    Held,
    InstructionLook,
    Look,
    Notice,
    OpenedPage,
    PageAsked,
    RefundAsked,
    RefundLook,
    StatementLine,
    Subject,
)
from union.infra.card_settings import STRIPE_PAGES, CardSettings

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams

Found = TypeVar("Found")
NAME = "stripe"
CURRENCY = reading.CURRENCY
TIMEOUT_S = (3.0, 8.0)
"""To connect, and to answer: a page waits no longer."""

_REFUSED = (stripe.CardError, stripe.InvalidRequestError)
"""Its no to what was asked. A key of ours that no longer fits is no word about the money."""


@dataclass(frozen=True, slots=True)
class StripeProvider:
    """Stripe, by the keys of this deployment."""

    client: stripe.StripeClient
    webhook_secret: str | None
    page_origins: Sequence[str]
    name: str = NAME

    @property
    def listens(self) -> bool:
        """Whether there is a secret to check notices with."""
        return bool(self.webhook_secret)

    def open_page(self, key: str, asked: PageAsked) -> OpenedPage:
        """A Checkout Session; the same key gives the same one."""
        with _in_our_words():
            made = self.client.v1.checkout.sessions.create(
                _session(asked), {"idempotency_key": key}
            )
        return OpenedPage(made.id, str(made.url))

    def end_instruction(self, key: str, instruction_id: str) -> InstructionLook:
        """Cancel a subscription at once; one that is cancelled already is looked at."""
        subscriptions = self.client.v1.subscriptions
        with _in_our_words():
            try:
                subscriptions.cancel(instruction_id, {}, {"idempotency_key": key})
            except stripe.InvalidRequestError:
                # It may have ended meanwhile, by itself or by us: then that is the answer.
                found = self.look(Subject.INSTRUCTION, instruction_id)
                if not isinstance(found, InstructionLook) or found.state != "ended":
                    raise
                return found
        found = self.look(Subject.INSTRUCTION, instruction_id)
        if not isinstance(found, InstructionLook):
            raise PaymentsRefusedError
        return found

    def rest_instruction(self, key: str, instruction_id: str, *, rests: bool) -> InstructionLook:
        """Pause collection (bills of that time are void), or resume it; then look."""
        with _in_our_words():
            self.client.v1.subscriptions.update(
                instruction_id,
                {"pause_collection": {"behavior": "void"} if rests else ""},
                {"idempotency_key": key},
            )
        found = self.look(Subject.INSTRUCTION, instruction_id)
        if not isinstance(found, InstructionLook):
            raise PaymentsRefusedError
        return found

    def refund(self, key: str, asked: RefundAsked) -> RefundLook:
        """A refund of one charge."""
        with _in_our_words():
            made = self.client.v1.refunds.create(
                {
                    "charge": asked.charge_id,
                    "amount": asked.amount_minor,
                    "metadata": {reading.REF: asked.ref},
                },
                {"idempotency_key": key},
            )
        return reading.refund_of(_plain(made))

    def refunds_of(self, charge_id: str) -> Sequence[RefundLook]:
        """The refunds of one charge, oldest first."""
        with _in_our_words():
            found = self.client.v1.refunds.list({"charge": charge_id, "limit": 100})
            looks = [reading.refund_of(_plain(one)) for one in found.auto_paging_iter()]
        return looks[::-1]

    def look(self, subject: Subject, subject_id: str) -> Look | None:
        """A thing as it is now, or None if Stripe knows of none."""
        if subject not in _LOOKS:
            return None
        with _in_our_words():
            return _or_none(lambda: _LOOKS[subject](self.client, subject_id))

    def origin(self, line: StatementLine) -> str | None:
        """A renewal's payment carries nothing of ours: its invoice knows the subscription."""
        if line.payment_id is None:
            return None
        with _in_our_words():
            found = self.client.v1.invoice_payments.list(
                {
                    "payment": {"type": "payment_intent", "payment_intent": line.payment_id},
                    "expand": ["data.invoice"],
                    "limit": 1,
                }
            )
            rows = [_plain(one) for one in found.data]
        return reading.invoice_ref(rows[0]["invoice"]) if rows else None

    def lines_since(self, since: datetime) -> Sequence[StatementLine]:
        """The balance transactions made since, oldest first."""
        with _in_our_words():
            found = self.client.v1.balance_transactions.list(
                {
                    "created": {"gte": int(since.timestamp())},
                    "limit": 100,
                    "expand": ["data.source"],
                }
            )
            lines = [reading.line_of(_plain(one)) for one in found.auto_paging_iter()]
        return lines[::-1]

    def line(self, line_id: str) -> StatementLine | None:
        """One balance transaction, or None if Stripe knows of none."""
        lines = self.client.v1.balance_transactions
        with _in_our_words():
            return _or_none(
                lambda: reading.line_of(_plain(lines.retrieve(line_id, {"expand": ["source"]})))
            )

    def notices_since(self, since: datetime) -> Sequence[Notice]:
        """The events made since (Stripe keeps them for thirty days), oldest first."""
        with _in_our_words():
            found = self.client.v1.events.list(
                {"created": {"gte": int(since.timestamp())}, "limit": 100}
            )
            notices = [reading.notice_of(_plain(one)) for one in found.auto_paging_iter()]
        return notices[::-1]

    def read_notice(self, payload: bytes, signature: str) -> Notice:
        """An event, if its signature is sound and fresh."""
        if not self.webhook_secret:
            raise NoticeRefusedError
        try:
            event = stripe.Webhook.construct_event(payload, signature, self.webhook_secret)
            return reading.notice_of(_plain(event))
        except (stripe.SignatureVerificationError, ValueError, KeyError, TypeError):
            raise NoticeRefusedError from None

    def held(self) -> Held:
        """What Stripe holds for us, in our currency."""
        with _in_our_words():
            balance = _plain(self.client.v1.balance.retrieve())
        return Held(_sum(balance["available"]), _sum(balance["pending"]))


def stripe_provider(
    settings: CardSettings, http_client: stripe.HTTPClient | None = None
) -> StripeProvider:
    """Stripe by these settings; tests hand in a client of their own."""
    addresses: Any = {"api": settings.api_base} if settings.api_base else None
    client = stripe.StripeClient(
        settings.secret_key,
        base_addresses=addresses,
        http_client=http_client or stripe.RequestsClient(timeout=TIMEOUT_S),
        max_network_retries=0,
    )
    return StripeProvider(client, settings.webhook_secret, settings.page_origins or STRIPE_PAGES)


def _session(asked: PageAsked) -> SessionCreateParams:
    price: dict[str, Any] = {
        "currency": CURRENCY,
        "unit_amount": asked.amount_minor,
        "product_data": {"name": asked.shown_name},
    }
    if asked.monthly:
        price["recurring"] = {"interval": "month"}
    origin = {"metadata": {reading.REF: asked.origin_ref}}
    params: dict[str, Any] = {
        "mode": "subscription" if asked.monthly else "payment",
        "client_reference_id": asked.page_ref,
        "metadata": {reading.REF: asked.page_ref},
        "line_items": [{"quantity": 1, "price_data": price}],
        "payment_method_types": ["card"],
        "success_url": asked.back_url,
        "cancel_url": asked.back_url,
        ("subscription_data" if asked.monthly else "payment_intent_data"): origin,
    }
    return cast("SessionCreateParams", params)


_LOOKS: Mapping[Subject, Callable[[stripe.StripeClient, str], Look]] = {
    Subject.PAGE: lambda client, number: reading.page_of(
        _plain(client.v1.checkout.sessions.retrieve(number, {"expand": ["payment_intent"]}))
    ),
    Subject.INSTRUCTION: lambda client, number: reading.instruction_of(
        _plain(client.v1.subscriptions.retrieve(number, {"expand": ["latest_invoice"]}))
    ),
    Subject.DISPUTE: lambda client, number: reading.dispute_of(
        _plain(client.v1.disputes.retrieve(number))
    ),
    Subject.REFUND: lambda client, number: reading.refund_of(
        _plain(client.v1.refunds.retrieve(number))
    ),
    Subject.PAYOUT: lambda client, number: reading.payout_of(
        _plain(client.v1.payouts.retrieve(number))
    ),
}


def _plain(thing: stripe.StripeObject) -> dict[str, Any]:
    plain: dict[str, Any] = json.loads(json.dumps(thing.to_dict(), default=str))
    return plain


def _sum(amounts: Sequence[Mapping[str, Any]]) -> int:
    return sum(int(one["amount"]) for one in amounts if one["currency"] == CURRENCY)


def _or_none(ask: Callable[[], Found]) -> Found | None:
    """What Stripe knows nothing of is no error: whoever asked goes on without it."""
    try:
        return ask()
    except stripe.InvalidRequestError as error:
        if error.http_status == HTTPStatus.NOT_FOUND:
            return None
        raise


@contextlib.contextmanager
def _in_our_words() -> Iterator[None]:
    """Stripe's errors as the port's, by code only: what it said may hold a name."""
    try:
        yield
    except stripe.IdempotencyError:
        raise PaymentKeyReusedError from None
    except _REFUSED:
        raise PaymentsRefusedError from None
    except stripe.StripeError:
        raise PaymentsUnreachableError from None
