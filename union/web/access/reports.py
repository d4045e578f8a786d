"""Who may open which page of reports."""

from __future__ import annotations

from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.row import Row

_READERS = frozenset({Role.TREASURER, Role.SIGNATORY, Role.TRUSTEE})
_BOOKS = frozenset({Role.TRUSTEE, Role.TREASURER})

ROWS: tuple[Row, ...] = (
    Row("reports.index", roles=_READERS),
    Row("reports.show", roles=_READERS),
    Row("reports.printed", roles=_READERS),
    Row("exports.books", roles=_BOOKS, reach=Reach.FRESH),
    Row("exports.verifier", roles=_BOOKS),
)
