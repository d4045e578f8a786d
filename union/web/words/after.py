"""What follows an end in words: clocks of medicine, how people are, lessons, and figures."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, LazyString] = {
    "crisis_consent": _("Only with her yes. Ask her first; she may also say no."),
    "crisis_not_with_her": _("Only somebody who was with her keeps this in mind."),
    "crisis_medical_hour": _(
        "That hour is to come, or so long ago that nothing is left to keep."
        " A doctor can still help."
    ),
    "crisis_debrief_empty": _("Write at least one of the three."),
    "crisis_lesson": _("Say what is to change, who sees to it, and by which day to come."),
}

CARE: dict[str, LazyString] = {
    "hiv": _("Medicine so that HIV does not take hold"),
    "ecp": _("The pill against a pregnancy"),
    "exm": _("A doctor looks and writes it down"),
}

CARE_NOTES: dict[str, LazyString] = {
    "hiv": _("As early as it can be, best within 2 hours; of use within 72 hours."),
    "ecp": _("The sooner the better, best within 72 hours; of use within 120 hours."),
    "exm": _("The sooner the better: what can be found is gone after 96 hours."),
}

HOW_SHE_IS: dict[str, LazyString] = {
    "x": _("not asked yet"),
    "w": _("well"),
    "t": _("tired"),
    "n": _("needs somebody to talk to"),
}

TAGS: dict[str, LazyString] = {
    "telephones": _("telephones"),
    "rota": _("who is awake"),
    "training": _("training"),
    "the_way": _("the way there"),
    "police": _("police"),
    "hospital": _("hospital"),
    "law": _("the law"),
    "safety": _("our own safety"),
    "desk": _("the desk"),
    "other": _("something else"),
}

STRATA: dict[str, LazyString] = {
    "near": _("within 5 km"),
    "bus": _("5 to 25 km"),
    "far": _("further than 25 km"),
    "unknown": _("way not known"),
    "day": _("by day"),
    "night": _("by night"),
}

STAGES: dict[str, LazyString] = {
    "voice": _("A voice"),
    "enough": _("Enough people"),
    "there": _("Somebody there"),
    "settled": _("Ended"),
}

STAGES_ASK: dict[str, LazyString] = {
    "voice": _("From the call until one of us spoke for her"),
    "enough": _("From the call until enough people were coming"),
    "there": _("From the call until the first of us stood beside her"),
    "settled": _("From the call until it was over"),
}
