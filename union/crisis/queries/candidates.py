"""Who may be asked, as plain values: each certificate in force with what is known of her tonight.

One question to the database, however much is known. Where a step looks in some districts only, the
rest of the state is counted and not read; what the rules say of it is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Integer,
    Row,
    String,
    any_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import ARRAY

from union.crisis.models import Certificate, Incident, IncidentAvoid, Page, TeamProfile
from union.crisis.models.rota import RotaAway
from union.crisis.queries.rota import INSTANT, between
from union.crisis.rules.choosing import LOAD_BY_WEEK, Candidate, load_of
from union.crisis.rules.kinds import COMING, IN_CHARGE, OPEN_INCIDENT, PageState, Shift, TeamRole
from union.crisis.rules.rota import DUTY_OF, Duty
from union.members.models import Member

if TYPE_CHECKING:
    from enum import StrEnum

    from union.infra.work import Work

RECENT = timedelta(weeks=len(LOAD_BY_WEEK))
WEEK_SECONDS = 7 * 24 * 3600
NO_INCIDENT = 0


@dataclass(frozen=True, slots=True)
class Pool:
    """Who was read, how many certificates elsewhere were not, and whom this incident keeps away.

    ``ways`` says by which ways each of them is reached, first first.
    """

    candidates: list[Candidate]
    elsewhere: int
    avoid: frozenset[int]
    ways: Mapping[int, tuple[str, ...]]


def _words(column: str, words: Collection[StrEnum]) -> str:
    """A condition with its words written out, for an index that holds such rows only."""
    listed = ", ".join(f"'{word.value}'" for word in words)
    return f"{column} IN ({listed})"


_instant = DateTime(timezone=True)
_at, _now = bindparam("at", type_=_instant), bindparam("now", type_=_instant)
_about = bindparam("incident_id", type_=BigInteger)
_today = bindparam("today", type_=Date)
_branches = bindparam("branches", type_=ARRAY(BigInteger))
_certificate, _profile = Certificate.__table__, TeamProfile.__table__
_member, _page, _incident = Member.__table__, Page.__table__, Incident.__table__
_away, _avoid = RotaAway.__table__, IncidentAvoid.__table__

# Built once, of bare columns: every incident waits for it, at every step.
_HELD = (
    select(
        _certificate.c.person_id,
        _certificate.c.id,
        _certificate.c.role,
        _certificate.c.branch_id,
        _certificate.c.home_cell,
        _certificate.c.starts_on,
        _certificate.c.ends_on,
        _certificate.c.shift,
        _profile.c.languages,
        _profile.c.gender,
        _profile.c.resting_until,
        _profile.c.reached_by,
    )
    .join(_profile, _profile.c.person_id == _certificate.c.person_id)
    .join(_member, _member.c.person_id == _certificate.c.person_id)
    .where(
        type_coerce(_certificate.c.role, String) == any_(bindparam("roles", type_=ARRAY(String))),
        _certificate.c.revoked_at.is_(None),
        _certificate.c.starts_on <= _today,
        _certificate.c.ends_on >= _today,
        _member.c.status == "active",
        _member.c.merged_into.is_(None),
    )
    .cte("held")
)
_serving = between(_at, bindparam("then", type_=_instant))
_DOWN = select(_serving.c.person_id, _serving.c.duty, _serving.c.branch_id).cte("down")
_HERE = (
    select(_HELD)
    .where(
        or_(
            bindparam("everywhere", type_=Boolean),
            _HELD.c.branch_id == any_(_branches),
            _HELD.c.person_id.in_(
                select(_DOWN.c.person_id).where(_DOWN.c.branch_id == any_(_branches))
            ),
        )
    )
    .subquery("here")
)
_ALL = (
    select(
        func.count().label("held"),
        func.array(
            select(_avoid.c.person_id).where(_avoid.c.incident_id == _about).scalar_subquery()
        ).label("avoid"),
    )
    .select_from(_HELD)
    .subquery("everybody")
)
_FOR = (
    select(
        _ALL.c.held,
        _ALL.c.avoid,
        _HERE,
        func.array(
            select(func.concat_ws(" ", _DOWN.c.duty, _DOWN.c.branch_id))
            .where(_DOWN.c.person_id == _HERE.c.person_id)
            .scalar_subquery()
        ).label("duties"),
        select(_away.c.id)
        .where(
            _away.c.person_id == _HERE.c.person_id,
            _away.c.ended_at.is_(None),
            _away.c.from_at <= _at,
            _away.c.until_at > _at,
        )
        .exists()
        .label("away"),
        select(_page.c.id)
        .join(_incident, _incident.c.id == _page.c.incident_id)
        .where(
            _page.c.person_id == _HERE.c.person_id,
            literal_column(_words("page.state", (PageState.ACCEPTED, *COMING)), Boolean),
            _page.c.incident_id != _about,
            literal_column(_words("incident.state", OPEN_INCIDENT), Boolean),
            literal_column("NOT " + _words("page.asked_as", IN_CHARGE), Boolean),
        )
        .exists()
        .label("busy"),
        # Each time she was asked of late: twice the whole weeks since, and one if she went.
        func.array(
            select(
                2
                * func.floor(func.extract("epoch", _now - _page.c.asked_at) / WEEK_SECONDS).cast(
                    Integer
                )
                + (_page.c.briefed_at.is_not(None)).cast(Integer)
            )
            .where(
                _page.c.person_id == _HERE.c.person_id,
                _page.c.asked_at > bindparam("since", type_=_instant),
                _page.c.asked_at <= _now,
            )
            .scalar_subquery()
        ).label("asked"),
    )
    .select_from(_ALL)
    .outerjoin(_HERE, true())
    .order_by(_HERE.c.id)
)


def candidates(
    work: Work, roles: Collection[TeamRole], incident_id: int, at: datetime | None = None
) -> list[Candidate]:
    """Everybody alive and here with a certificate for one of the roles in force on that day.

    ``at`` is now, unless a coordinator asks how it would be at another hour.
    """
    return pool(work, roles, incident_id, at=at).candidates


def pool(
    work: Work,
    roles: Collection[TeamRole],
    incident_id: int,
    branches: Collection[int] | None = None,
    *,
    at: datetime | None = None,
) -> Pool:
    """As ``candidates``, of those who belong to one of ``branches`` or are down there now.

    Without ``branches`` it is the whole state, and nobody is elsewhere.
    """
    now = work.clock.now()
    at = at or now
    asked = {
        "roles": [role.value for role in roles],
        "incident_id": incident_id,
        "everywhere": branches is None,
        "branches": list(branches or ()),
        "today": at.astimezone(work.clock.zone).date(),
        "at": at,
        "then": at + INSTANT,
        "now": now,
        "since": now - RECENT,
    }
    rows = work.session.execute(_FOR, asked).all()
    here = [row for row in rows if row.id is not None]
    return Pool(
        [_candidate(row) for row in here],
        rows[0].held - len(here),
        frozenset(rows[0].avoid),
        {row.person_id: tuple(row.reached_by) for row in here},
    )


def _candidate(row: Row[*tuple[Any, ...]]) -> Candidate:
    serves, role = _serves(row.duties, row.role), TeamRole(row.role)
    return Candidate(
        person_id=row.person_id,
        certificate_id=row.id,
        role=role,
        branch_id=row.branch_id,
        cell=row.home_cell,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        shift=Shift(row.shift),
        languages=frozenset(row.languages),
        gender=row.gender,
        resting_until=row.resting_until,
        load=_load(row.asked),
        busy=row.busy,
        on_rota=bool(serves),
        serves=serves,
        away=row.away,
    )


def _serves(duties: Collection[str], role: TeamRole) -> frozenset[int]:
    """The districts for which she is down now as what this certificate lets her be."""
    if not duties:
        return frozenset()
    down = (duty.split(" ") for duty in duties if " " in duty)
    return frozenset(int(branch) for duty, branch in down if Duty(duty) is DUTY_OF[role])


def _load(asked: Collection[int]) -> float:
    """How much she was asked and went over the last four weeks, as the rules weigh it."""
    if not asked:
        return 0.0
    weeks = Counter(one // 2 for one in asked)
    return load_of(weeks, Counter(one // 2 for one in asked if one % 2))
