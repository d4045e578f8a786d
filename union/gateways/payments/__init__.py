"""Payments by card: one port, and the providers behind it; each provider is one file.

A provider sees an opaque reference and an amount. It must never learn who pays, for what, or to
what kind of body.
"""

from __future__ import annotations

from union.gateways.payments.errors import (
    NoticeRefusedError,
    PaymentKeyReusedError,
    PaymentsRefusedError,
    PaymentsUnreachableError,
)
from union.gateways.payments.port import (
    DisputeLook,
    DisputeState,
    Held,
    InstructionLook,
    InstructionState,
    LineKind,
    Look,
    Notice,
    OpenedPage,
    PageAsked,
    PageLook,
    PageState,
    PaymentProvider,
    PayoutLook,
    PayoutState,
    RefundAsked,
    RefundLook,
    RefundState,
    StatementLine,
    Subject,
)

__all__ = [
    "DisputeLook",
    "DisputeState",
    "Held",
    "InstructionLook",
    "InstructionState",
    "LineKind",
    "Look",
    "Notice",
    "NoticeRefusedError",
    "OpenedPage",
    "PageAsked",
    "PageLook",
    "PageState",
    "PaymentKeyReusedError",
    "PaymentProvider",
    "PaymentsRefusedError",
    "PaymentsUnreachableError",
    "PayoutLook",
    "PayoutState",
    "RefundAsked",
    "RefundLook",
    "RefundState",
    "StatementLine",
    "Subject",
]
