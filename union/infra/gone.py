"""What is shown in the place of words whose key was destroyed: since when they are gone, or erased.

Owns that one sentence's facts and nothing of who may read; a reader that may meet a destroyed key
opens its field here. Never opens what a page does not show: services ask the vault itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.infra.keystore import KeyGoneError
from union.infra.retention import RetentionKey
from union.kernel.erased import aged_out, erased

if TYPE_CHECKING:
    from uuid import UUID

    from union.infra.work import Work


def read_or_gone(work: Work, key_ref: UUID, place: str, row: str | int, blob: bytes) -> str:
    """A field in the clear, as ``Vault.decrypt``; where its key was destroyed, that it is gone."""
    try:
        return work.vault.decrypt(key_ref, place, row, blob)
    except KeyGoneError:
        return gone_words(work, key_ref)


def gone_words(work: Work, key_ref: UUID) -> str:
    """Since when words under this key are gone; else that they were erased.

    How long they were kept is not said: the days may be others by now, and a hold keeps longer.
    """
    aged = work.session.get(RetentionKey, key_ref)
    if aged is None:
        return erased()
    since = (aged.destroyed_at or aged.ordered_at).astimezone(work.clock.zone).date()
    return aged_out(since)
