"""Who may open which page of office."""

from __future__ import annotations

from union.kernel.actor import Role
from union.web.access.row import Row

_READERS = frozenset({Role.TREASURER, Role.SIGNATORY, Role.TRUSTEE})

ROWS: tuple[Row, ...] = (
    Row("closing.months", roles=_READERS),
    Row("closing.month", roles=frozenset({Role.TREASURER})),
)
