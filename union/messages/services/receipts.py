"""What providers say became of words they took: kept once, shown, and never believed.

Invariant (C3): nothing here changes a message, an attempt or anything they are about, declares no
fact and sets no timer; a receipt is a row and nothing else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import structlog
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from union.messages.models import Attempt, DeliveryReceipt

if TYPE_CHECKING:
    from union.gateways.port import Delivery
    from union.infra.work import Work

log = structlog.get_logger()

_CODE = re.compile(r"[A-Za-z_.-]{0,14}[0-9]{0,6}")
"""What a code may be: too short to be a number somebody has, and no words."""


def store_receipt(work: Work, delivery: Delivery) -> bool:
    """Keep a receipt once by its provider and id; False for one known, or about nothing of ours.

    Of what the provider adds only a code is kept: its words may hold a number.
    """
    attempt_id = work.session.scalar(select(Attempt.id).where(Attempt.key == delivery.key))
    if attempt_id is None:
        log.warning("receipt_about_nothing", provider=delivery.provider)
        return False
    now = work.clock.now()
    made = work.session.scalar(
        insert(DeliveryReceipt)
        .values(
            attempt_id=attempt_id,
            provider=delivery.provider,
            provider_id=delivery.provider_id,
            word=delivery.word,
            code=delivery.code if _CODE.fullmatch(delivery.code) else "",
            at=delivery.at or now,
            stored_at=now,
        )
        .on_conflict_do_nothing(index_elements=["provider", "provider_id"])
        .returning(DeliveryReceipt.id)
    )
    return made is not None
