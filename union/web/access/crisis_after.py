"""Who may open what follows an end, and the figures.

Whoever went looks back on where she went (the relation CALLED is decided by her person before a
page is opened); lessons and figures are for those in charge.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.crisis import IN_CHARGE, ROTA_OFFICE, TEAM
from union.web.access.row import Relation, Row, own_page


def _went(page: str, thing: str, every: AbstractSet[Role] = frozenset()) -> Row:
    """Hers who went, kept or saw to it; any for those who look after them."""
    return Row(
        f"crisis.{page}",
        roles=TEAM,
        relation=Relation.CALLED,
        about=f"crisis.{thing}",
        every=every,
    )


ROWS: tuple[Row, ...] = (
    own_page("crisis.after", TEAM),
    own_page("crisis.rest_lift", TEAM),
    _went("clock", "page"),
    _went("clock_end", "clock", IN_CHARGE),
    _went("clock_next", "clock", IN_CHARGE),
    _went("clock_keep", "clock", IN_CHARGE),
    _went("clock_carry", "handover"),
    _went("debrief", "looking_back", ROTA_OFFICE),
    _went("lesson", "looking_back", ROTA_OFFICE),
    _went("lesson_done", "lesson", ROTA_OFFICE),
    Row("crisis.all_lessons", roles={Role.COORDINATOR}),
    Row("crisis.figures", roles=IN_CHARGE),
    Row("crisis.figures_file", roles=IN_CHARGE, reach=Reach.FRESH),
    Row("crisis.figures_outside", roles={Role.COORDINATOR}, reach=Reach.FRESH),
)
