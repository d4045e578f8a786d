"""A text that answers an offer of hours: one word, yes or no, and she is told what came of it.

Invariant: one offer alone is meant, and (``asked_tonight``) nothing else of her; all the rest is
for a person to read. Whoever holds the telephone could press the offer's link just as well.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.errors import AnsweredError, AwayError, DownAlreadyError, NotCertifiedError
from union.crisis.models.covering import RotaHole, RotaOffer
from union.crisis.queries.drills import drills_lately
from union.crisis.queries.mine import ANSWERABLE, pages_lately
from union.crisis.rules.answers import says_no, says_yes
from union.crisis.rules.kinds import COMING
from union.crisis.services.swaps import answer_offer
from union.messages.services import Outgoing, send

if TYPE_CHECKING:
    from union.infra.work import Work

TAKEN, NOT_TAKEN = "down_for_it", "stand_down"
_NOT_NOW = (AnsweredError, AwayError, DownAlreadyError, NotCertifiedError)


def answer_offer_text(work: Work, words: str, people: Collection[int]) -> bool:
    """Take the hours she was asked for, or leave them; False if it answers no offer."""
    takes = says_yes(words)
    if not takes and not says_no(words):
        return False
    offers = _open_offers(work, people)
    if len(offers) != 1:
        return False
    (offer,) = offers
    told = TAKEN if takes else NOT_TAKEN
    try:
        answer_offer(work, offer.id, takes=takes)
    except _NOT_NOW:
        told = NOT_TAKEN
    thanks = Outgoing(purpose="rota", template=told, channels=("sms",), person_id=offer.person_id)
    send(work, thanks)
    return True


def asked_tonight(work: Work, people: Collection[int]) -> bool:
    """Her word may be to somebody who needs her, or to a drill not answered; that comes first."""
    if any(drill.answered_at is None for drill in drills_lately(work, people)):
        return True
    return any(page.shown in (*ANSWERABLE, *COMING) for page in pages_lately(work, people))


def _open_offers(work: Work, people: Collection[int]) -> list[RotaOffer]:
    rows = work.session.scalars(
        select(RotaOffer)
        .join(RotaHole, RotaHole.id == RotaOffer.hole_id)
        .where(
            RotaOffer.person_id.in_(people),
            RotaOffer.answered_at.is_(None),
            RotaHole.ends_at > work.clock.now(),
        )
    )
    return list(rows)
