"""What a provider of card payments refuses or leaves unsaid, by codes; never a word it said."""

from __future__ import annotations

from typing import ClassVar

from union.kernel.errors import UnionError


class PaymentsRefusedError(UnionError):
    """The provider answered and said no."""

    code: ClassVar[str] = "payments_refused"


class PaymentKeyReusedError(PaymentsRefusedError):
    """The same idempotency key came with other words: a mistake of ours."""

    code = "payment_key_reused"


class PaymentsUnreachableError(UnionError):
    """The provider did not answer in time: it may have done what was asked, or not."""

    code = "payments_unreachable"


class NoticeRefusedError(UnionError):
    """A notice without a sound signature."""

    code = "notice_refused"
