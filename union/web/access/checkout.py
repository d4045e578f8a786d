"""Who may open which page of checkout."""

from __future__ import annotations

from union.web.access.row import Row

ROWS: tuple[Row, ...] = ()
