"""What domains say of their objects to who guards the pages, each in one question of plain ids.

Reads ids only, never a row of the ORM: what a service locks later must not be known already.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sqlalchemy import Select

from union.infra.people import people_of
from union.infra.work import Work
from union.kernel.access import About

ViewArgs = Mapping[str, str]
"""What an address names, as it stands in it."""

AboutQuery = Callable[[Work, ViewArgs], About | None]
"""What an address names is to people; None if it names nothing."""

Named = Select[int] | Select[int | None]
"""A question for the ids of people."""


def owned_by(work: Work, named: Named) -> About | None:
    """An object that belongs to whomever a question names."""
    owners = people_of(work, named)
    return None if owners is None else About(owners=owners)


def called_to(work: Work, named: Named) -> About | None:
    """An object to which those were called whom a question names."""
    called = people_of(work, named)
    return None if called is None else About(called=called)


def lies_in(work: Work, branch: Named) -> About | None:
    """An object in the branch that a question names."""
    row = work.session.execute(branch).first()
    return None if row is None else About(branch_id=row[0])
