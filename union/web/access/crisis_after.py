"""Who may open what follows an end, and the figures.

Whoever went looks back on where she went (the relation CALLED is decided by her person in each
view); lessons and figures are for those in charge.
"""

from __future__ import annotations

from union.kernel.actor import Role
from union.web.access.crisis import IN_CHARGE, TEAM
from union.web.access.row import Relation, Row

_OF_THOSE_WHO_WENT = (
    "after",
    "clock",
    "clock_end",
    "clock_next",
    "clock_keep",
    "clock_carry",
    "debrief",
    "lesson",
    "lesson_done",
    "rest_lift",
)

ROWS: tuple[Row, ...] = (
    *(Row(f"crisis.{name}", roles=TEAM, relation=Relation.CALLED) for name in _OF_THOSE_WHO_WENT),
    Row("crisis.all_lessons", roles={Role.COORDINATOR}),
    Row("crisis.figures", roles=IN_CHARGE),
    Row("crisis.figures_file", roles=IN_CHARGE),
    Row("crisis.figures_outside", roles={Role.COORDINATOR}),
)
