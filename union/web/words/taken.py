"""Those taken in a raid in words: where they are, whose word it is, what was written of them."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, LazyString] = {
    "crisis_taken_hour": _("That hour is still to come, or too long ago. Look at it once more."),
    "crisis_nobody_ticked": _("Tick first of whom you heard this, in the list above."),
    "crisis_taken_same": _("This member is on the list already. Look which of the two she is."),
    "crisis_still_held": _(
        "Somebody on the list is still held. Write down where she is, or hand it over:"
        " “still held”, or “somebody must follow”."
    ),
}

STANDINGS: dict[str, LazyString] = {
    "taken": _("taken, not known where"),
    "at_station": _("at the station"),
    "name_given": _("her name given to the police"),
    "produced": _("stood before a magistrate"),
    "protective_home": _("in a protective home"),
    "hospital": _("in a hospital"),
    "released": _("let go"),
    "not_taken": _("not taken after all"),
}

STANDING_MARKS: dict[str, str] = {
    "taken": "due",
    "at_station": "waiting",
    "name_given": "waiting",
    "produced": "asked",
    "protective_home": "waiting",
    "hospital": "waiting",
    "released": "settled",
    "not_taken": "settled",
}

SOURCES: dict[str, LazyString] = {
    "caller": _("the caller"),
    "herself": _("she herself"),
    "team": _("our team there"),
    "lawyer": _("the lawyer"),
    "police": _("the police"),
    "family": _("family or friends"),
}

CHANGES: dict[str, LazyString] = {
    "listed": _("Put on the list"),
    "standing": _("Where she is"),
    "name": _("Called something else before:"),
    "linked": _("Known to be a member"),
    "unlinked": _("Not that member after all"),
    "taken_at": _("The hour she was taken"),
    "journey": _("The road to the court was timed"),
    "medicine": _("Needs:"),
    "corrected": _("What she needs was written wrongly before:"),
    "given": _("Was given what she needed"),
    "not_needed": _("Needs it no more from us"),
    "sealed_mark": _("A sealed word about her age was written"),
    "warned": _("Those in charge were told of her hours"),
}

EVENTS: dict[str, LazyString] = {
    "taken_listed": _("People were put on the list"),
    "taken_moved": _("Somebody on the list is somewhere else"),
    "taken_warned": _("Hours of somebody held run; those in charge were told"),
    "medicine_due": _("Somebody held needs her medicine"),
    "meeting_point": _("Where they meet was said"),
}
"""What the timeline says of them; never who."""
