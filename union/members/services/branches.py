"""Branches come from reference data and are added once, with every way they are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from union.infra.work import Work
from union.kernel.geo import home_cell
from union.kernel.ids import new_ref
from union.members.models import Branch, BranchAlias
from union.members.rules.districts import District, fold_place


@dataclass(frozen=True, slots=True)
class NewBranch:
    """A district to be opened as a branch; degrees of its headquarters become a coarse cell."""

    name: str
    also_written: tuple[str, ...]
    headquarters: str
    latitude: float
    longitude: float

    @classmethod
    def of(cls, district: District) -> NewBranch:
        """The branch of a district."""
        return cls(
            district.name,
            district.also_written,
            district.headquarters,
            district.latitude,
            district.longitude,
        )


def add_branches(work: Work, branches: Iterable[NewBranch]) -> list[Branch]:
    """Open the branches that do not exist yet; those that do are left as they are.

    Invariant: a folded way of writing means one branch; the first to claim it keeps it.
    """
    known = {branch.name: branch for branch in work.session.scalars(select(Branch))}
    taken = set(work.session.scalars(select(BranchAlias.written)))
    listed = list(branches)
    for new in listed:
        if new.name not in known:
            branch = Branch(
                ref=new_ref(),
                name=new.name,
                headquarters=new.headquarters,
                cell=home_cell(new.latitude, new.longitude),
            )
            work.session.add(branch)
            known[new.name] = branch
    work.session.flush()
    own = [(new, new.name) for new in listed]
    other = [(new, way) for new in listed for way in new.also_written]
    for new, way in [*own, *other]:
        folded = fold_place(way)
        if folded and folded not in taken:
            taken.add(folded)
            work.session.add(BranchAlias(branch_id=known[new.name].id, written=folded))
    work.session.flush()
    work.known.clear()
    return [known[new.name] for new in listed]
