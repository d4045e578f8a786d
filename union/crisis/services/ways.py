"""Telling those in charge that a way of telling went quiet, or is back: to look at their list.

What it is about stands on the board and on the page of the ways, never in the words (C5).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from union.crisis.services.paging import look_at_the_desk
from union.crisis.services.timeline import changed
from union.identity.queries import people_with_role
from union.kernel.actor import Role
from union.messages.services import send_all

if TYPE_CHECKING:
    from union.infra.work import Work


def tell_of_way(work: Work, _ids: Mapping[str, int]) -> None:
    """Handler of ``way_quiet`` and ``way_back``: those in charge are told, by ways that work."""
    roles = (Role.COORDINATOR, Role.DUTY_OFFICER)
    people = sorted({person for role in roles for person in people_with_role(work, role)})
    send_all(work, [look_at_the_desk(person_id) for person_id in people])
    changed(work)
