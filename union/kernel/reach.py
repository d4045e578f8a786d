"""How far a sign-in reaches: which proofs open what; pure, and never a clock of its own."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from union.kernel.actor import Actor, Proof

FRESH_FOR = timedelta(minutes=5)
"""How long a proof counts as given just now."""


class Reach(StrEnum):
    """What a page asks of the sign-in that opens it, besides a role."""

    NOTHING = "nothing"
    """To be signed in is enough: help, leaving, ending a sign-in, taking back a consent. Never
    a second secret before any of these, in no sign-in (laws C8 and P6)."""
    DUES = "dues"
    """Her dues. Her PIN opens these, and a former partner may know it: nothing else."""
    HERS = "hers"
    """What is written of her, and what she may change."""
    OFFICE = "office"
    """Anything of an office."""
    FRESH = "fresh"
    """As far as her office or what is hers, proven again just now: to reveal, to take out, to
    join two entries, to sign, to appoint, to confirm."""


_HER_CARD = frozenset({Proof.NUMBER_PIN, Proof.PIN})
_BESIDES = frozenset({Proof.PASSKEY, Proof.WORD, Proof.VOICE})
_OFFICERS = frozenset({Proof.PASSKEY, Proof.PASSWORD_CODE})


def reached(
    proofs: frozenset[Proof], proved_at: datetime | None, now: datetime, *, office: bool = False
) -> frozenset[Reach]:
    """Everything these proofs open.

    A lone passkey opens a member's dues only, for a finger can be forced: it opens no more than
    a PIN that somebody knows. With her PIN, or her PIN with her second word or with a voice that
    was known, it opens what is hers. Where she signed in as an officer (``office``) a passkey, or
    a password with a code, opens her office, and what is hers with it.
    """
    open_now = {Reach.NOTHING}
    if proofs:
        open_now.add(Reach.DUES)
    if Proof.PASSWORD_CODE in proofs or (proofs & _HER_CARD and proofs & _BESIDES):
        open_now.add(Reach.HERS)
    if office and proofs & _OFFICERS:
        open_now |= {Reach.HERS, Reach.OFFICE}
    if Reach.HERS in open_now and proved_at is not None and now - proved_at <= FRESH_FOR:
        open_now.add(Reach.FRESH)
    return frozenset(open_now)


def reaches(actor: Actor, asked: Reach, now: datetime) -> bool:
    """Whether an actor's sign-in reaches as far as a page asks."""
    return asked in reached(actor.proofs, actor.proved_at, now, office=actor.office)
