"""Where those who come meet. Invariant: only a kept spot of the incident's district is chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.crisis.errors import DistrictUnknownError
from union.crisis.models import Landmark, MeetingPoint
from union.crisis.queries.taken import landmarks_of, meeting_points
from union.crisis.services.timeline import a_person, lock_incident, say
from union.infra.editions import forget
from union.kernel.errors import NotFoundError
from union.members.models import Branch

if TYPE_CHECKING:
    from union.infra.work import Work


def choose_point(work: Work, incident_id: int, landmark_id: int) -> None:
    """They meet there; NotFoundError for a spot that is not kept for this district."""
    by = a_person(work)
    incident = lock_incident(work, incident_id, still_open=True)
    kept = {one.id for one in meeting_points(work.session, incident.branch_id)}
    if landmark_id not in kept:
        raise NotFoundError
    work.session.add(
        MeetingPoint(
            incident_id=incident.id,
            landmark_id=landmark_id,
            at=work.clock.now(),
            by_person_id=by,
        )
    )
    work.session.flush()
    say(work, incident, "meeting_point")


def keep_point(work: Work, landmark_id: int, *, on: bool) -> None:
    """A spot is a meeting point from now on, or no more; NotFoundError if there is none."""
    a_person(work)
    spot = work.session.get(Landmark, landmark_id)
    if spot is None:
        raise NotFoundError
    spot.is_meeting_point = on
    work.session.flush()


def add_point(work: Work, branch_id: int, names: tuple[str, ...]) -> None:
    """A new meeting point of a district; one of that name that is there becomes one.

    Its place on the grid is the district's own until somebody brings a better one.
    """
    a_person(work)
    branch = work.session.get(Branch, branch_id)
    if branch is None:
        raise DistrictUnknownError
    spots = landmarks_of(work.session, branch_id)
    known = next((one for one in spots if one.name == names[0]), None)
    if known is None:
        known = Landmark(branch_id=branch_id, name=names[0], also_written=[], cell=branch.cell)
        work.session.add(known)
    known.also_written = list(dict.fromkeys([*known.also_written, *names[1:]]))
    known.is_meeting_point = True
    work.session.flush()
    forget(work)
