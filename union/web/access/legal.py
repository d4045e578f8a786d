"""Who may open which page of legal."""

from __future__ import annotations

from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.row import Relation, Row

_PARALEGAL = {Role.PARALEGAL}
_RECEIVERS = {Role.WELFARE_COMMITTEE, Role.COUNSELLOR, Role.LAWYER}
"""Whoever may receive a complaint against one of our own (``union.legal.rules``)."""
_KEEP = _PARALEGAL | {Role.WELFARE_COMMITTEE, Role.COUNSELLOR}
"""Who may be named to keep keys of cases; the pages show each only what she holds."""


def _assigned(page: str, about: str = "legal.case") -> Row:
    return Row(
        f"legal.{page}",
        roles=_PARALEGAL | _RECEIVERS,
        relation=Relation.ASSIGNED,
        about=about,
        logged=page == "case",
    )


ROWS: tuple[Row, ...] = (
    Row("legal.cases", roles=_PARALEGAL),
    Row("legal.open_new", roles=_PARALEGAL),
    Row("legal.take", roles=_PARALEGAL),
    _assigned("case"),
    _assigned("hand_back", "legal.case_handed_back"),
    _assigned("step"),
    _assigned("note"),
    _assigned("consent"),
    _assigned("withdraw"),
    _assigned("party"),
    _assigned("party_out"),
    _assigned("acts"),
    _assigned("close"),
    _assigned("share"),
    _assigned("share_end"),
    _assigned("keep_out"),
    *(Row(f"legal.{page}", roles=_KEEP) for page in ("keys", "let_in", "add_keeper")),
    Row("legal.shared", roles={Role.LAWYER}),
    Row(
        "legal.shared_case",
        roles={Role.LAWYER},
        relation=Relation.SHARED,
        about="legal.share",
        logged=True,
    ),
    Row("legal.complain", roles={Role.MEMBER} | _RECEIVERS, reach=Reach.HERS),
    Row("legal.received", roles=_RECEIVERS),
)
