"""She who was asked wants to speak with one of us: whose telephones ring for her, one line by one.

Invariant: she is put on the line only with somebody who pressed the key; a telephone that a machine
answered counts as one nobody answered. For somebody forced those ring who know of it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import IncidentEvent
from union.crisis.queries.rota import duty_officers_on, operators_on, second_phones_on
from union.crisis.rules import speech
from union.crisis.rules.speech import Ask
from union.crisis.services.lines import voices_of
from union.crisis.services.timeline import say
from union.gateways.port import ANSWERED, JOINED
from union.identity.queries import people_with_role
from union.kernel.actor import Role

if TYPE_CHECKING:
    from union.crisis.models import Incident, Page
    from union.gateways.port import VoiceScript
    from union.infra.work import Work
    from union.messages.services import Pressed

ASKS, ON_THE_LINE = "asks_to_speak", "put_through"
_KNOW_OF_FORCE = (Role.DUTY_OFFICER, Role.COORDINATOR)


def ring_for(work: Work, page: Page, *, again: bool = False) -> tuple[str, ...]:
    """The telephones of the operators of the hour; ``again`` of those behind them."""
    now = work.clock.now()
    first = people = operators_on(work, now)
    if again:
        behind = (*second_phones_on(work, now), *duty_officers_on(work, now))
        people = [one for one in behind if one not in first]
    if page.duress_at is not None:
        people = [p for role in _KNOW_OF_FORCE for p in people_with_role(work, role)] or people
    return voices_of(work, [one for one in people if one != page.person_id])


def line_told(
    work: Work, incident: Incident, page: Page, pressed: Pressed, *, again: bool
) -> VoiceScript | None:
    """What came of the ringing; nobody joined, the next line rings if there is one ``again``.

    None where the call goes on by keys.
    """
    if pressed.digits == JOINED:
        say(work, incident, ON_THE_LINE, page=page)
        return speech.farewell(pressed.language)
    if pressed.digits == ANSWERED and _last_said(work, page) == ON_THE_LINE:
        return speech.farewell(pressed.language)
    numbers = ring_for(work, page, again=True) if again else ()
    if not numbers:
        return None
    return speech.connected(numbers, pressed.language, Ask.LAST_LINE)


def _last_said(work: Work, page: Page) -> str | None:
    return work.session.scalar(
        select(IncidentEvent.code)
        .where(IncidentEvent.page_id == page.id, IncidentEvent.code.in_((ASKS, ON_THE_LINE)))
        .order_by(IncidentEvent.id.desc())
        .limit(1)
    )
