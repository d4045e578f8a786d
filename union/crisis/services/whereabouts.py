"""Where somebody is, from whatever she told us: a written district, a point, words, her branch.

Invariant: a point is kept only as a coarse cell, and a district only when one is meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import select

from union.crisis.models import Contact, Incident
from union.crisis.queries.gazetteer import areas, district_written, landmarks
from union.crisis.queries.open import place_of
from union.crisis.rules.kinds import ContactChannel
from union.crisis.rules.places import Found, find, guess
from union.crisis.services.report import Report
from union.identity.queries import people_with_role
from union.kernel.actor import Role
from union.kernel.geo import distance_km, home_cell
from union.members.queries import branch_of

if TYPE_CHECKING:
    from union.infra.work import Work


def locate(work: Work, report: Report) -> Found | None:
    """The district and cell a report means; the button of a member who says nothing means hers."""
    known = areas(work)
    branch_id = report.branch_id or _written(work, report.district)
    if report.point is not None:
        cell = home_cell(*report.point)
        near = min(known, key=lambda area: distance_km(area.cell, cell), default=None)
        branch = branch_id or (near.branch_id if near else None)
        return None if branch is None else Found(branch, cell, exact=True)
    spots = [spot for spot in landmarks(work) if branch_id in (None, spot.branch_id)]
    inside = [area for area in known if branch_id in (None, area.branch_id)]
    found = find(report.place, inside, spots) or find(report.words, inside, spots)
    if found is not None:
        return found
    if branch_id is None and report.channel is ContactChannel.APP and report.person_id:
        home = branch_of(work.session, report.person_id)
        branch_id = home.id if home else None
    centre = next((area for area in known if area.branch_id == branch_id), None)
    return None if centre is None else Found(centre.branch_id, centre.cell, exact=False)


def homes_of(work: Work, incident: Incident) -> list[Found]:
    """Around which districts people are looked for: the incident's own, if it is known.

    Until then what its words may mean, else the districts of whoever took the call or, if nobody
    did, of those at the desk; none if nobody there has one.
    """
    known = areas(work)
    centres = {area.branch_id: Found(area.branch_id, area.cell, exact=False) for area in known}
    if incident.branch_id is not None:
        return [centres[incident.branch_id]]
    guessed = guess(place_of(work, incident), known, landmarks(work))
    if guessed is not None:
        return [guessed]
    took = work.session.scalars(
        select(Contact.taken_by_person_id).where(
            Contact.incident_id == incident.id, Contact.taken_by_person_id.is_not(None)
        )
    ).all()
    people = [one for one in took if one] or people_with_role(work, Role.OPERATOR)
    lives = {branch.id for branch in (branch_of(work.session, p) for p in people) if branch}
    return [centres[branch_id] for branch_id in sorted(lives)]


def _written(work: Work, district: str | None) -> int | None:
    return district_written(work, district) if district else None
