"""Reads behind the decisions: candidates as plain values, open incidents as what was told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import DateTime, Integer, String, exists, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from union.crisis.models import Certificate, Contact, Incident, Landmark, Page, TeamProfile
from union.crisis.queries.rota import Serving, serving_at
from union.crisis.rules import places
from union.crisis.rules.choosing import LOAD_BY_WEEK, Candidate, load_of
from union.crisis.rules.kinds import COMING, OPEN_INCIDENT, AskedAs, PageState, TeamRole
from union.crisis.rules.likeness import SHOW_WITHIN_MINUTES, Told
from union.crisis.rules.rota import DUTY_OF
from union.members.models import Branch, BranchAlias, Member

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from union.infra.work import Work

RECENT = timedelta(weeks=len(LOAD_BY_WEEK))
WEEK_SECONDS = 7 * 24 * 3600
CONTACT_PLACE = "contact.place"
CONTACT_WORDS = "contact.words"
CONTACT_NUMBER = "contact.number"
INCIDENT_PLACE = "incident.place"
EVENT_WORDS = "incident_event.words"
_AREAS_KEY = "crisis.areas"


_OTHER = aliased(Contact)
_AREAS = (
    select(
        Branch.id,
        Branch.name,
        Branch.headquarters,
        Branch.cell,
        func.array_remove(func.array_agg(BranchAlias.written), None, type_=ARRAY(String)).label(
            "written"
        ),
    )
    .outerjoin(BranchAlias, BranchAlias.branch_id == Branch.id)
    .group_by(Branch.id)
    .order_by(Branch.id)
)


def areas(work: Work) -> list[places.Area]:
    """Every district with each way it and its headquarters are written, read once in a work.

    Every contact asks for them from four sides; who adds a district forgets what was read.
    """
    known: list[places.Area] | None = work.known.get(_AREAS_KEY)
    if known is None:
        known = work.known[_AREAS_KEY] = [
            places.Area(row.id, (row.name, row.headquarters, *row.written), row.cell)
            for row in work.session.execute(_AREAS)
        ]
    return known


def landmarks(session: Session) -> list[places.Landmark]:
    """The curated spots everybody knows."""
    return [
        places.Landmark(row.branch_id, (row.name, *row.also_written), row.cell)
        for row in session.scalars(select(Landmark).order_by(Landmark.id))
    ]


def candidates(
    work: Work, roles: Collection[TeamRole], incident_id: int, at: datetime | None = None
) -> list[Candidate]:
    """Everybody alive and here with a certificate for one of the roles in force on that day.

    ``at`` is now, unless a coordinator asks how it would be at another hour.
    """
    at = at or work.clock.now()
    today = at.astimezone(work.clock.zone).date()
    rows = work.session.execute(
        select(
            Certificate.person_id,
            Certificate.id,
            Certificate.role,
            Certificate.branch_id,
            Certificate.home_cell,
            Certificate.starts_on,
            Certificate.ends_on,
            Certificate.shift,
            TeamProfile.languages,
            TeamProfile.gender,
            TeamProfile.resting_until,
        )
        .join(TeamProfile, TeamProfile.person_id == Certificate.person_id)
        .join(Member, Member.person_id == Certificate.person_id)
        .where(
            Certificate.role.in_(roles),
            Certificate.revoked_at.is_(None),
            Certificate.starts_on <= today,
            Certificate.ends_on >= today,
            Member.status == "active",
            Member.merged_into.is_(None),
        )
        .order_by(Certificate.id)
    ).all()
    busy, load = _busy(work, incident_id), loads(work)
    serving = serving_at(work, at)
    return [
        Candidate(
            person_id=row.person_id,
            certificate_id=row.id,
            role=row.role,
            branch_id=row.branch_id,
            cell=row.home_cell,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
            shift=row.shift,
            languages=frozenset(row.languages),
            gender=row.gender,
            resting_until=row.resting_until,
            load=load.get(row.person_id, 0.0),
            busy=row.person_id in busy,
            on_rota=bool(serves := _serves(serving, row.person_id, row.role)),
            serves=serves,
            away=row.person_id in serving.away,
        )
        for row in rows
    ]


def _serves(serving: Serving, person_id: int, role: TeamRole) -> frozenset[int]:
    """The districts for which she is down now as what this certificate lets her be."""
    duties = serving.duties.get(person_id, frozenset())
    return frozenset(
        branch_id for duty, branch_id in duties if duty is DUTY_OF[role] and branch_id is not None
    )


def _busy(work: Work, incident_id: int) -> set[int]:
    """Who is on her way to another incident."""
    return set(
        work.session.scalars(
            select(Page.person_id)
            .join(Incident, Incident.id == Page.incident_id)
            .where(
                Page.state.in_((PageState.ACCEPTED, *COMING)),
                Page.incident_id != incident_id,
                Incident.state.in_(OPEN_INCIDENT),
                Page.asked_as.not_in((AskedAs.COORDINATOR, AskedAs.DUTY_OFFICER)),
            )
        )
    )


def loads(work: Work) -> dict[int, float]:
    """How much each was asked and went over the last four weeks, as the rules weigh it."""
    now = work.clock.now()
    week = func.floor(
        func.extract("epoch", literal(now, DateTime(timezone=True)) - Page.asked_at) / WEEK_SECONDS
    ).cast(Integer)
    rows = work.session.execute(
        select(Page.person_id, week, func.count(), func.count(Page.briefed_at))
        .where(Page.asked_at > now - RECENT, Page.asked_at <= now)
        .group_by(Page.person_id, week)
    )
    asked: defaultdict[int, dict[int, int]] = defaultdict(dict)
    went: defaultdict[int, dict[int, int]] = defaultdict(dict)
    for person_id, weeks, times, gone in rows:
        asked[person_id][weeks], went[person_id][weeks] = times, gone
    return {person_id: load_of(asked[person_id], went[person_id]) for person_id in asked}


def pages_of(session: Session, incident_id: int) -> Sequence[Page]:
    """Every page of an incident, in the order of asking."""
    return session.scalars(
        select(Page).where(Page.incident_id == incident_id).order_by(Page.id)
    ).all()


def standing(pages: Sequence[Page]) -> list[tuple[AskedAs, PageState]]:
    """Role and state of each page that may fill a place: a certificate, or somebody's override."""
    return [
        (page.asked_as, page.state)
        for page in pages
        if page.certificate_id is not None or page.lapsed_override_by is not None
    ]


