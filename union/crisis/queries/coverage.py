"""How many could be woken where in each hour ahead: one question for all districts and hours."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    DateTime,
    Integer,
    Select,
    TableValuedAlias,
    Text,
    any_,
    cast,
    column,
    extract,
    func,
    literal,
    select,
    tuple_,
)

from union.crisis.models import Certificate, TeamProfile
from union.crisis.models.covering import RotaHole, RotaOffer
from union.crisis.queries.rota import between
from union.crisis.rules.choosing import DAY_FROM, NIGHT_FROM
from union.crisis.rules.coverage import DAYS_AHEAD, HOUR, Block, by_day, holes, hours_ahead
from union.crisis.rules.rota import Duty
from union.kernel.errors import NotFoundError
from union.members.models import Branch

if TYPE_CHECKING:
    from union.infra.work import Work

Place = tuple[int | None, Duty]
"""A district and a duty; None is the whole state."""

Key = tuple[int | None, Duty, date, str]
"""A half day of a place, by which a hole is known."""

BY_DISTRICT = (Duty.RESPONDER,)
FOR_ALL = (Duty.PARALEGAL, Duty.COUNSELLOR)
"""Helped by telephone, from wherever in the state somebody is awake."""


@dataclass(frozen=True, slots=True)
class Cover:
    """The hours ahead and how many could be woken in each, by district and duty."""

    hours: tuple[datetime, ...]
    counts: dict[Place, list[int]]
    promised: dict[Place, list[int]]
    districts: dict[int, str]

    def of(self, branch_id: int | None, duty: Duty) -> list[int]:
        """How many in each hour; nobody where nobody is certified."""
        return self.counts.get((branch_id, duty)) or [0] * len(self.hours)

    def promised_of(self, branch_id: int | None, duty: Duty) -> list[int]:
        """How many of them are down for it on the rota."""
        return self.promised.get((branch_id, duty)) or [0] * len(self.hours)


def cover(
    work: Work,
    *,
    language: str | None = None,
    branch_id: int | None = None,
    first: date | None = None,
    days: int = DAYS_AHEAD,
) -> Cover:
    """Everybody who could be woken from midnight of ``first`` (today), in one question.

    With ``language`` only those who speak it, with ``branch_id`` one district alone.
    """
    hours = hours_ahead(first or work.clock.today(), days, work.clock.zone)
    numbered = _numbered(work, hours, language, branch_id).subquery()
    each = numbered.c
    people = func.count(each.person_id.distinct())
    query = select(
        each.branch_id,
        each.duty,
        each.number,
        people.label("people"),
        people.filter(each.promised).label("promised"),
    ).group_by(
        func.grouping_sets(
            tuple_(each.branch_id, each.duty, each.number), tuple_(each.duty, each.number)
        )
    )
    counts: dict[Place, list[int]] = {}
    promised: dict[Place, list[int]] = {}
    for row in work.session.execute(query):
        place = (row.branch_id, Duty(row.duty))
        counts.setdefault(place, [0] * len(hours))[row.number] = row.people
        promised.setdefault(place, [0] * len(hours))[row.number] = row.promised
    names = select(Branch.id, Branch.name).order_by(Branch.name)
    districts = {row.id: row.name for row in work.session.execute(names)}
    return Cover(hours, counts, promised, districts)


def blocks_ahead(work: Work) -> list[tuple[Key, Block]]:
    """Every half day ahead with an hour in which nobody could be woken where she is needed."""
    now, covered = work.clock.now(), cover(work)
    places: list[Place] = [
        (branch_id, duty) for duty in BY_DISTRICT for branch_id in covered.districts
    ]
    certified = {duty for _, duty in covered.counts}
    places += [(None, duty) for duty in FOR_ALL if duty in certified]
    return [
        ((branch_id, duty, block.on_day, block.part.value), block)
        for branch_id, duty in places
        for block in holes(covered.hours, covered.of(branch_id, duty), work.clock.zone, now)
    ]


def _numbered(
    work: Work, hours: Sequence[datetime], language: str | None, branch_id: int | None
) -> Select[*tuple[Any, ...]]:
    """Who could be woken where, by the number of the hour."""
    awake = awake_in(hours, work.clock.zone.key)
    number = cast(extract("epoch", awake.c.hour_at - literal(hours[0])) / 3600, Integer)
    query = select(
        awake.c.branch_id,
        awake.c.duty,
        awake.c.person_id,
        awake.c.promised,
        number.label("number"),
    )
    if language is not None:
        query = query.join(TeamProfile, TeamProfile.person_id == awake.c.person_id).where(
            literal(language) == any_(TeamProfile.languages)
        )
    return query if branch_id is None else query.where(awake.c.branch_id == branch_id)


def awake_in(hours: Sequence[datetime], zone: str) -> TableValuedAlias:
    """The database's own list of who could be woken in each hour, as a table."""
    instants = DateTime(timezone=True)
    return func.rota_awake(
        literal(hours[0], instants),
        literal(hours[-1] + HOUR, instants),
        zone,
        DAY_FROM,
        NIGHT_FROM,
    ).table_valued(
        column("hour_at", instants),
        column("person_id", BigInteger),
        column("duty", Text),
        column("branch_id", BigInteger),
        column("promised", Boolean),
        name="awake",
    )


