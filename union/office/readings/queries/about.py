"""What a reading is to people: whose it is, by what was written and by what the object is now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import and_, select, union_all

from union.crisis.models import Contact, Taken
from union.infra.abouts import owned_by
from union.infra.readings import ReadingRow
from union.legal.models import LegalCase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from union.infra.abouts import AboutQuery, ViewArgs
    from union.infra.work import Work
    from union.kernel.access import About


def about_reading(work: Work, args: ViewArgs) -> About | None:
    """Whom it is about; whether she may see it by now is asked by her page.

    One question whether it is there or not, so that its time tells nothing.
    """
    here = ReadingRow.ref == args["ref"]
    now = (
        (LegalCase.subject_person_id, LegalCase.id, "legal_case"),
        (LegalCase.subject_person_id, LegalCase.incident_id, "incident"),
        (Contact.person_id, Contact.id, "contact"),
        (Taken.person_id, Taken.id, "taken"),
    )
    named = union_all(
        select(ReadingRow.subject_person_id).where(here),
        *(
            select(person_id)
            .join(ReadingRow, and_(ReadingRow.object_id == key, ReadingRow.object_type == kind))
            .where(here)
            for person_id, key, kind in now
        ),
    ).subquery()
    return owned_by(work, select(named.c[0]))


ABOUTS: Mapping[str, AboutQuery] = {"readings.reading": about_reading}
