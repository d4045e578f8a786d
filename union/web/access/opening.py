"""Who may say her opening words for some minutes: every officer, for what is sealed to her."""

from __future__ import annotations

from union.kernel.actor import Role
from union.web.access.row import EVERYONE, Row, own_page

ROWS: tuple[Row, ...] = tuple(
    own_page(f"opening.{name}", EVERYONE - {Role.MEMBER})
    for name in ("ask", "open_now", "shut_now")
)
