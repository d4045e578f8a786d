"""What somebody who was asked may see of her own pages: where it is only once she counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.crisis.models import Contact, Incident, Page
from union.crisis.queries.missed import missed_pages
from union.crisis.queries.open import CONTACT_NUMBER, opened, place_of
from union.crisis.queries.taken import meeting_point_of, taken_rows
from union.crisis.rules.kinds import (
    COMING,
    IN_CHARGE,
    LIVE_PAGE,
    OPEN_INCIDENT,
    AskedAs,
    Kind,
    PageState,
)

if TYPE_CHECKING:
    from union.infra.work import Work

ANSWERABLE = (PageState.ASKED, PageState.SILENT, PageState.ACCEPTED)
"""Where a yes of hers may still move her page; who comes, or came, has said it."""

ANSWERS_WITHIN = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class MyPage:
    """A page as she who is asked may see it: where it is only once she counts."""

    ref: str
    state: PageState
    asked_as: AskedAs
    asked_at: datetime
    promised_at: datetime | None
    kind: Kind | None
    place: str | None
    people: int | None
    language: str | None
    numbers: tuple[str, ...]
    meets: str | None = None
    listed: bool = False


def pages_lately(work: Work, people: Collection[int]) -> list[Page]:
    """What these were asked tonight, first what still lives, the newest first."""
    return list(
        work.session.scalars(
            select(Page)
            .where(Page.person_id.in_(people), Page.asked_at > work.clock.now() - ANSWERS_WITHIN)
            .order_by(Page.state.not_in((*ANSWERABLE, *COMING)), Page.id.desc())
        )
    )


def my_pages(work: Work, person_id: int, elsewhere: str) -> Sequence[MyPage]:
    """What is asked of somebody now, and where she is missed; another's are never among them.

    ``elsewhere`` is the place shown to somebody forced, who otherwise sees what all see.
    """
    rows = work.session.execute(
        select(Page, Incident)
        .join(Incident, Incident.id == Page.incident_id)
        .where(
            Page.person_id == person_id,
            func.coalesce(Page.seems, Page.state).in_(LIVE_PAGE),
            Incident.state.in_(OPEN_INCIDENT),
        )
        .order_by(Page.id.desc())
    ).all()
    pairs = [(page, incident) for page, incident in rows]
    pairs += [
        (page, work.session.get_one(Incident, page.incident_id))
        for page in missed_pages(work, person_id)
    ]
    return [my_page(work, page, incident, elsewhere) for page, incident in pairs]


def my_page(work: Work, page: Page, incident: Incident, elsewhere: str) -> MyPage:
    """One page as its person may see it; a forced one is shown ``elsewhere`` and nothing else."""
    if page.duress_at is not None:
        return _forced_page(page, elsewhere)
    knows = page.briefed_at is not None and page.state in LIVE_PAGE
    numbers: tuple[str, ...] = ()
    if knows and page.asked_as in (AskedAs.COUNSELLOR, *IN_CHARGE):
        numbers = _numbers(work, incident, page.asked_as)
    return MyPage(
        ref=page.ref,
        state=page.state,
        asked_as=page.asked_as,
        asked_at=page.asked_at,
        promised_at=page.promised_at,
        kind=incident.kind if knows else None,
        place=place_of(work, incident) if knows else None,
        people=incident.people if knows else None,
        language=incident.language if knows else None,
        numbers=numbers,
        meets=meeting_point_of(work.session, incident) if knows else None,
        listed=knows and page.state in COMING and bool(taken_rows(work.session, incident.id)),
    )


def _forced_page(page: Page, elsewhere: str) -> MyPage:
    knows = page.shown in COMING
    return MyPage(
        ref=page.ref,
        state=page.shown,
        asked_as=page.asked_as,
        asked_at=page.asked_at,
        promised_at=page.promised_at,
        kind=Kind.UNKNOWN if knows else None,
        place=elsewhere if knows else None,
        people=None,
        language=None,
        numbers=(),
    )


def _numbers(work: Work, incident: Incident, asked_as: AskedAs) -> tuple[str, ...]:
    """Whom she may ring; one who may be a child is rung by who is asked to talk with her alone."""
    rows = select(Contact).where(Contact.incident_id == incident.id, Contact.may_call_back)
    if asked_as is not AskedAs.COUNSELLOR:
        rows = rows.where(Contact.may_be_minor_at.is_(None))
    contacts = work.session.scalars(rows).all()
    found = (opened(work, one, CONTACT_NUMBER, one.number) for one in contacts)
    return tuple(dict.fromkeys(number for number in found if number))
