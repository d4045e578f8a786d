"""Who may open which page of crisis.

The desk sees every call; whoever is asked sees only what she was asked to (the relation CALLED is
decided by her person before a page is opened). The slip of a one-time link is public: it shows
nothing before her two digits.
"""

from __future__ import annotations

from union.kernel.actor import Role
from union.kernel.reach import Reach
from union.web.access.row import OURS, Relation, Row, own_page

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
ON_ROTA = TEAM | {Role.OPERATOR}
ROTA_OFFICE = {Role.COORDINATOR}

_OF_ONE_PERSON = (
    "rota_of",
    "rota_weekly",
    "rota_once",
    "rota_away",
    "rota_wish",
    "rota_hours",
    "rota_swap",
    "rota_offer",
)
"""Her own rota; any person's for a coordinator."""

_FOR_THE_ROTA = (
    "rota_all",
    "rota_swap_no",
    "trained",
    "train",
    "trained_one",
    "renew",
    "revoke",
    "practice_switch",
    "policy_change",
    "policy_end",
)

_MEETING_POINTS = ("spots", "spots_of", "spot_keep", "spot_new")

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
    "call_ring",
    "call_rest",
    "call_hear",
    "incident_stay",
    "incident_leave",
    "incident",
    "incident_page",
    "incident_widen",
    "incident_avoid",
    "incident_merge",
    "incident_word",
    "incident_close",
    "taken_type",
    "taken_keep",
    "taken_move",
    "taken_given",
    "taken_meeting",
    "taken_act",
    "incident_custody",
)


def _called(page: str) -> Row:
    return Row(
        f"crisis.{page}",
        roles=TEAM,
        relation=Relation.CALLED,
        about="crisis.page",
        logged=page == "team_list",
    )


def _rota(page: str, thing: str = "rota") -> Row:
    return Row(
        f"crisis.{page}",
        roles=ON_ROTA,
        relation=Relation.OWN,
        about=f"crisis.{thing}",
        every=ROTA_OFFICE,
    )


ROWS: tuple[Row, ...] = (
    Row("crisis.slip", public=True),
    *(Row(f"crisis.{name}", roles=DESK) for name in _FOR_THE_DESK),
    Row("crisis.taken_list", roles=DESK, logged=True),
    Row("crisis.taken_one", roles=DESK, logged=True),
    Row("crisis.taken_open", roles=DESK, sealed=True, logged=True),
    Row("crisis.incident_lapsed", roles=IN_CHARGE),
    own_page("crisis.my_pages", TEAM),
    _called("my_page_act"),
    _called("team_list"),
    _called("team_move"),
    _called("team_given"),
    Row("crisis.counter", public=True),
    Row("crisis.counter_paper", public=True),
    *(Row(f"crisis.{name}", roles=IN_CHARGE) for name in _MEETING_POINTS),
    Row("crisis.called_myself", roles=TEAM),
    Row("crisis.minors", roles={Role.SAFEGUARDING_OFFICER}),
    Row(
        "crisis.minor",
        roles={Role.SAFEGUARDING_OFFICER},
        reach=Reach.FRESH,
        sealed=True,
        logged=True,
    ),
    Row(
        "crisis.minor_decide",
        roles={Role.SAFEGUARDING_OFFICER},
        reach=Reach.FRESH,
        sealed=True,
        logged=True,
    ),
    Row("crisis.help_me", roles={Role.MEMBER}, reach=Reach.NOTHING),
    Row("crisis.rota_link", public=True),
    Row("crisis.rota_feed", public=True),
    own_page("crisis.rota_mine", ON_ROTA),
    own_page("crisis.rota_calendar", ON_ROTA),
    *(_rota(name) for name in _OF_ONE_PERSON),
    _rota("rota_back", "absence"),
    _rota("rota_end", "pattern"),
    *(Row(f"crisis.{name}", roles=ROTA_OFFICE) for name in _FOR_THE_ROTA),
    Row("crisis.practice", roles=IN_CHARGE),
    Row("crisis.policies", roles=IN_CHARGE),
    Row("crisis.policy", roles=IN_CHARGE),
    Row("crisis.practice_spoken", roles=IN_CHARGE),
    Row("crisis.district_numbers", roles=OURS, reach=Reach.NOTHING),
    Row("crisis.district_card", roles=OURS, reach=Reach.NOTHING),
    Row("crisis.rota_coverage", roles=DESK),
    Row("crisis.rota_district", roles=DESK),
)
