"""A reading of hers that somebody else made."""

from __future__ import annotations

from tests.access.sides import Example, Made, Side
from tests.builders.readings import WHY, written_down
from union.infra.readings import Reading, write_down
from union.infra.work import Work


def make(work: Work, side: Side) -> Made:
    her = side.member
    reading = Reading("legal_name_opened", "member", her.person_id, her.person_id, WHY)
    write_down(work, reading, her.key_ref)
    return {"readings.reading": Example({"ref": written_down(work)[-1].ref}, tied=her.person_id)}
