"""Who may open which page of signing in and out."""

from __future__ import annotations

from union.web.access.row import EVERYONE, Row

ROWS: tuple[Row, ...] = (
    Row("identity.sign_in", public=True),
    Row("identity.sign_out", roles=EVERYONE),
    Row("identity.leave", public=True),
    Row("identity.away", public=True),
)
