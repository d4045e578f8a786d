"""Use cases of a crisis; what pages, workers, the replay and other domains may call.

Facts declared here: ``incident_closed(incident_id)``, ``follow_up_needed(incident_id)``.
Handlers offered: ``route_inbound`` (of ``inbound_stored``), ``page_unsent`` (``message_unsent``),
``tell_of_way`` (``way_quiet``, ``way_back``),
``pressed_keys`` (keys in calls of purpose page and briefing) and ``TIMERS``.
"""

from union.crisis.services.answers import (
    answer_here,
    answer_link,
    answer_page,
    decline_page,
    page_of_token,
    record_live_answer,
)
from union.crisis.services.closing import Closing, close_incident
from union.crisis.services.contacts import (
    deal_with,
    note_try,
    receive_contact,
    take_contact,
    tell_more,
)
from union.crisis.services.force import Heard
from union.crisis.services.going import arrive, briefed, check_in, drop_out, send_home, set_out
from union.crisis.services.inbound import page_unsent, route_inbound
from union.crisis.services.incidents import (
    ask_by_hand,
    call_lapsed,
    leave_safe_word,
    name_in_conflict,
    widen_now,
)
from union.crisis.services.joining import (
    attach_by_hand,
    likely_incident,
    merge_incidents,
    split_off,
)
from union.crisis.services.keypad import pressed_keys
from union.crisis.services.policies import new_policy, policy_in_force
from union.crisis.services.report import Report
from union.crisis.services.safety import call_for_help
from union.crisis.services.slips import SlipAct, acts_on_slip, say_on_slip
from union.crisis.services.teams import (
    NewCertificate,
    TeamsReport,
    add_certificate,
    import_landmarks,
    import_teams,
    profile_of,
    set_digits,
)
from union.crisis.services.timers import TIMERS
from union.crisis.services.together import (
    deal_together,
    heard_in_person,
    note_try_together,
    take_together,
)
from union.crisis.services.ways import tell_of_way

__all__ = [
    "TIMERS",
    "Closing",
    "Heard",
    "NewCertificate",
    "Report",
    "SlipAct",
    "TeamsReport",
    "acts_on_slip",
    "add_certificate",
    "answer_here",
    "answer_link",
    "answer_page",
    "arrive",
    "ask_by_hand",
    "attach_by_hand",
    "briefed",
    "call_for_help",
    "call_lapsed",
    "check_in",
    "close_incident",
    "deal_together",
    "deal_with",
    "decline_page",
    "drop_out",
    "heard_in_person",
    "import_landmarks",
    "import_teams",
    "leave_safe_word",
    "likely_incident",
    "merge_incidents",
    "name_in_conflict",
    "new_policy",
    "note_try",
    "note_try_together",
    "page_of_token",
    "page_unsent",
    "policy_in_force",
    "pressed_keys",
    "profile_of",
    "receive_contact",
    "record_live_answer",
    "route_inbound",
    "say_on_slip",
    "send_home",
    "set_digits",
    "set_out",
    "split_off",
    "take_contact",
    "take_together",
    "tell_more",
    "tell_of_way",
    "widen_now",
]