def told_by(work: Work, contact: Contact, known: Sequence[places.Area]) -> Told:
    """What one contact told, as the likeness rules read it."""
    place = opened(work, contact, CONTACT_PLACE, contact.place)
    words = opened(work, contact, CONTACT_WORDS, contact.words)
    return Told(
        at=contact.received_at,
        kind=contact.kind,
        branch_id=contact.branch_id,
        cell=contact.cell,
        cell_exact=contact.cell_exact,
        said=places.telling(f"{place or ''} {words or ''}", known),
        names_place=bool(place),
        people=contact.people,
    )


def open_tellings(
    work: Work, contact: Contact, known: Sequence[places.Area]
) -> Mapping[int, Sequence[Told]]:
    """What others told of each open incident that this contact may be about, by incident.

    Of those spoken of lately, and told to be in its district or nobody knows where.
    """
    since = contact.received_at - timedelta(minutes=SHOW_WITHIN_MINUTES)
    statement = (
        select(Contact)
        .join(Incident, Incident.id == Contact.incident_id)
        .where(
            Incident.state.in_(OPEN_INCIDENT),
            Incident.last_contact_at >= since,
            Contact.id != contact.id,
        )
        .order_by(Contact.id)
    )
    if contact.branch_id is not None:
        here = or_(_OTHER.branch_id == contact.branch_id, _OTHER.branch_id.is_(None))
        statement = statement.where(exists().where(_OTHER.incident_id == Incident.id, here))
    rows = work.session.scalars(statement).all()
    work.vault.preload({row.key_ref for row in rows})
    found: defaultdict[int, list[Told]] = defaultdict(list)
    for row in rows:
        if row.incident_id is not None:
            found[row.incident_id].append(told_by(work, row, known))
    return found


def opened(work: Work, contact: Contact, field: str, blob: bytes | None) -> str | None:
    """A field of a contact in the clear; None where nothing was said."""
    return None if blob is None else work.vault.decrypt(contact.key_ref, field, contact.ref, blob)


def place_of(work: Work, incident: Incident) -> str | None:
    """Where it is, in the caller's words."""
    if incident.place is None:
        return None
    return work.vault.decrypt(incident.key_ref, INCIDENT_PLACE, incident.ref, incident.place)
