"""Today's people as the rules see them, for a coordinator who asks who would be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.crisis.queries.candidates import NO_INCIDENT, candidates
from union.crisis.queries.gazetteer import areas
from union.crisis.queries.rota import duty_officers_on, present
from union.crisis.rules.escalation import District
from union.crisis.rules.kinds import FILLED_BY, TEAM, AskedAs
from union.crisis.rules.rehearsal import Rehearsed, Stage, rehearse
from union.identity.queries import people_with_role
from union.kernel.actor import Role
from union.kernel.errors import NotFoundError

if TYPE_CHECKING:
    from datetime import datetime

    from union.crisis.rules.policies import Draft
    from union.infra.work import Work


def who_would_be_asked(work: Work, draft: Draft, branch_id: int, at: datetime) -> list[Rehearsed]:
    """The steps of a draft over today's people; nothing is written and nobody is told."""
    districts = [District(area.branch_id, area.cell) for area in areas(work)]
    home = next((one for one in districts if one.branch_id == branch_id), None)
    if home is None:
        raise NotFoundError
    stage = Stage(
        home=home,
        local=at.astimezone(work.clock.zone),
        districts=districts,
        candidates={role: candidates(work, FILLED_BY[role], NO_INCIDENT, at) for role in TEAM},
        in_charge={
            AskedAs.COORDINATOR: present(work, people_with_role(work, Role.COORDINATOR), at),
            AskedAs.DUTY_OFFICER: present(work, people_with_role(work, Role.DUTY_OFFICER), at),
        },
        down={AskedAs.DUTY_OFFICER: duty_officers_on(work, at)},
    )
    return rehearse(draft, stage)
