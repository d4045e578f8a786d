"""Whose hand it is. Invariant: two entries of the register that were joined are one person.

The database asks the same by ``one_person`` of every row; asked here first, so that whoever must
not gets a sentence and not a refusal.
"""

from __future__ import annotations

from union.dues.errors import SameHandError
from union.infra.people import is_present
from union.infra.work import Work


def want_another(work: Work, *person_ids: int | None) -> int:
    """The present person, who is none of these; SameHandError else, or if there is nobody."""
    if work.actor.person_id is None or is_present(work, *person_ids):
        raise SameHandError
    return work.actor.person_id
