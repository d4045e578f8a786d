"""The list of those taken. Invariant: nobody once listed is lost, and the same list twice is once.

What is typed is kept as it is typed; a line rubbed out takes nobody off; each person's name lies
under a key of her own, and every change is a line of her history in the same commit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from union.crisis.errors import CardUnknownError, EndedError, TakenSameError
from union.crisis.models import Incident, Taken, TakenSheet
from union.crisis.queries.taken import taken_rows
from union.crisis.rules.kinds import IncidentState
from union.crisis.rules.taken import LONGEST_JOURNEY, Change, Source, Standing, is_held
from union.crisis.rules.taken_lines import Known, Plan, lines_of, put_right, read_line, settle, when
from union.crisis.services.custody import follow_list, hour_of
from union.crisis.services.taken_clock import keep_clock
from union.crisis.services.taken_mark import seal_mark
from union.crisis.services.taken_medicine import (
    Needed,
    correct_medicine,
    end_medicines,
    need,
    open_medicine,
)
from union.crisis.services.taken_story import NAME, TYPED, Line, check_hour, lock_taken, write
from union.crisis.services.timeline import a_person, lock_incident, say
from union.infra.outbox import record_fact
from union.kernel.errors import NotAllowedError
from union.kernel.ids import new_ref
from union.members.queries import member_by_card

if TYPE_CHECKING:
    from uuid import UUID

    from union.infra.work import Work

SHEET = "taken_sheet.words"


@dataclass(frozen=True, slots=True)
class Typed:
    """A list as it stands in a browser; ``key`` is the sheet's own, ``whole`` when it was sent."""

    key: str
    text: str = field(repr=False)
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """Where somebody is now, since when, by whose word; ``mistaken`` undoes a wrong line."""

    standing: Standing
    source: Source
    happened_at: datetime | None = None
    words: str | None = field(default=None, repr=False)
    mistaken: bool = False


def keep_sheet(work: Work, incident_id: int, typed: Typed) -> Plan:
    """Keep a list as it is typed and list who stands in its finished lines; say what came of it.

    EndedError once the incident has ended, NotAllowedError for a sheet that is somebody else's.
    """
    by = a_person(work)
    incident = _lock_kept(work, incident_id)
    sheet = _sheet(work, incident, typed, by)
    rows = taken_rows(work.session, incident.id)
    work.vault.preload([row.key_ref for row in rows])
    known = [
        Known(
            row.id, _opened(work, row.key_ref, TYPED, row.ref, row.typed), row.sheet_id == sheet.id
        )
        for row in rows
    ]
    plan = settle(lines_of(typed.text, whole=typed.whole), known)
    for line in plan.new:
        _add(work, incident, sheet, line)
    for taken_id, line in plan.changed:
        _retype(work, taken_id, line)
    if plan.new:
        follow_list(work, incident)
        say(work, incident, "taken_listed", count=len(plan.new))
    if typed.whole:
        sheet.done_at = work.clock.now()
    work.session.flush()
    return plan


def unfinished_sheet(work: Work, incident_id: int) -> Typed | None:
    """What she was typing for this incident and has not sent yet; nothing once it is gone."""
    sheet = work.session.scalar(
        select(TakenSheet)
        .where(
            TakenSheet.incident_id == incident_id,
            TakenSheet.by_person_id == work.actor.person_id,
            TakenSheet.done_at.is_(None),
        )
        .order_by(TakenSheet.id.desc())
        .limit(1)
    )
    if sheet is None:
        return None
    key_ref = work.session.get_one(Incident, incident_id).key_ref
    words = work.vault.opened(key_ref, SHEET, sheet.key, sheet.words)
    return None if words is None else Typed(sheet.key, words)


def move(work: Work, taken_id: int, to: Move) -> None:
    """She is somewhere else now, or something else was true; TakenHourError for no such hour."""
    a_person(work)
    happened_at = check_hour(work, to.happened_at or work.clock.now())
    incident, taken = lock_taken(work, taken_id)
    taken.standing, taken.standing_at = to.standing, happened_at
    if to.standing is Standing.PRODUCED:
        taken.produced_at = taken.produced_at or happened_at
    elif to.mistaken:
        taken.produced_at = None
    line = Line(Change.STANDING, to.source, happened_at, to.standing, to.words)
    write(work, taken, line, mistaken=to.mistaken)
    keep_clock(work, taken)
    follow_list(work, incident)
    if not is_held(to.standing):
        end_medicines(work, taken, to.source)
    elif incident.state is IncidentState.CLOSED:
        record_fact(work, "follow_up_needed", incident_id=incident.id)
    say(work, incident, "taken_moved", standing=to.standing, number=taken.number)


def rename(work: Work, taken_id: int, name: str, source: Source) -> None:
    """What she is called, known better now; the earlier words stay in her history."""
    a_person(work)
    _, taken = lock_taken(work, taken_id)
    before = _opened(work, taken.key_ref, NAME, taken.ref, taken.name)
    if name.strip() and name.strip() != before:
        taken.name = work.vault.encrypt(taken.key_ref, NAME, taken.ref, name.strip())
        write(work, taken, Line(Change.NAME, source, words=before))


