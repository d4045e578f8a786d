"""What the board shows: incidents by need, who is coming from where since when, and the holes.

Whoever calls this has made sure that the reader works at the desk; a responder never sees it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Certificate, Contact, Incident, IncidentEvent, Page
from union.crisis.queries.forced import ForcedAfter, forced_after
from union.crisis.queries.holes import holes_of
from union.crisis.queries.open import place_of, standing
from union.crisis.queries.own_paths import staying_with
from union.crisis.queries.waiting import (
    Naming,
    WaitingContact,
    branch_names,
    member_names,
    waiting_contacts,
)
from union.crisis.queries.why import left_out_lately
from union.crisis.rules.kinds import (
    COMING,
    LIVE_PAGE,
    OPEN_INCIDENT,
    SILENT_ALARM,
    AskedAs,
    Attachment,
    IncidentState,
    Kind,
    PageState,
    Severity,
)
from union.crisis.rules.needs import shortfall
from union.crisis.rules.progress import coming
from union.crisis.rules.travel import part_done

if TYPE_CHECKING:
    from union.infra.work import Work

TEAM_SHOWN = (*LIVE_PAGE, PageState.DECLINED, PageState.SILENT, PageState.DROPPED_OUT)


@dataclass(frozen=True, slots=True)
class TeamLine:
    """One asked person: who, from where, what she said and since when; ``part_done`` in percent."""

    ref: str
    name: str
    where: str
    km: float | None
    asked_as: AskedAs
    state: PageState
    since: datetime
    promised_at: datetime | None
    part_done: int
    reasons: tuple[str, ...]
    lapsed: bool
    certified: bool
    person_id: int
    counts: bool
    forced: bool
    saw_her: bool

    @property
    def is_live(self) -> bool:
        """Whether she is still asked, coming or there."""
        return self.state in LIVE_PAGE

    @property
    def is_coming(self) -> bool:
        """Whether she is coming, as far as the reader may see."""
        return self.state in COMING


@dataclass(frozen=True, slots=True)
class Watch:
    """One open incident as the board and its own page show it."""

    id: int
    ref: str
    kind: Kind
    severity: Severity
    state: IncidentState
    place: str | None
    branch: str
    people: int | None
    language: str | None
    opened_at: datetime
    step: int
    rounds: int
    missing: dict[AskedAs, int]
    team: tuple[TeamLine, ...]
    provisional: int
    contacts: int
    holes: tuple[str, ...]
    held: bool
    held_by: str
    held_until: datetime | None
    forced: bool
    ask_how: bool
    sealed: bool
    with_her: str
    left_out: Mapping[str, int]

    @property
    def is_lit(self) -> bool:
        """Whether somebody must look at it now."""
        return bool(self.missing) or self.ask_how

    @property
    def nobody_coming(self) -> bool:
        """Whether nobody at all is on her way."""
        return not any(one.is_coming for one in self.team)


@dataclass(frozen=True, slots=True)
class Board:
    """Everything at once, the most needful first."""

    contacts: tuple[WaitingContact, ...]
    watches: tuple[Watch, ...]
    forced_after: tuple[ForcedAfter, ...] = ()

    @property
    def burning(self) -> tuple[Watch, ...]:
        """Incidents with too few people: they come before everything else."""
        return tuple(one for one in self.watches if one.missing)

    @property
    def calm(self) -> tuple[Watch, ...]:
        """Incidents that are looked after."""
        return tuple(one for one in self.watches if not one.missing)

    @property
    def without_anybody(self) -> int:
        """How many incidents have nobody coming."""
        return sum(one.nobody_coming for one in self.watches)

    @property
    def short(self) -> int:
        """How many have somebody coming and still too few."""
        return sum(bool(one.missing) and not one.nobody_coming for one in self.watches)

    @property
    def looked_after(self) -> int:
        """How many have enough people."""
        return sum(not one.missing for one in self.watches)


def board(work: Work, name: Naming | None = None, *, alarms: bool = False) -> Board:
    """The whole board, in a handful of queries whatever it holds; forced answers if ``alarms``."""
    incidents = work.session.scalars(
        select(Incident).where(Incident.state.in_(OPEN_INCIDENT)).order_by(Incident.opened_at)
    ).all()
    watches = sorted(watches_of(work, incidents, name, alarms=alarms), key=_need)
    return Board(
        tuple(waiting_contacts(work, name)),
        tuple(watches),
        tuple(forced_after(work)) if alarms else (),
    )


def watches_of(
    work: Work,
    incidents: Sequence[Incident],
    name: Naming | None = None,
    *,
    alarms: bool = False,
) -> list[Watch]:
    """Incidents as values, with their teams; without ``alarms`` a forced answer looks honest."""
    ids = [incident.id for incident in incidents]
    pages: defaultdict[int, list[Page]] = defaultdict(list)
    for page in work.session.scalars(
        select(Page).where(Page.incident_id.in_(ids)).order_by(Page.id)
    ):
        pages[page.incident_id].append(page)
    contacts: defaultdict[int, list[Contact]] = defaultdict(list)
    for contact in work.session.scalars(select(Contact).where(Contact.incident_id.in_(ids))):
        contacts[contact.incident_id or 0].append(contact)
    events: defaultdict[int, list[IncidentEvent]] = defaultdict(list)
    for event in work.session.scalars(
        select(IncidentEvent).where(IncidentEvent.incident_id.in_(ids)).order_by(IncidentEvent.id)
    ):
        events[event.incident_id].append(event)
    people = {page.person_id for found in pages.values() for page in found}
    held = {one.held_by_person_id for one in incidents if one.held_by_person_id}
    staying = staying_with(work, ids)
    names = (name or member_names)(work, people | held | {s.person_id for s in staying.values()})
    sealed = {i for i, told in contacts.items() if any(c.may_be_minor_at for c in told)}
    branches = branch_names(work)
    serves = _serves_in(work, people)
    left_out = left_out_lately(work, ids)
    work.vault.preload([incident.key_ref for incident in incidents if incident.place])
    return [
        Watch(
            id=one.id,
            ref=one.ref,
            kind=Kind.UNKNOWN if one.id in sealed else one.kind,
            severity=one.severity,
            state=one.state,
            place=None if one.id in sealed else place_of(work, one),
            branch="" if one.id in sealed else branches.get(one.branch_id or 0, ""),
            people=one.people,
            language=one.language,
            opened_at=one.opened_at,
            step=one.step,
            rounds=one.rounds,
            missing=shortfall(
                {AskedAs(role): count for role, count in one.needs.items()},
                coming(standing(pages[one.id])),
            )
            if one.state in OPEN_INCIDENT
            else {},
            team=tuple(
                _line(
                    work,
                    page,
                    names,
                    None if one.id in sealed else branches.get(serves.get(page.person_id, 0), ""),
                    alarms=alarms,
                )
                for page in pages[one.id]
                if (page.shown in TEAM_SHOWN or page.arrived_at is not None)
                and (alarms or SILENT_ALARM not in page.reasons)
            ),
            provisional=sum(c.attachment is Attachment.PROVISIONAL for c in contacts[one.id]),
            contacts=len(contacts[one.id]),
            holes=holes_of(one, events[one.id], pages[one.id]),
            held=_is_held(work, one),
            held_by=names.get(one.held_by_person_id or 0, "") if _is_held(work, one) else "",
            held_until=one.held_until,
            forced=alarms and any(page.duress_at for page in pages[one.id]),
            ask_how=_last(events[one.id]) == "ask_how_it_goes",
            sealed=one.id in sealed,
            with_her=names.get(staying[one.id].person_id, "") if one.id in staying else "",
            left_out=left_out.get(one.id, {}),
        )
        for one in incidents
    ]


def _line(
    work: Work, page: Page, names: Mapping[int, str], where: str | None, *, alarms: bool
) -> TeamLine:
    since = page.arrived_at or page.ended_at or page.briefed_at or page.answered_at or page.asked_at
    return TeamLine(
        ref=page.ref,
        name=names.get(page.person_id, ""),
        where=where or "",
        km=None if where is None else page.km,
        asked_as=page.asked_as,
        state=page.state if alarms else page.shown,
        since=since,
        promised_at=page.promised_at,
        part_done=part_done(
            page.briefed_at,
            page.promised_at,
            page.arrived_at or (since if page.seems is PageState.ARRIVED else None),
            work.clock.now(),
        ),
        reasons=tuple(page.reasons),
        lapsed=page.lapsed_override_by is not None,
        certified=page.certificate_id is not None,
        person_id=page.person_id,
        counts=page.state in COMING,
        forced=alarms and page.duress_at is not None,
        saw_her=page.arrived_at is not None and page.duress_at is None,
    )


def _need(watch: Watch) -> tuple[bool, bool, bool, datetime]:
    """Nobody coming before too few before enough; grave before ordinary; the eldest first."""
    grave = watch.severity is Severity.GRAVE
    nobody = not any(one.counts for one in watch.team)
    return (not nobody, not watch.missing, not grave, watch.opened_at)


def _last(events: Sequence[IncidentEvent]) -> str:
    return events[-1].code if events else ""


def _is_held(work: Work, incident: Incident) -> bool:
    return incident.held_until is not None and incident.held_until > work.clock.now()


def _serves_in(work: Work, person_ids: set[int]) -> dict[int, int]:
    rows = work.session.execute(
        select(Certificate.person_id, Certificate.branch_id).where(
            Certificate.person_id.in_(person_ids)
        )
    )
    return {row.person_id: row.branch_id for row in rows}
