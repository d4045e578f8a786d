"""Who may open which page of legal."""

from __future__ import annotations

from union.kernel.actor import Role
from union.web.access.row import EVERYONE, Relation, Row

_PARALEGAL = {Role.PARALEGAL}


def _assigned(page: str) -> Row:
    return Row(f"legal.{page}", roles=_PARALEGAL, relation=Relation.ASSIGNED)


ROWS: tuple[Row, ...] = (
    Row("legal.who_opened", roles=EVERYONE, relation=Relation.OWN),
    Row("legal.cases", roles=_PARALEGAL),
    Row("legal.open_new", roles=_PARALEGAL),
    Row("legal.take", roles=_PARALEGAL),
    _assigned("case"),
    _assigned("hand_back"),
    _assigned("step"),
    _assigned("note"),
    _assigned("consent"),
    _assigned("withdraw"),
    _assigned("party"),
    _assigned("party_out"),
    _assigned("acts"),
    _assigned("close"),
)
