"""Names for pages below the register: a member's own, and for an officer her office."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from union.infra.work import Work
from union.office.queries.naming import name_people, offices_held
from union.web.look import office_words


def called(work: Work, person_ids: Collection[int]) -> Mapping[int, str]:
    """Called name and card, a payee's name, or for an officer in no register her office.

    Whoever calls this has made sure that the reader may see names.
    """
    names = {
        number: office_words(roles) for number, roles in offices_held(work, person_ids).items()
    }
    return {**names, **name_people(work, person_ids)}