def link(work: Work, taken_id: int, card: str, source: Source) -> None:
    """She is this member; CardUnknownError for no such card, TakenSameError if listed already."""
    a_person(work)
    incident, taken = lock_taken(work, taken_id)
    member = member_by_card(work.session, card.strip())
    if member is None:
        raise CardUnknownError
    for other in taken_rows(work.session, incident.id):
        if other.id != taken.id and other.person_id == member.person_id:
            raise TakenSameError
    taken.person_id = member.person_id
    write(work, taken, Line(Change.LINKED, source), person_id=member.person_id)


def unlink(work: Work, taken_id: int, source: Source) -> None:
    """She is not that member after all."""
    a_person(work)
    _, taken = lock_taken(work, taken_id)
    if taken.person_id is not None:
        write(work, taken, Line(Change.UNLINKED, source), person_id=taken.person_id)
        taken.person_id = None


def say_hour(work: Work, taken_id: int, taken_at: datetime, source: Source) -> None:
    """The hour at which she was taken: her 24 hours count from it; TakenHourError for none."""
    a_person(work)
    _, taken = lock_taken(work, taken_id)
    taken.taken_at, taken.assumed = check_hour(work, taken_at), False
    taken.warned_hours = 0
    write(work, taken, Line(Change.TAKEN_AT, source, happened_at=taken_at))
    keep_clock(work, taken, anew=True)


def say_journey(work: Work, taken_id: int, minutes: int, source: Source) -> None:
    """How long the road to the court was; the law leaves it out of the hours."""
    a_person(work)
    _, taken = lock_taken(work, taken_id)
    longest = int(LONGEST_JOURNEY.total_seconds() // 60)
    taken.journey_minutes = max(0, min(minutes, longest))
    write(work, taken, Line(Change.JOURNEY, source), minutes=taken.journey_minutes)


def _lock_kept(work: Work, incident_id: int) -> Incident:
    """The incident this one was joined to, or itself, still open."""
    incident = lock_incident(work, incident_id)
    while incident.merged_into_id is not None:
        incident = lock_incident(work, incident.merged_into_id)
    if incident.state is IncidentState.CLOSED:
        raise EndedError(incident_id=incident_id)
    return incident


def _sheet(work: Work, incident: Incident, typed: Typed, by: int) -> TakenSheet:
    sheet = work.session.scalar(select(TakenSheet).where(TakenSheet.key == typed.key))
    words = work.vault.encrypt(incident.key_ref, SHEET, typed.key, typed.text)
    if sheet is None:
        sheet = TakenSheet(key=typed.key, incident_id=incident.id, by_person_id=by)
        work.session.add(sheet)
    if (sheet.incident_id, sheet.by_person_id) != (incident.id, by):
        raise NotAllowedError
    sheet.words, sheet.kept_at = words, work.clock.now()
    work.session.flush()
    return sheet


def _add(work: Work, incident: Incident, sheet: TakenSheet, line: str) -> None:
    read, now = read_line(line), work.clock.now()
    key_ref, ref = work.vault.new_key(), new_ref()
    last = select(func.coalesce(func.max(Taken.number), 0)).where(Taken.incident_id == incident.id)
    standing = read.standing or Standing.TAKEN
    taken_at, assumed, warned_hours = hour_of(work, incident)
    taken = Taken(
        ref=ref,
        incident_id=incident.id,
        number=(work.session.scalar(last) or 0) + 1,
        key_ref=key_ref,
        sheet_id=sheet.id,
        typed=work.vault.encrypt(key_ref, TYPED, ref, line),
        name=work.vault.encrypt(key_ref, NAME, ref, read.name),
        standing=standing,
        standing_at=now,
        taken_at=taken_at,
        assumed=assumed,
        warned_hours=warned_hours,
        minor=seal_mark(work, key_ref, ref, ""),
        made_at=now,
        made_by_person_id=a_person(work),
    )
    work.session.add(taken)
    work.session.flush()
    write(work, taken, Line(Change.LISTED, Source.CALLER, standing=standing))
    keep_clock(work, taken)
    for dose in read.doses:
        need(work, taken, Needed(dose.what, when(dose.by, now, work.clock.zone)), Source.CALLER)


def _retype(work: Work, taken_id: int, line: str) -> None:
    """A line corrected while being typed; her name too, unless it was bettered since."""
    taken = work.session.get_one(Taken, taken_id)
    before = _opened(work, taken.key_ref, TYPED, taken.ref, taken.typed)
    called = _opened(work, taken.key_ref, NAME, taken.ref, taken.name)
    taken.typed = work.vault.encrypt(taken.key_ref, TYPED, taken.ref, line)
    old, new = read_line(before), read_line(line)
    if called == old.name and new.name != called:
        taken.name = work.vault.encrypt(taken.key_ref, NAME, taken.ref, new.name)
        write(work, taken, Line(Change.NAME, Source.CALLER, words=called))
    for dose, instead_of in put_right(old.doses, new.doses):
        at = when(dose.by, work.clock.now(), work.clock.zone)
        wrong = instead_of and open_medicine(work, taken, instead_of)
        if wrong:
            correct_medicine(work, wrong.id, Needed(dose.what, at), Source.CALLER)
        else:
            need(work, taken, Needed(dose.what, at), Source.CALLER)


def _opened(work: Work, key_ref: UUID, place: str, row: str, blob: bytes) -> str:
    return work.vault.decrypt(key_ref, place, row, blob)
