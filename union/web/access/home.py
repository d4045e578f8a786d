"""Who may open the first page."""

from __future__ import annotations

from union.kernel.reach import Reach
from union.web.access.row import EVERYONE, Row

ROWS: tuple[Row, ...] = (
    Row("home.home", roles=EVERYONE, reach=Reach.DUES),
    Row("home.language", public=True),
    Row("home.look", public=True),
    Row("home.look_night", public=True),
)
