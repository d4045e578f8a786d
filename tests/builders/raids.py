"""A raid in Bidar, its list, and what one asks of it."""

from __future__ import annotations

from copy import copy

from sqlalchemy import select

from tests.builders.crisis import report
from union.crisis.models import Incident, Taken, TakenMedicine
from union.crisis.rules.kinds import Kind
from union.crisis.rules.taken import Source, Standing
from union.crisis.services.taken import Move, Typed, keep_sheet, move
from union.infra.timers import Timer
from union.infra.work import Work
from union.kernel.actor import Actor
from union.kernel.ids import new_command_key

ELEVEN = """Lakshmi
Meena, insulin 2am
woman in green, about 30
Rani, ART 6am
Zarina
Kavya
Lakshmi
Sunita, BP tablet 7:30
old woman with a stick
Asha
Fatima
"""


def by(work: Work, person_id: int) -> Work:
    """The same unit of work in which this person acts."""
    hers = copy(work)
    hers.actor = Actor(person_id, None, frozenset())
    return hers


def make_raid(work: Work, **fields) -> Incident:
    """A raid of which somebody told us."""
    fields.setdefault("kind", Kind.ARREST_OR_RAID)
    fields.setdefault("people", 11)
    return work.session.get_one(Incident, report(work, **fields).incident_id)


def type_list(work: Work, incident_id: int, text: str, key: str | None = None, *, whole=True):
    """Type a list; what came of it."""
    return keep_sheet(work, incident_id, Typed(key or new_command_key(), text, whole))


def everybody(work: Work) -> list[Taken]:
    return list(work.session.scalars(select(Taken).order_by(Taken.id)))


def medicines(work: Work) -> list[TakenMedicine]:
    return list(work.session.scalars(select(TakenMedicine).order_by(TakenMedicine.due_at)))


def go(work: Work, taken: Taken, standing: Standing, **fields) -> None:
    move(work, taken.id, Move(standing, fields.pop("source", Source.TEAM), **fields))


def timers(work: Work, kind: str) -> list[Timer]:
    rows = select(Timer).where(Timer.kind == kind, Timer.done_at.is_(None))
    return list(work.session.scalars(rows.order_by(Timer.id)))
