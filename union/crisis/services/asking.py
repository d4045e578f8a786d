"""Asking by one step of a policy. Invariant: each decision about whom to ask is kept, with why."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from union.crisis.models import Incident, IncidentAvoid, IncidentChoice, Page
from union.crisis.queries.candidates import pool
from union.crisis.queries.gazetteer import areas
from union.crisis.queries.rota import duty_officers_on, present
from union.crisis.rules.choosing import Choice, Wanted, Weighed, choose
from union.crisis.rules.escalation import District, Step, how_many, scope, widening
from union.crisis.rules.kinds import FILLED_BY, IN_CHARGE, LIVE_PAGE, AskedAs, PageState, Who
from union.crisis.rules.needs import Needs
from union.crisis.rules.progress import in_charge_first, in_charge_next, may_be_asked, waiting
from union.crisis.services.paging import Asking, ask_people
from union.crisis.services.timeline import say
from union.crisis.services.whereabouts import homes_of
from union.identity.queries import people_with_role
from union.kernel.actor import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from union.infra.work import Work

NEXT_KEPT = 5
"""How many of those who would have been next each decision keeps, with their sums."""


def ask_step(work: Work, incident: Incident, pages: list[Page], step: Step, missing: Needs) -> int:
    """Ask whom this step names for what is missing; say how many could be told.

    ``pages`` are those of the incident; the new ones are added to them.
    """
    missing = step.of(missing)
    if incident.branch_id is None:
        return _ask_without_place(work, incident, pages, step, missing)
    return _ask_step(work, incident, pages, step, missing)


def _ask_without_place(
    work: Work, incident: Incident, pages: list[Page], step: Step, missing: Needs
) -> int:
    """Nobody knows where it is (C2): those in charge are asked at once, beside the team."""
    told = [page for page in pages if page.asked_as in IN_CHARGE]
    if not told:
        say(work, incident, "place_unknown")
        _ask_in_charge(work, incident, pages, AskedAs.COORDINATOR, Role.COORDINATOR)
        _ask_in_charge(work, incident, pages, AskedAs.DUTY_OFFICER, Role.DUTY_OFFICER)
    elif all(page.state not in LIVE_PAGE for page in told):
        officers = set(_in_charge(work, incident, Role.DUTY_OFFICER))
        if officers - {page.person_id for page in told}:
            _ask_in_charge(work, incident, pages, AskedAs.DUTY_OFFICER, Role.DUTY_OFFICER)
    return _ask_step(work, incident, pages, step, missing)


def _ask_step(work: Work, incident: Incident, pages: list[Page], step: Step, missing: Needs) -> int:
    if step.who is Who.COORDINATORS:
        return _ask_in_charge(work, incident, pages, AskedAs.COORDINATOR, Role.COORDINATOR)
    asked = 0
    if step.who is Who.DUTY_OFFICER:
        asked += _ask_in_charge(work, incident, pages, AskedAs.COORDINATOR, Role.COORDINATOR)
        asked += _ask_in_charge(work, incident, pages, AskedAs.DUTY_OFFICER, Role.DUTY_OFFICER)
    for role in missing:
        asked += _ask_role(work, incident, pages, step, (role, missing[role]))
    return asked


def _ask_role(
    work: Work, incident: Incident, pages: list[Page], step: Step, wanting: tuple[AskedAs, int]
) -> int:
    role, missing = wanting
    still = waiting((p.asked_as, p.state) for p in pages).get(role, 0)
    count = how_many(missing, still, step.spare)
    wanted = _wanted(work, incident, role, count, pages)
    asked = 0
    for who in widening(step.who, role):
        looked_for = replace(wanted, count=count - asked)
        asked += _ask_within(work, incident, pages, looked_for, (who, step.ways))
        if asked + still > 0:
            break
    return asked


def _ask_within(
    work: Work,
    incident: Incident,
    pages: list[Page],
    wanted: Wanted,
    asking: tuple[Who, tuple[str, ...]],
) -> int:
    """Ask the best within one scope; whoever cannot be told anything is replaced by the next.

    Where nobody in the whole state is awake, whoever is certified is woken (C7).
    """
    who, ways = asking
    branches = _branches(work, incident, pages, who)
    found = pool(work, FILLED_BY[wanted.role], incident.id, branches)
    wanted = replace(wanted, branches=branches, avoid=found.avoid)
    asked = 0
    while wanted.count > 0:
        choice = choose(found.candidates, wanted, found.elsewhere)
        _keep_choice(work, incident, wanted, choice)
        if choice.is_empty:
            if asked == 0 and not wanted.asleep_too:
                say(work, incident, "nobody_suitable", asked_as=wanted.role, who=who)
            if asked or wanted.asleep_too or wanted.branches is not None:
                break
            wanted = replace(wanted, asleep_too=True)
            continue
        made = ask_people(
            work,
            incident,
            [Asking.of(w, wanted.role, ways, found.ways[w.person_id]) for w in choice.chosen],
        )
        pages += made
        reached = _reached(made)
        asked += reached
        wanted = replace(
            wanted,
            count=wanted.count - reached,
            already=wanted.already | {page.person_id for page in made},
        )
    return asked


def _branches(
    work: Work, incident: Incident, pages: Sequence[Page], who: Who
) -> frozenset[int] | None:
    """The branches this step looks in; None is the whole state.

    Where nothing at all tells the district, nobody is woken across the state while somebody in
    charge can still find it out; who helps by telephone is.
    """
    if who not in (Who.NEAREST, Who.NEIGHBOURS):
        return None
    districts = [District(area.branch_id, area.cell) for area in areas(work)]
    homes = [District(home.branch_id, home.cell) for home in homes_of(work, incident)]
    near = [scope(who, home, districts) for home in homes]
    if not near:
        told = any(p.asked_as in IN_CHARGE and p.state in LIVE_PAGE for p in pages)
        return frozenset() if told else None
    return frozenset().union(*(branches or () for branches in near))


def _wanted(
    work: Work, incident: Incident, role: AskedAs, count: int, pages: Sequence[Page]
) -> Wanted:
    now = work.clock.now()
    return Wanted(
        role=role,
        count=count,
        local=now.astimezone(work.clock.zone),
        cell=incident.cell or next((home.cell for home in homes_of(work, incident)), None),
        language=incident.language,
        gender=incident.gender_wish,
        already=frozenset(
            page.person_id
            for page in pages
            if page.duress_at is not None or not may_be_asked(page.state, page.asked_at, now)
        ),
    )


def _avoided(work: Work, incident: Incident) -> frozenset[int]:
    return frozenset(
        work.session.scalars(
            select(IncidentAvoid.person_id).where(IncidentAvoid.incident_id == incident.id)
        )
    )


def _in_charge(work: Work, incident: Incident, role: Role) -> list[int]:
    """Who holds the office, is not away and need not stay away from this."""
    avoided = _avoided(work, incident)
    return [one for one in present(work, people_with_role(work, role)) if one not in avoided]


def _ask_in_charge(
    work: Work, incident: Incident, pages: list[Page], asked_as: AskedAs, role: Role
) -> int:
    """Ask who holds the office; of the duty officers, whoever is down for these hours first.

    The others are left alone while hers rings or she has it in hand, and asked once that was in
    vain or over, or at once where she cannot be told anything or goes there herself.
    """
    live = {page.person_id for page in pages if page.state in LIVE_PAGE}
    holders = _in_charge(work, incident, role)
    down = holders
    if asked_as is AskedAs.DUTY_OFFICER:
        down = duty_officers_on(work, work.clock.now())
    told = [(page.person_id, page.state) for page in pages if page.asked_as in IN_CHARGE]
    first = in_charge_first(holders, down, told)
    asked = _ask_each(work, incident, asked_as, [one for one in first if one not in live])
    has_it = incident.held_until is not None and incident.held_until > work.clock.now()
    busy = {one for one, state in told if state is PageState.ASKED or (has_it and one in live)}
    if not _reached(asked) and busy.isdisjoint(first):
        rest = [one for one in holders if one not in live and one not in first]
        asked += _ask_each(work, incident, asked_as, in_charge_next(rest, told))
    pages += asked
    if not asked and not any(one in holders and state in LIVE_PAGE for one, state in told):
        say(work, incident, "nobody_in_charge", asked_as=asked_as)
    return _reached(asked)


def _ask_each(
    work: Work, incident: Incident, asked_as: AskedAs, person_ids: Sequence[int]
) -> list[Page]:
    return ask_people(work, incident, [Asking(one, asked_as) for one in person_ids])


def _reached(pages: Sequence[Page]) -> int:
    return sum(page.state is PageState.ASKED for page in pages)


def _keep_choice(work: Work, incident: Incident, wanted: Wanted, choice: Choice) -> None:
    work.session.add(
        IncidentChoice(
            incident_id=incident.id,
            at=work.clock.now(),
            step=incident.step,
            asked_as=wanted.role,
            inputs={
                "count": wanted.count,
                "hour": wanted.local.hour,
                "branches": None if wanted.branches is None else sorted(wanted.branches),
                "language": wanted.language,
                "avoid": len(wanted.avoid),
                "asleep_too": wanted.asleep_too,
                "left_out": choice.left_out,
                "passed_over": len(choice.passed_over),
                "next": [_weighed(w) for w in choice.passed_over[:NEXT_KEPT]],
                "why_not": [[one, reason] for one, reason in choice.why_not.items()],
            },
            chosen=[_weighed(w) for w in choice.chosen],
        )
    )


def _weighed(one: Weighed) -> dict[str, Any]:
    return {
        "person_id": one.person_id,
        "certificate_id": one.certificate_id,
        "distance": one.distance,
        "km": one.km,
        "reasons": list(one.reasons),
    }
