"""A number card for somebody of the register. Invariant: only for a member who is with us."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from union.identity.errors import CardNotWaitingError, NoCardInUseError
from union.identity.services.cards import print_card, say_start
from union.identity.services.voices import vouch
from union.kernel.errors import NotFoundError
from union.members.queries import member_by_card

if TYPE_CHECKING:
    from union.infra.work import Work
    from union.members.models import Member

ACTIVE = "active"


def print_for(work: Work, her: Member) -> str:
    """A card for her; its digits, shown to nobody again. NotFoundError if she is not with us."""
    if her.status != ACTIVE or her.merged_into is not None:
        raise NotFoundError
    return print_card(work, her.person_id)


def say_word_to(work: Work, card: str) -> str:
    """The word for whoever has this membership card; CardNotWaitingError also if nobody has it."""
    her = member_by_card(work.session, card)
    if her is None or her.status != ACTIVE:
        raise CardNotWaitingError
    return say_start(work, her.person_id)


def vouch_for(work: Work, card: str) -> datetime:
    """That the present person knew her voice; from when it opens. NoCardInUseError."""
    her = member_by_card(work.session, card)
    if her is None or her.status != ACTIVE:
        raise NoCardInUseError
    return vouch(work, her.person_id).from_at
