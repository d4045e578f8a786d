"""What a page about one contact, one incident or one person's own pages shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from union.crisis.models import Certificate, Contact, Incident, IncidentEvent, Page
from union.crisis.queries.board import Watch, watches_of
from union.crisis.queries.open import (
    CONTACT_NUMBER,
    CONTACT_PLACE,
    CONTACT_WORDS,
    EVENT_WORDS,
    opened,
)
from union.crisis.queries.own_paths import sealed_incidents
from union.crisis.queries.waiting import Naming, member_names
from union.crisis.rules.kinds import (
    FILLED_BY,
    OPEN_INCIDENT,
    SILENT_ALARM,
    AskedAs,
)
from union.infra.gone import read_or_gone
from union.kernel.errors import NotFoundError
from union.members.queries import member_views

if TYPE_CHECKING:
    from union.infra.work import Work


SHOWN_FIGURES = 2

SILENT_ALARMS = ("duress", "seems")
"""Events that are told as what they look like to whoever must not notice the force."""


@dataclass(frozen=True, slots=True)
class OpenContact:
    """One contact in the clear, for the desk; of a ``sealed`` one's number the last two figures."""

    row: Contact
    number: str | None
    words: str | None
    place: str | None
    caller: str
    incident: Incident | None
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One line of a timeline; ``facts`` are codes, ids and counts."""

    at: datetime
    code: str
    who: str
    about: str
    facts: dict[str, Any]
    words: str | None
    elsewhere: bool

    def is_as(self, other: TimelineEvent) -> bool:
        """Whether the same happened in the same minute to somebody else, with no more to say."""
        return self._alike == other._alike and bool(self.about and other.about)

    @property
    def _alike(self) -> tuple[object, ...]:
        minute = self.at.replace(second=0, microsecond=0)
        return minute, self.code, self.who, self.elsewhere, self.words or ""


@dataclass(frozen=True, slots=True)
class Lapsed:
    """Somebody whose certificate ran out, whom a coordinator may still call."""

    person_id: int
    name: str
    ended_on: date


def contact_by_ref(work: Work, ref: str) -> OpenContact:
    """A contact by its reference; NotFoundError if there is none."""
    row = work.session.scalar(select(Contact).where(Contact.ref == ref))
    if row is None:
        raise NotFoundError
    names = member_views(work, [row.person_id] if row.person_id else [])
    sealed = row.may_be_minor_at is not None
    number = opened(work, row, CONTACT_NUMBER, row.number)
    return OpenContact(
        row=row,
        number=masked(number) if sealed else number,
        words=None if sealed else _words_of(work, row),
        place=None if sealed else opened(work, row, CONTACT_PLACE, row.place),
        caller=names[row.person_id].label if row.person_id in names else "",
        incident=work.session.get(Incident, row.incident_id) if row.incident_id else None,
        sealed=sealed,
    )


def _words_of(work: Work, row: Contact) -> str | None:
    if row.words is None:
        return None
    return read_or_gone(work, row.key_ref, CONTACT_WORDS, row.ref, row.words)


def masked(number: str | None) -> str | None:
    """A number by which two calls can be told apart and nobody can be rung."""
    return f"•••••• {number[-SHOWN_FIGURES:]}" if number else None


def incident_by_ref(work: Work, ref: str) -> Incident:
    """An incident by its reference; NotFoundError if there is none."""
    incident = work.session.scalar(select(Incident).where(Incident.ref == ref))
    if incident is None:
        raise NotFoundError
    return incident


def page_by_ref(work: Work, ref: str) -> Page:
    """A page by its reference; NotFoundError if there is none."""
    found = work.session.scalar(select(Page).where(Page.ref == ref))
    if found is None:
        raise NotFoundError
    return found


def watch_of(
    work: Work, incident: Incident, name: Naming | None = None, *, alarms: bool = False
) -> Watch:
    """One incident as the board shows it."""
    return watches_of(work, [incident], name, alarms=alarms)[0]


def others_open(work: Work, incident_id: int | None) -> list[Watch]:
    """The other open incidents, newest first: to attach to, or to merge with."""
    rows = work.session.scalars(
        select(Incident)
        .where(Incident.state.in_(OPEN_INCIDENT), Incident.id != (incident_id or 0))
        .order_by(Incident.opened_at.desc())
    ).all()
    return watches_of(work, rows)


def contacts_of(work: Work, incident: Incident) -> list[OpenContact]:
    """Everybody who told of it."""
    refs = work.session.scalars(
        select(Contact.ref).where(Contact.incident_id == incident.id).order_by(Contact.received_at)
    ).all()
    return [contact_by_ref(work, ref) for ref in refs]


def timeline_of(
    work: Work, incident: Incident, *, alarms: bool, name: Naming = member_names
) -> list[TimelineEvent]:
    """All that happened, in order, in those merged into it too; silent alarms if ``alarms``.

    Without, a forced answer reads as the honest one that it looks like.
    """
    family = _family(work, incident)
    keys = {one.id: one.key_ref for one in family}
    sealed = bool(sealed_incidents(work, list(keys)))
    events = work.session.scalars(
        select(IncidentEvent)
        .where(IncidentEvent.incident_id.in_(keys))
        .order_by(IncidentEvent.at, IncidentEvent.id)
    ).all()
    pages = work.session.scalars(select(Page).where(Page.id.in_({e.page_id for e in events}))).all()
    asked = {page.id: page.person_id for page in pages}
    hidden = set() if alarms else {page.id for page in pages if SILENT_ALARM in page.reasons}
    people = {e.actor_person_id for e in events if e.actor_person_id} | set(asked.values())
    names = name(work, people)
    return [
        TimelineEvent(
            at=one.at,
            code=one.code if alarms else _as_it_looks(one),
            who=names.get(one.actor_person_id or 0, ""),
            about=names.get(asked.get(one.page_id or 0, 0), ""),
            facts=dict(one.facts),
            words=None
            if one.words is None or sealed
            else read_or_gone(work, keys[one.incident_id], EVENT_WORDS, one.ref, one.words),
            elsewhere=one.incident_id != incident.id,
        )
        for one in events
        if (alarms or _as_it_looks(one)) and one.page_id not in hidden
    ]


def _as_it_looks(event: IncidentEvent) -> str:
    return str(event.facts.get("looks", "")) if event.code in SILENT_ALARMS else event.code


def lapsed_near(work: Work, incident: Incident, role: AskedAs) -> list[Lapsed]:
    """Whose certificate for this role ran out, lately first, of this district."""
    rows = work.session.execute(
        select(Certificate.person_id, Certificate.ends_on)
        .where(
            Certificate.role.in_(FILLED_BY[role]),
            Certificate.ends_on < work.clock.today(),
            Certificate.revoked_at.is_(None),
            Certificate.branch_id == incident.branch_id,
        )
        .order_by(Certificate.ends_on.desc())
    ).all()
    names = member_views(work, {row.person_id for row in rows})
    return [
        Lapsed(row.person_id, names[row.person_id].label, row.ends_on)
        for row in rows
        if row.person_id in names
    ]


def _family(work: Work, incident: Incident) -> list[Incident]:
    found, fresh = [incident], [incident.id]
    while fresh:
        rows = work.session.scalars(
            select(Incident).where(Incident.merged_into_id.in_(fresh))
        ).all()
        found.extend(rows)
        fresh = [row.id for row in rows]
    return found
