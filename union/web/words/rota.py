"""The errors of the rota, training and drills in words, and what its halves and duties are called.

Nobody is blamed here: who did not answer is asked how she is.
"""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, LazyString] = {
    "crisis_rota_not_certified": _("She has no paper, or no office, for this then."),
    "crisis_rota_hours": _("These hours do not fit: look at the days, the times and the clock."),
    "crisis_rota_down_already": _("She is down for something in these hours already."),
    "crisis_rota_away": _("She is away in these hours."),
    "crisis_rota_leaves_hole": _(
        "Nobody could be woken then. If it must be so, tick that you know; others are asked at"
        " once whether they can."
    ),
    "crisis_rota_answered": _("Somebody was quicker. Thank you: nothing more is needed."),
    "crisis_own_certificate": _("Somebody else writes down your own paper."),
    "crisis_certificate_days": _(
        "Look at the days: a paper ends after it begins, and this one stands or has ended already."
    ),
}

DUTIES: dict[str, LazyString] = {
    "responder": _("to go there"),
    "paralegal": _("for the law"),
    "counsellor": _("to talk with her"),
    "operator": _("to answer the telephone"),
    "second_phone": _("the second telephone"),
    "duty_officer": _("duty officer of the day"),
}

ROLES: dict[str, LazyString] = {
    "responder": _("goes there"),
    "team_lead": _("leads those who go"),
    "paralegal": _("knows the law"),
    "counsellor": _("talks with people"),
}
"""What somebody is trained for."""

SHIFTS: dict[str, LazyString] = {
    "day": _("by day"),
    "night": _("at night"),
    "any": _("day and night"),
}

PARTS: dict[str, LazyString] = {
    "day": _("by day, 7 to 20"),
    "night": _("the night, 20 to 7"),
}

WEEKDAYS: dict[str, LazyString] = {
    "1": _("Monday"),
    "2": _("Tuesday"),
    "3": _("Wednesday"),
    "4": _("Thursday"),
    "5": _("Friday"),
    "6": _("Saturday"),
    "7": _("Sunday"),
}

SWAPS: dict[str, LazyString] = {
    "asked": _("asked"),
    "taken": _("taken"),
    "declined": _("nobody took it"),
    "withdrawn": _("kept after all"),
}

SWAP_MARKS = {"asked": "asked", "taken": "settled", "declined": "due", "withdrawn": "waiting"}

HAPPENED: dict[str, LazyString] = {
    "trained": _("Trained"),
    "renewed": _("Trained again"),
    "revoked": _("Ended early"),
    "end_told": _("Told that it ends soon"),
}

WAYS: dict[str, LazyString] = {
    "sms": _("text"),
    "voice": _("call"),
    "push": _("notice of the app"),
    "mail": _("mail"),
}

ZONES: dict[str, LazyString] = {
    "Asia/Kolkata": _("India"),
    "Asia/Dubai": _("Dubai"),
    "Asia/Riyadh": _("Saudi Arabia, Kuwait, Qatar"),
    "Asia/Kathmandu": _("Nepal"),
    "Asia/Dhaka": _("Bangladesh"),
    "Asia/Singapore": _("Singapore"),
    "Europe/London": _("Britain"),
    "Europe/Berlin": _("Germany, France, Italy"),
    "America/New_York": _("New York"),
    "America/Los_Angeles": _("Los Angeles"),
}
"""Clocks people of the union live by; another is kept as it is."""
