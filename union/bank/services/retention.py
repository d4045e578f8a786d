"""Letting go of what a bank's line says; its amount, day and what was decided of it stay.

Invariant: no line of a day goes on which no trustee has reported, nor of a payer who is held.
"""

from __future__ import annotations

from sqlalchemy import text

from union.bank.rules.retention import BANK_UPLOADS, NARRATIONS
from union.infra.retention import Asked, Keeping, bound, orders_keys
from union.infra.work import Work

_DUE = text("""
SELECT l.id FROM bank_line l
 WHERE l.booked_on < CAST(:before AS timestamptz)::date AND octet_length(l.words) > 0
   AND is_audited(l.booked_on) AND NOT is_held_key(l.key_ref)
 ORDER BY l.id LIMIT :most
""")
_FORGET = text("UPDATE bank_line SET words = '', key_ref = :nobodys WHERE id = ANY (:due)")

_order_keys = orders_keys(NARRATIONS.kind)


def forget_narrations(work: Work, asked: Asked) -> int:
    """Lines' words, whosever key they lie under, then the keys of the statements themselves.

    A line then lies under a key that is destroyed already, as one of a member who was erased does.
    """
    told = {"before": bound(work, NARRATIONS.kind, asked), "most": asked.most}
    due = list(work.session.scalars(_DUE, told))
    if due:
        nobodys = work.vault.new_key()
        work.vault.destroy_key(nobodys)
        work.session.execute(_FORGET, {"due": due, "nobodys": nobodys})
    return max(len(due), _order_keys(work, asked))


KEPT: tuple[Keeping, ...] = (
    Keeping(NARRATIONS, forget_narrations),
    Keeping(BANK_UPLOADS),
)
"""Each kind of this domain, and its hand."""
