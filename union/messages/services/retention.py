"""Letting go of words that were sent, of what came of sending, and of words that came in.

Invariant: nothing of a message goes while it waits, or while the incident it pages for is open.
"""

from __future__ import annotations

from sqlalchemy import text

from union.infra.retention import Asked, Keeping, bound, calls, orders_keys
from union.infra.work import Work
from union.messages.rules.retention import (
    ATTEMPTS,
    ENDED_WAYS,
    INBOUND_WORDS,
    MESSAGE_WORDS,
    RECEIPTS,
)

_DUE = text("SELECT retention_messages_over(:before, :most)")
_FORGET = text("""
UPDATE message SET params = '', key_ref = :nobodys,
       to_number = CASE WHEN to_number IS NULL THEN NULL ELSE ''::bytea END
 WHERE id = ANY (:due)
""")


def forget_words(work: Work, asked: Asked) -> int:
    """What a message said, and the number it went to where that was nobody's we know.

    It then lies under a key that is destroyed already: whoever opens it is told that it is gone.
    """
    told = {"before": bound(work, MESSAGE_WORDS.kind, asked), "most": asked.most}
    due = list(work.session.scalars(_DUE, told))
    if due:
        nobodys = work.vault.new_key()
        work.vault.destroy_key(nobodys)
        work.session.execute(_FORGET, {"due": due, "nobodys": nobodys})
    return len(due)


KEPT: tuple[Keeping, ...] = (
    Keeping(MESSAGE_WORDS, forget_words),
    Keeping(RECEIPTS, calls("age_out_delivery_receipt")),
    Keeping(ATTEMPTS, calls("age_out_attempt")),
    Keeping(INBOUND_WORDS, orders_keys(INBOUND_WORDS.kind)),
    Keeping(ENDED_WAYS),
)
"""Each kind of this domain, and its hand."""