def spoken(work: Work) -> list[str]:
    """Every language somebody with a certificate in force speaks, the commonest first."""
    today = work.clock.today()
    each = (
        select(func.unnest(TeamProfile.languages).label("word"), TeamProfile.person_id)
        .join(Certificate, Certificate.person_id == TeamProfile.person_id)
        .where(
            Certificate.revoked_at.is_(None),
            Certificate.starts_on <= today,
            Certificate.ends_on >= today,
        )
        .distinct()
        .subquery()
    )
    rows = work.session.execute(
        select(each.c.word).group_by(each.c.word).order_by(func.count().desc(), each.c.word)
    )
    return [row.word for row in rows]


def desk_cover(work: Work, duty: Duty) -> dict[date, list[int]]:
    """Levels by day of a duty at the desk: who is down for it; nothing where nobody is at all."""
    hours = hours_ahead(work.clock.today(), DAYS_AHEAD, work.clock.zone)
    down = between(hours[0], hours[-1] + HOUR)
    rows = work.session.execute(
        select(down.c.starts_at, down.c.ends_at).where(down.c.duty == duty)
    ).all()
    if not rows:
        return {}
    counts = [sum(row.starts_at <= at and at + HOUR <= row.ends_at for row in rows) for at in hours]
    return by_day(hours, counts, work.clock.zone)


def open_holes(work: Work) -> Sequence[RotaHole]:
    """Holes that nobody has filled and that have not passed, the earliest first."""
    return work.session.scalars(
        select(RotaHole)
        .where(RotaHole.filled_at.is_(None), RotaHole.ends_at > work.clock.now())
        .order_by(RotaHole.starts_at, RotaHole.branch_id, RotaHole.id)
    ).all()


def asked_about(work: Work, hole_ids: Collection[int]) -> dict[int, int]:
    """How many people were asked about each hole; those with nobody to ask are not there."""
    rows = work.session.execute(
        select(RotaOffer.hole_id, func.count(RotaOffer.id).label("people"))
        .where(RotaOffer.hole_id.in_(hole_ids))
        .group_by(RotaOffer.hole_id)
    )
    return {row.hole_id: row.people for row in rows}


def open_offers(work: Work, person_id: int) -> Sequence[tuple[RotaOffer, RotaHole]]:
    """What she is asked to take and has not answered, while it is still free."""
    rows = work.session.execute(
        select(RotaOffer, RotaHole)
        .join(RotaHole, RotaHole.id == RotaOffer.hole_id)
        .where(
            RotaOffer.person_id == person_id,
            RotaOffer.answered_at.is_(None),
            RotaHole.filled_at.is_(None),
            RotaHole.starts_at > work.clock.now(),
        )
        .order_by(RotaHole.starts_at)
    ).all()
    return [(offer, hole) for offer, hole in rows]


def offer_by_ref(work: Work, ref: str) -> RotaOffer:
    """An offer by its reference; NotFoundError if there is none."""
    found = work.session.scalar(select(RotaOffer).where(RotaOffer.ref == ref))
    if found is None:
        raise NotFoundError
    return found


def offer_of_token(work: Work, token: str) -> tuple[RotaOffer, RotaHole] | None:
    """The offer a link belongs to while its hours have not passed; reading it answers nothing."""
    row = work.session.execute(
        select(RotaOffer, RotaHole)
        .join(RotaHole, RotaHole.id == RotaOffer.hole_id)
        .where(
            RotaOffer.token_hash == work.vault.fingerprint("token", token),
            RotaHole.ends_at > work.clock.now(),
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1])
