"""Who may open which page of crisis.

The desk sees every call; whoever is asked sees only what she was asked to (the relation CALLED is
decided by her person in each query). The slip of a one-time link is public: it shows nothing
before her two digits.
"""

from __future__ import annotations

from union.kernel.actor import Role
from union.web.access.row import Relation, Row

DESK = {Role.OPERATOR, Role.DUTY_OFFICER, Role.COORDINATOR}
TEAM = {
    Role.RESPONDER,
    Role.TEAM_LEAD,
    Role.COUNSELLOR,
    Role.PARALEGAL,
    Role.COORDINATOR,
    Role.DUTY_OFFICER,
}
IN_CHARGE = {Role.DUTY_OFFICER, Role.COORDINATOR}

_FOR_THE_DESK = (
    "board",
    "board_fragment",
    "board_stream",
    "calls",
    "intake",
    "intake_keep",
    "call",
    "call_keep",
    "call_take",
    "call_no_answer",
    "call_deal",
    "call_attach",
    "call_split",
    "incident",
    "incident_page",
    "incident_widen",
    "incident_avoid",
    "incident_merge",
    "incident_word",
    "incident_close",
)

ROWS: tuple[Row, ...] = (
    Row("crisis.slip", public=True),
    *(Row(f"crisis.{name}", roles=DESK) for name in _FOR_THE_DESK),
    Row("crisis.incident_lapsed", roles=IN_CHARGE),
    Row("crisis.my_pages", roles=TEAM, relation=Relation.CALLED),
    Row("crisis.my_page_act", roles=TEAM, relation=Relation.CALLED),
    Row("crisis.called_myself", roles=TEAM),
    Row("crisis.help_me", roles={Role.MEMBER}),
)
