"""Districts and the spots everybody knows, as plain values, kept as long as nobody changes them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import String, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from union.crisis.models import Landmark
from union.crisis.rules import places
from union.infra.editions import PLACES, kept
from union.members.models import Branch, BranchAlias
from union.members.rules.districts import fold_place

if TYPE_CHECKING:
    from union.infra.work import Work

_AREAS = (
    select(
        Branch.id,
        Branch.name,
        Branch.headquarters,
        Branch.cell,
        func.array_remove(func.array_agg(BranchAlias.written), None, type_=ARRAY(String)).label(
            "written"
        ),
    )
    .outerjoin(BranchAlias, BranchAlias.branch_id == Branch.id)
    .group_by(Branch.id)
    .order_by(Branch.id)
)
_SPOTS = select(Landmark).order_by(Landmark.id)
_WRITTEN = select(BranchAlias.written, BranchAlias.branch_id)


def areas(work: Work) -> tuple[places.Area, ...]:
    """Every district with each way it and its headquarters are written."""
    return kept(work, PLACES, "areas", lambda: _areas(work))


def landmarks(work: Work) -> tuple[places.Landmark, ...]:
    """The curated spots everybody knows."""
    return kept(work, PLACES, "landmarks", lambda: _landmarks(work))


def district_written(work: Work, written: str) -> int | None:
    """The branch a district's name means, old names and spellings too; None if nobody knows it."""
    return kept(work, PLACES, "written", lambda: _written(work)).get(fold_place(written))


def _areas(work: Work) -> tuple[places.Area, ...]:
    return tuple(
        places.Area(row.id, (row.name, row.headquarters, *row.written), row.cell)
        for row in work.session.execute(_AREAS)
    )


def _landmarks(work: Work) -> tuple[places.Landmark, ...]:
    return tuple(
        places.Landmark(row.branch_id, (row.name, *row.also_written), row.cell)
        for row in work.session.scalars(_SPOTS)
    )


def _written(work: Work) -> Mapping[str, int]:
    return {row.written: row.branch_id for row in work.session.execute(_WRITTEN)}
