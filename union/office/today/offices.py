"""What waits for the hand of whoever gives offices; nothing when nothing waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext

from union.identity.rules.roles import gives_offices
from union.office.people.queries import offices_waiting
from union.office.today.card import Act, Card

if TYPE_CHECKING:
    from union.infra.work import Work


def to_confirm(work: Work) -> list[Card]:
    """Offices others proposed, which she may confirm or refuse."""
    waiting = offices_waiting(work) if gives_offices(work.actor) else 0
    if not waiting:
        return []
    sentence = ngettext(
        "%(num)s office waits for your hand.", "%(num)s offices wait for your hand.", waiting
    )
    return [Card(sentence, (Act(gettext("Look at who is proposed"), "people.offices"),))]
