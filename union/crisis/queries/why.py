"""Why her and not another: each decision about whom to ask, read back as it was kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from union.crisis.models import IncidentChoice
from union.crisis.queries.waiting import Naming, branch_names
from union.crisis.rules.choosing import NOT_WORTH_SAYING
from union.crisis.rules.kinds import AskedAs

if TYPE_CHECKING:
    from union.infra.work import Work


@dataclass(frozen=True, slots=True)
class Person:
    """One who was weighed: how far she is, the sum in kilometres that decided, and its parts."""

    name: str
    distance: float | None
    km: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision: where was looked, who was asked, who was next, who could not be and why.

    ``branches`` empty is the whole state; ``why_not`` is by person, for whoever may read that.
    """

    at: datetime
    asked_as: AskedAs
    branches: tuple[str, ...]
    asleep_too: bool
    chosen: tuple[Person, ...]
    next: tuple[Person, ...]
    left_out: Mapping[str, int]
    why_not: tuple[tuple[str, str], ...]


def decisions_of(
    work: Work, incident_id: int, name: Naming, *, each: bool = False
) -> list[Decision]:
    """Every decision of an incident, the newest first; ``each`` tells of single people too."""
    rows = work.session.scalars(
        select(IncidentChoice)
        .where(IncidentChoice.incident_id == incident_id)
        .order_by(IncidentChoice.id.desc())
    ).all()
    names = name(work, {one for row in rows for one in _people(row)})
    places = branch_names(work)
    return [
        _decision(row, names, places, each=each)
        for row, before in zip(rows, (*rows[1:], None), strict=True)
        if not _only_says_nobody_more(row, before)
    ]


def left_out_lately(work: Work, incident_ids: Collection[int]) -> dict[int, Mapping[str, int]]:
    """How many could not be asked and why, by incident, in the latest decision of each.

    Who was asked already stands on the board herself.
    """
    newest = (
        select(func.max(IncidentChoice.id))
        .where(IncidentChoice.incident_id.in_(incident_ids))
        .group_by(IncidentChoice.incident_id)
    )
    rows = work.session.scalars(select(IncidentChoice).where(IncidentChoice.id.in_(newest)))
    return {
        row.incident_id: {
            why: count for why, count in _left_out(row).items() if why != "already_asked"
        }
        for row in rows
    }


def _only_says_nobody_more(row: IncidentChoice, before: IncidentChoice | None) -> bool:
    """Whether the choice before took all there were, and this one found that there are no more."""
    return (
        before is not None
        and not row.chosen
        and bool(before.chosen)
        and (row.at, row.asked_as) == (before.at, before.asked_as)
        and row.inputs.get("branches") == before.inputs.get("branches")
    )


def _decision(
    row: IncidentChoice, names: Mapping[int, str], places: Mapping[int, str], *, each: bool
) -> Decision:
    looked_in = row.inputs.get("branches") or ()
    return Decision(
        at=row.at,
        asked_as=AskedAs(row.asked_as),
        branches=tuple(places.get(branch_id, "") for branch_id in looked_in),
        asleep_too=bool(row.inputs.get("asleep_too")),
        chosen=tuple(_person(one, names) for one in row.chosen),
        next=tuple(_person(one, names) for one in row.inputs.get("next", ())),
        left_out=_left_out(row),
        why_not=tuple((names.get(one, ""), reason) for one, reason in _why_not(row))
        if each
        else (),
    )


def _person(kept: Mapping[str, Any], names: Mapping[int, str]) -> Person:
    return Person(
        names.get(kept["person_id"], ""), kept["distance"], kept["km"], tuple(kept["reasons"])
    )


def _left_out(row: IncidentChoice) -> dict[str, int]:
    found = row.inputs.get("left_out", {})
    return {why: count for why, count in found.items() if why not in NOT_WORTH_SAYING}


def _why_not(row: IncidentChoice) -> list[tuple[int, str]]:
    return [(one, reason) for one, reason in row.inputs.get("why_not", ())]


def _people(row: IncidentChoice) -> set[int]:
    weighed = (*row.chosen, *row.inputs.get("next", ()))
    return {one["person_id"] for one in weighed} | {one for one, _ in _why_not(row)}
