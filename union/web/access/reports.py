"""Who may open which page of reports."""

from __future__ import annotations

from union.kernel.actor import Role
from union.web.access.row import Row

_BOOKS = frozenset({Role.TRUSTEE, Role.TREASURER})

ROWS: tuple[Row, ...] = (
    Row("exports.books", roles=_BOOKS),
    Row("exports.verifier", roles=_BOOKS),
)
