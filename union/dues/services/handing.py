"""The second hand on cash handed in. Invariant: whoever counted it never signs it too.

The collector says yes or says what she handed over; for one who cannot sign in, a witness signs.
A signature that does not agree stays open until a third person has settled it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from union.dues.errors import SignedBeforeError
from union.dues.models import Collector, HandOver, HandOverSignature
from union.dues.services.collectors import hold_collector
from union.dues.services.hands import want_another
from union.infra import audit
from union.infra.people import is_present
from union.infra.work import Work
from union.kernel.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class SignHandOver:
    """A second hand; ``said_minor`` is what was handed over, if not what was counted (paise)."""

    hand_over_ref: str
    said_minor: int | None = None


def sign_hand_over(work: Work, asked: SignHandOver) -> HandOverSignature:
    """Sign what another counted: as the collector herself, else as a witness of the paper.

    SameHandError for the one who counted, SignedBeforeError if it is signed.
    """
    counted, collector = _found(work, asked.hand_over_ref)
    person_id = want_another(work, counted.received_by)
    query = select(HandOverSignature).where(HandOverSignature.hand_over_id == counted.id)
    if work.session.scalar(query) is not None:
        raise SignedBeforeError
    said = None if asked.said_minor == counted.counted_minor else asked.said_minor
    signed = HandOverSignature(
        hand_over_id=counted.id,
        person_id=person_id,
        kind="herself" if is_present(work, collector.person_id) else "witness",
        agrees=said is None,
        said_minor=said,
        signed_at=work.clock.now(),
    )
    work.session.add(signed)
    work.session.flush()
    _log(work, "hand_over_signed", counted, collector)
    return signed


def settle_signature(work: Work, hand_over_ref: str) -> HandOverSignature:
    """A third person looked at what two said differently, and it is dealt with.

    SameHandError for the collector, who counted or who signed; SignedBeforeError if it was settled.
    """
    counted, collector = _found(work, hand_over_ref)
    signed = work.session.scalar(
        select(HandOverSignature).where(HandOverSignature.hand_over_id == counted.id)
    )
    if signed is None:
        raise NotFoundError
    want_another(work, counted.received_by, collector.person_id, signed.person_id)
    if signed.agrees or signed.settled_at is not None:
        raise SignedBeforeError
    signed.settled_at, signed.settled_by = work.clock.now(), work.actor.person_id
    work.session.flush()
    _log(work, "hand_over_settled", counted, collector)
    return signed


def _found(work: Work, ref: str) -> tuple[HandOver, Collector]:
    counted = work.session.scalar(select(HandOver).where(HandOver.ref == ref))
    if counted is None:
        raise NotFoundError
    hold_collector(work, counted.collector_id)
    return counted, work.session.get_one(Collector, counted.collector_id)


def _log(work: Work, action: str, counted: HandOver, collector: Collector) -> None:
    audit.log(
        work,
        action,
        object_type="hand_over",
        object_id=counted.id,
        subject_person_id=collector.person_id,
    )
