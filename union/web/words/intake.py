"""What the desk's pages call the voice menu, who stays, who may be a child, and quiet numbers."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, LazyString] = {
    "crisis_own_life": _("Somebody must speak with her first, or say what it is instead."),
    "crisis_nobody_to_ring": _("There is no number at which she may be rung."),
}

EVENTS: dict[str, LazyString] = {
    "rang_her_own_line": _("Was called on her own phone and goes; she is rung for her figures"),
    "with_her": _("Is with her now"),
    "left_her": _("Is no longer with her"),
    "nobody_with_her": _("Nobody has said that she is still with her"),
}

DECISIONS: dict[str, LazyString] = {
    "still_looking": _("We are still finding out"),
    "grown": _("She is grown: open it for the desk again"),
    "told_police": _("The police or the special unit were told"),
    "told_committee": _("The Child Welfare Committee was told"),
    "in_care": _("She is in care"),
    "safe_with_kin": _("She is safe with her people"),
}

DUTIES: dict[str, LazyString] = {
    "report": _(
        "Whoever knows, or fears, that a child suffers a sexual offence tells the special juvenile"
        " police unit or the local police."
    ),
    "not_reporting": _("Not telling is punishable; a child is never punished for it."),
    "in_charge": _("Whoever is in charge of an institution answers for it more heavily."),
    "good_faith": _("Nobody is held to account for telling in good faith."),
    "within_a_day": _(
        "The police see to care and protection within 24 hours, and tell the Child Welfare"
        " Committee and the Special Court within 24 hours."
    ),
    "found_alone": _(
        "A child found without family is told of within 24 hours: Childline 1098, the nearest"
        " police station, or the Child Welfare Committee."
    ),
    "no_names": _("No name, place, school or family of a child is ever made public."),
}
