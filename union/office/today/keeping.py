"""What waits for a second hand about what is kept of people: an erasure, the end of a hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext

from union.kernel.access import Answer, may_knock
from union.office.erasing.queries import orders_waiting
from union.office.retention.queries import holds_waiting
from union.office.today.card import Act, Card
from union.web.access import row_of

if TYPE_CHECKING:
    from union.infra.work import Work


def to_agree(work: Work) -> list[Card]:
    """A line for each kind that waits for whoever looks; nothing to who may not act on it."""
    return [*_erasures(work), *_holds(work)]


def _erasures(work: Work) -> list[Card]:
    waiting = orders_waiting(work) if _may(work, "erasing.agree") else 0
    if not waiting:
        return []
    sentence = ngettext(
        "%(num)s wish to be erased waits for your hand.",
        "%(num)s wishes to be erased wait for your hand.",
        waiting,
    )
    return [Card(sentence, (Act(gettext("Look at what is to be erased"), "erasing.orders"),))]


def _holds(work: Work) -> list[Card]:
    waiting = holds_waiting(work) if _may(work, "retention.lift") else 0
    if not waiting:
        return []
    sentence = ngettext(
        "%(num)s hold waits for your hand, to be ended.",
        "%(num)s holds wait for your hand, to be ended.",
        waiting,
    )
    return [Card(sentence, (Act(gettext("Look at what is held"), "retention.holds"),))]


def _may(work: Work, endpoint: str) -> bool:
    return may_knock(work.actor, row_of(endpoint)) is Answer.OPEN
