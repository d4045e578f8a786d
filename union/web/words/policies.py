"""How calls for help are answered, who was asked and why, and the clock of custody, in words."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

WORDS: dict[str, LazyString] = {
    "crisis_no_safe_word": _("Write the word. An empty one cannot tell us that it is really her."),
    "crisis_no_word_left": _("She left no word with us. Somebody who saw her must end this."),
    "crisis_witness_knows": _(
        "She has it in hand, and may not have seen her. Say how she knows that she is well."
    ),
    "crisis_policy_unsafe": _("With these steps a caller could be left alone. Nothing was kept."),
    "crisis_policy_changed": _(
        "Somebody changed these steps meanwhile. Open them again; what you wrote is still here."
    ),
    "crisis_custody_listed": _(
        "Each on the list has hours of her own: say there when she was taken, or where she is."
    ),
    "crisis_custody_hour": _("That hour is still to come, or more than thirty days ago."),
}

UNSAFE: dict[str, LazyString] = {
    "nobody_needed": _("Nobody would be needed: say how many must come."),
    "too_many_needed": _("More than ten of one kind can never be found in time."),
    "no_steps": _("There is no step: nobody would be asked."),
    "too_many_steps": _("More than twelve steps: nobody can follow them at night."),
    "waits_too_long": _("A step waits longer than ten minutes. Nobody may lie waiting so long."),
    "no_last_step": _(
        "The last step must ask the duty officer, for everything that is missing: it comes again"
        " and again, so that no call is ever given up."
    ),
    "role_too_late": _("Somebody who is needed would be asked only after ten minutes of waiting."),
    "in_charge_too_late": _(
        "Coordinators and the duty officer would hear of it only after twenty minutes."
    ),
}
"""Why steps are refused, each with what to do."""

WHO: dict[str, LazyString] = {
    "nearest": _("those of the district"),
    "neighbours": _("those of the districts around it too"),
    "state": _("anybody in the state"),
    "coordinators": _("the coordinators"),
    "duty_officer": _("the duty officer, coordinators, and anybody in the state"),
}

NEEDED: dict[str, LazyString] = {
    "responder": _("who go there"),
    "paralegal": _("for the law"),
    "counsellor": _("to talk with her"),
}

SEVERITIES: dict[str, LazyString] = {
    "ordinary": _("where nobody's life or freedom is at stake"),
    "grave": _("where life or freedom is at stake, or many people are in it"),
}

FIRST_WAYS: dict[str, LazyString] = {
    "": _("as each wishes"),
    "voice": _("by a call first"),
    "sms": _("by a text first"),
    "push": _("by a notice first"),
}

WHY_NOT: dict[str, LazyString] = {
    "other_role": _("trained for something else"),
    "elsewhere": _("serve elsewhere"),
    "no_certificate": _("paper not in force"),
    "named_in_conflict": _("must stay away from this"),
    "already_asked": _("was asked already"),
    "away": _("away"),
    "off_shift": _("asleep at this hour"),
    "busy": _("on her way to somebody else"),
}
"""Why somebody could not be asked at all."""

KNOWS: dict[str, LazyString] = {
    "went_there": _("went there and saw her"),
    "she_came_to_us": _("saw her when she came to us"),
}

CUSTODY_ENDS: dict[str, LazyString] = {
    "produced": _("Stood before a magistrate"),
    "released": _("Was let go"),
    "not_taken": _("Nobody was taken"),
}

EVENTS: dict[str, LazyString] = {
    "policy_taken": _("Answered by other steps, now that more is known"),
    "taken_at": _("The hour she was taken was said"),
    "custody_warned": _("Still held; those for the law and the coordinators were told"),
    "custody_ended": _("No longer waits for a magistrate"),
    "custody_back": _("All on the list were a mistake: the hours of the call run on"),
}
