"""Hours in which nobody could be woken. Invariant: each hole is told once, and once more near it.

Every morning the fourteen days ahead are looked over; whoever lives near is asked whether she takes
one, at most one at a time. A hole never keeps the engine from asking further off (C7).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, func, select

from union.crisis.models import Certificate
from union.crisis.models.covering import RotaHole, RotaOffer
from union.crisis.models.rota import RotaAway, RotaWish
from union.crisis.queries.coverage import Key, blocks_ahead, open_holes
from union.crisis.queries.rota import in_charge_of_rota, shifts_between
from union.crisis.rules.coverage import Block
from union.crisis.rules.escalation import District, neighbours
from union.crisis.rules.rota import DUTY_OF
from union.infra.timers import Timer, finish_timers, set_timer
from union.kernel.geo import distance_km
from union.kernel.ids import new_ref, new_token
from union.members.models import Branch, Member
from union.messages.services import Outgoing, send, send_all

if TYPE_CHECKING:
    from union.infra.work import Work

LOOK = "rota_look"
SUBJECT = ("rota", 1)
LOOK_LOCK = 310031
LOOKED_AT = time(9, 30)
TOLD_AGAIN = timedelta(days=3)
"""So long before its hours a hole that nobody filled is told once more."""

MOST_OFFERS = 3
"""Of so many people each hole is asked, the nearest first."""

LINK = "r/"
"""What parts the link of an offer from that of a page: it stands before the token."""


def one_at_a_time(work: Work) -> None:
    """Whoever changes the rota waits for whoever is changing it; taken before any of its rows."""
    work.session.execute(select(func.pg_advisory_xact_lock(LOOK_LOCK)))


def begin_looking(work: Work, *, at_once: bool = False) -> None:
    """Have the days ahead looked over each morning from now on; safe to say again.

    ``at_once`` also as soon as this is committed, whatever was planned.
    """
    kind, number = SUBJECT
    waits = select(Timer.id).where(
        Timer.subject_type == kind,
        Timer.subject_id == number,
        Timer.kind == LOOK,
        Timer.done_at.is_(None),
    )
    if at_once:
        finish_timers(work, kind, number, LOOK)
        now = work.clock.now()
        set_timer(work, kind=LOOK, subject_type=kind, subject_id=number, due_at=now)
    elif work.session.scalar(waits.limit(1)) is None:
        look_next_morning(work)


def look_next_morning(work: Work) -> None:
    """One timer for the next morning; former ones are finished in the same commit."""
    kind, number = SUBJECT
    finish_timers(work, kind, number, LOOK)
    today = datetime.combine(work.clock.today(), LOOKED_AT, work.clock.zone)
    due_at = today if today > work.clock.now() else today + timedelta(days=1)
    set_timer(work, kind=LOOK, subject_type=kind, subject_id=number, due_at=due_at)


def empty_blocks(work: Work) -> dict[Key, Key]:
    """Every half day ahead with an hour in which nobody could be woken, by its key."""
    return {key: key for key, _ in blocks_ahead(work)}


def look_over(work: Work) -> list[RotaHole]:
    """Bring the list of holes up to what is so now, tell of the new ones, ask who is near."""
    one_at_a_time(work)
    now = work.clock.now()
    known = {_key(hole): hole for hole in open_holes(work)}
    found = dict(blocks_ahead(work))
    for key, hole in known.items():
        if key not in found:
            hole.filled_at = now
    kept = [_keep(work, key, block) for key, block in found.items()]
    work.session.flush()
    fresh = [hole for hole in kept if hole.told_at is None]
    near = [
        hole
        for hole in kept
        if hole.told_at is not None
        and hole.told_again_at is None
        and hole.starts_at - TOLD_AGAIN <= now
    ]
    for hole in fresh:
        hole.told_at = now
        hole.told_again_at = now if hole.starts_at - TOLD_AGAIN <= now else None
    for hole in near:
        hole.told_again_at = now
    if fresh or near:
        _tell_in_charge(work)
    _offer(work, sorted(kept, key=lambda hole: (hole.starts_at, hole.id)))
    work.session.flush()
    return kept


def _key(hole: RotaHole) -> Key:
    return (hole.branch_id, hole.duty, hole.on_day, hole.part.value)


def _keep(work: Work, key: Key, block: Block) -> RotaHole:
    """The row of a hole; one that was filled and is open again is told again."""
    branch_id, duty, on_day, _ = key
    same_place = (
        RotaHole.branch_id.is_(None) if branch_id is None else RotaHole.branch_id == branch_id
    )
    hole = work.session.scalar(
        select(RotaHole).where(
            same_place,
            RotaHole.duty == duty,
            RotaHole.on_day == on_day,
            RotaHole.part == block.part,
        )
    )
    if hole is None:
        hole = RotaHole(
            ref=new_ref(),
            branch_id=branch_id,
            duty=duty,
            on_day=on_day,
            part=block.part,
            found_at=work.clock.now(),
        )
        work.session.add(hole)
    elif hole.filled_at is not None:
        hole.filled_at = hole.told_at = hole.told_again_at = None
    hole.starts_at, hole.ends_at = block.starts_at, block.ends_at
    return hole


def _tell_in_charge(work: Work) -> None:
    send_all(work, [look_when_you_can(person_id) for person_id in in_charge_of_rota(work)])


def look_when_you_can(person_id: int) -> Outgoing:
    """Words that lead somebody to her list by day, and say nothing else."""
    return Outgoing(purpose="rota", template="desk", channels=("push", "sms"), person_id=person_id)


def _offer(work: Work, kept: Sequence[RotaHole]) -> None:
    """Ask the nearest who could; nobody is asked for two holes at once, or twice for one."""
    asked = _asked_now(work)
    centres = {row.id: row.cell for row in work.session.execute(select(Branch.id, Branch.cell))}
    places = [District(branch_id, cell) for branch_id, cell in centres.items()]
    for hole in kept:
        open_still = work.session.scalars(
            select(RotaOffer.person_id).where(RotaOffer.hole_id == hole.id)
        ).all()
        wanted = MOST_OFFERS - len(open_still)
        if wanted <= 0 or hole.branch_id is None:
            continue
        near = neighbours(District(hole.branch_id, centres[hole.branch_id]), places)
        for person_id in _who_could(work, hole, near, centres[hole.branch_id]):
            if wanted > 0 and person_id not in asked and person_id not in open_still:
                _ask(work, hole, person_id)
                asked.add(person_id)
                wanted -= 1


def _asked_now(work: Work) -> set[int]:
    """Who has been asked for a hole that is still free, and has not answered."""
    return set(
        work.session.scalars(
            select(RotaOffer.person_id)
            .join(RotaHole, RotaHole.id == RotaOffer.hole_id)
            .where(
                RotaOffer.answered_at.is_(None),
                RotaHole.filled_at.is_(None),
                RotaHole.starts_at > work.clock.now(),
            )
        )
    )


def _who_could(work: Work, hole: RotaHole, near: frozenset[int], centre: str) -> list[int]:
    """Certified for it on that day, here or beside, free and not away; the nearest first."""
    roles = [role for role, duty in DUTY_OF.items() if duty is hole.duty]
    rows = work.session.execute(
        select(Certificate.person_id, Certificate.branch_id, Certificate.home_cell)
        .join(Member, Member.person_id == Certificate.person_id)
        .outerjoin(RotaWish, RotaWish.person_id == Certificate.person_id)
        .where(
            Certificate.role.in_(roles),
            Certificate.branch_id.in_(near),
            Certificate.revoked_at.is_(None),
            Certificate.starts_on <= hole.on_day,
            Certificate.ends_on > hole.on_day,
            Member.status == "active",
            Member.merged_into.is_(None),
            RotaWish.takes_offers.is_not(False),
            ~_is_away(hole),
        )
    ).all()
    down = {one.person_id for one in shifts_between(work, hole.starts_at, hole.ends_at)}
    order = sorted(
        (row.branch_id != hole.branch_id, distance_km(row.home_cell, centre), row.person_id)
        for row in rows
        if row.person_id not in down
    )
    return list(dict.fromkeys(person_id for _, _, person_id in order))


def _is_away(hole: RotaHole) -> ColumnElement[bool]:
    return (
        select(RotaAway.id)
        .where(
            RotaAway.person_id == Certificate.person_id,
            RotaAway.ended_at.is_(None),
            RotaAway.from_at < hole.ends_at,
            RotaAway.until_at > hole.starts_at,
        )
        .exists()
    )


def _ask(work: Work, hole: RotaHole, person_id: int) -> None:
    token = new_token()
    message = send(
        work,
        Outgoing(
            purpose="rota",
            template="offer",
            channels=("push", "sms"),
            person_id=person_id,
            params={"token": f"{LINK}{token}", "when": _when(work, hole)},
        ),
    )
    work.session.add(
        RotaOffer(
            ref=new_ref(),
            hole_id=hole.id,
            person_id=person_id,
            token_hash=work.vault.fingerprint("token", token),
            message_id=message.id,
            made_at=work.clock.now(),
        )
    )
    work.session.flush()


def _when(work: Work, hole: RotaHole) -> str:
    """The hours in figures, on the union's clock: they mean the same in every language."""
    zone = work.clock.zone
    first, last = hole.starts_at.astimezone(zone), hole.ends_at.astimezone(zone)
    return f"{first:%d.%m.}/{first:%H:%M}-{last:%H:%M}"
