"""Who is missed: given up because she was not heard of, and nobody has heard of her since.

Reads only; it is so as long as a timer still looks for her, or an alarm about her stands.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.crisis.models import IncidentEvent, Page
from union.crisis.rules.kinds import PageState
from union.infra.timers import Timer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union.infra.work import Work

SAFETY_ALARM = "crisis_safety_alarm"
"""The timer after which somebody who does not answer is looked for."""

UNHEARD = "safety_alarm"
"""The event that says that she is."""

_TELLING = ("dropped_out", "seems", "checked_in", "arrived", UNHEARD)
LONGEST = timedelta(days=2)
"""So long her own page keeps asking her; after that those who look for her do."""


def is_missed(work: Work, page: Page) -> bool:
    """Whether she was given up unheard; a word of hers ends it."""
    if page.shown is not PageState.DROPPED_OUT:
        return False
    waits = select(Timer.id).where(
        Timer.subject_type == "page",
        Timer.subject_id == page.id,
        Timer.kind == SAFETY_ALARM,
        Timer.done_at.is_(None),
    )
    return work.session.scalar(waits.limit(1)) is not None or was_unheard(work, page)


def was_unheard(work: Work, page: Page) -> bool:
    """Whether nobody has heard of her since the alarm about her."""
    last = work.session.scalar(
        select(IncidentEvent.code)
        .where(IncidentEvent.page_id == page.id, IncidentEvent.code.in_(_TELLING))
        .order_by(IncidentEvent.id.desc())
        .limit(1)
    )
    return last == UNHEARD


def missed_pages(work: Work, person_id: int) -> Sequence[Page]:
    """Her pages of late by which she is missed, the newest first."""
    rows = work.session.scalars(
        select(Page)
        .where(
            Page.person_id == person_id,
            func.coalesce(Page.seems, Page.state) == PageState.DROPPED_OUT,
            Page.asked_at > work.clock.now() - LONGEST,
        )
        .order_by(Page.id.desc())
    )
    return [page for page in rows if is_missed(work, page)]
