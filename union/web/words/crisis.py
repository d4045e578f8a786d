"""The errors of crisis in words, and what its kinds, states and events are called on a page."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from union.web.words import intake, policies, taken

WORDS: dict[str, LazyString] = {
    "crisis_district_unknown": _("No district is meant by these words. Choose one from the list."),
    "crisis_ended": _("This has ended. What comes now belongs to a new call."),
    "crisis_state": _("It has moved on meanwhile. Look at the page again."),
    "crisis_digits": _("Two pairs of two figures are needed, and they must differ."),
    "crisis_card_unknown": _("Nobody has this card number. Look at its figures once more."),
    "crisis_witness": _("Only somebody who was there with her, or heard her word, can end this."),
    "crisis_safe_word": _("That is not the word she left with us."),
    "crisis_certificate": _("She has no paper for this task, not even an old one."),
    "crisis_asked_already": _("She is asked already, or on her way. Ask somebody else."),
    "crisis_stays_away": _("She must stay away from this. Ask somebody else."),
    "crisis_call_again": _("Ring her three times before you let it rest."),
    "crisis_no_incident": _("Say first where it is, or which call it belongs to."),
}

KINDS: dict[str, LazyString] = {
    "unknown": _("not said yet"),
    "arrest_or_raid": _("taken away or raided"),
    "police_harassment": _("trouble with police"),
    "client_violence": _("violence by a client"),
    "partner_violence": _("violence at home"),
    "goonda_extortion": _("goondas, money pressed out"),
    "eviction": _("put out of the house"),
    "outing_or_blackmail": _("threatened with being shown"),
    "medical_emergency": _("hurt or ill"),
    "threat_to_own_life": _("she may harm herself"),
    "responder_safety": _("one of our own is not heard of"),
    "nuisance": _("nuisance"),
}

CHANNELS: dict[str, LazyString] = {
    "hotline": _("on the telephone"),
    "sms": _("wrote a text"),
    "missed_call": _("missed call"),
    "app": _("pressed the button"),
    "own_responder": _("rang one of us herself"),
    "walk_in": _("came herself"),
    "other_pin": _("opened by her other secret: somebody may be forcing her; do not ring"),
}

ASKED_AS: dict[str, LazyString] = {
    "responder": _("to go there"),
    "paralegal": _("for the law"),
    "counsellor": _("to talk with her"),
    "coordinator": _("to take it in hand"),
    "duty_officer": _("to take it in hand"),
}

STATES: dict[str, LazyString] = {
    "asked": _("asked"),
    "accepted": _("said yes, must hear where"),
    "briefed": _("knows where to go"),
    "en_route": _("on her way"),
    "arrived": _("there"),
    "declined": _("cannot"),
    "silent": _("no answer"),
    "dropped_out": _("not coming after all"),
    "released": _("let go"),
}

STATE_MARKS: dict[str, str] = {
    "asked": "asked",
    "accepted": "asked",
    "briefed": "coming",
    "en_route": "coming",
    "arrived": "there",
    "declined": "due",
    "silent": "due",
    "dropped_out": "due",
    "released": "settled",
}

HOLES: dict[str, LazyString] = {
    "nobody_suitable": _("Nobody with a paper in force is awake near there; looking further."),
    "nobody_near": _("Nobody near is awake with a paper in force; people further off are asked."),
    "place_unknown": _(
        "Nobody here knows that place. Those in charge are asked, and people where it may be;"
        " choose the district."
    ),
    "nobody_in_charge": _("No coordinator or duty officer can be asked. Ring one yourself."),
    "cannot_be_reached": _("Somebody who was asked has no telephone we can reach."),
}

REASONS: dict[str, LazyString] = {
    "resting": _("she is resting"),
    "on_rota": _("is down for these hours"),
    "not_on_rota": _("is not down for these hours"),
    "off_shift": _("sleeps at this hour; nobody else is awake"),
    "other_language": _("speaks another language"),
    "other_gender": _("not the one wished for"),
    "asked_lately": _("was asked lately"),
    "silent_alarm": _("because somebody was forced"),
    "called_on_her_own_phone": _("was rung herself"),
}

OUTCOMES: dict[str, LazyString] = {
    "settled_there": _("Settled there"),
    "released_by_police": _("Let go by the police"),
    "taken_to_hospital": _("Taken to a hospital"),
    "taken_to_safety": _("Taken to a safe place"),
    "still_held": _("Still held; somebody must follow"),
    "talked_through": _("Talked through with her"),
    "she_wanted_nothing_more": _("She wanted nothing more"),
    "not_found_but_heard": _("Not found, but heard well"),
}

WISHED: dict[str, LazyString] = {
    "yes": _("As she wished"),
    "partly": _("Partly as she wished"),
    "no": _("Not as she wished"),
}

CLOSED_HOW: dict[str, LazyString] = {
    "saw_her": _("One of us was with her"),
    "heard_safe_word": _("She said her word"),
}

DEALT: dict[str, LazyString] = {
    "spoken": _("I spoke with her"),
    "attached": _("It is looked after in that call"),
    "no_need": _("She needs nothing now"),
    "not_reached": _("Rang three times, no answer"),
    "nuisance": _("Nuisance"),
}

SLIP_ACTS: dict[str, LazyString] = {
    "show": _("Show it"),
    "cannot": _("I cannot"),
    "there": _("I am there"),
    "not_coming": _("I am not coming after all"),
    "well": _("I am well"),
    "help": _("I need help myself"),
}

SLIP_ACTS_THERE: dict[str, LazyString] = {
    "not_coming": _("I cannot stay"),
}
"""What one of the acts is called once she is there."""

MINE_ACTS: dict[str, LazyString] = {
    "show": _("I come"),
    "set_out": _("I am on my way"),
    "stay": _("I am with her, for the next ten minutes"),
    "leave": _("I am no longer with her"),
}
"""What is said on her own page only, or otherwise than on a slip."""

SLIP_DONE: dict[str, LazyString] = {
    "there": _("We know that you are there."),
    "well": _("We know that you are well."),
    "help": _("People are being asked to come to you."),
}

EVENTS: dict[str, LazyString] = {
    **policies.EVENTS,
    **intake.EVENTS,
    **taken.EVENTS,
    "opened": _("The call came"),
    "asked": _("Asked"),
    "accepted": _("Said yes"),
    "briefed": _("Knows where to go"),
    "en_route": _("Set out"),
    "arrived": _("Is there"),
    "checked_in": _("Is well"),
    "declined": _("Cannot come"),
    "silent": _("No answer"),
    "dropped_out": _("Not coming after all"),
    "released": _("Let go with thanks"),
    "cannot_be_reached": _("Cannot be reached"),
    "filled": _("Enough are coming"),
    "opened_again": _("Too few again; looking on"),
    "widened": _("Looking further"),
    "widened_by_hand": _("Sent on to look further"),
    "held": _("Has it in hand"),
    "nobody_suitable": _("Nobody suitable there"),
    "nobody_in_charge": _("Nobody in charge could be asked"),
    "attached": _("Another call about the same"),
    "split_off": _("A call went to its own"),
    "split_from": _("Parted from another"),
    "merged_into": _("Joined with another"),
    "merged_from": _("Another was joined to this"),
    "needs_grew": _("More people are needed"),
    "more_people": _("More people than first told"),
    "kind_known": _("Now known what it is"),
    "place_unknown": _("The district is not known; those in charge are asked"),
    "place_known_better": _("The place is known better"),
    "wrong_digits": _("Wrong figures were pressed"),
    "digits_locked": _("Too many wrong figures; ask her by voice"),
    "duress": _("Her other figures: somebody forces her"),
    "seems": _("Forced: to the others it looks as if she went on"),
    "goes_herself": _("Goes; she was rung herself"),
    "lapsed_called": _("Asked although her paper ran out"),
    "named_in_conflict": _("Must stay away from this"),
    "safe_word_left": _("She left a word"),
    "briefing_sent": _("Told once more where to go"),
    "ask_how_it_goes": _("Ask them how it goes"),
    "rang_once": _("Rang once; is rung back for her figures"),
    "asks_to_speak": _("Wants to speak with us; the telephones ring"),
    "put_through": _("One of us is on the line with her"),
    "safety_asked": _("Asked whether she is well"),
    "safety_alarm": _("Not heard of; somebody is sent after her"),
    "responder_needs_help": _("Needs help herself"),
    "closed": _("Ended"),
    "debrief_due": _("Time to hear those who went"),
    "debriefed": _("Somebody who went was heard"),
    "lesson_written": _("Something is to change"),
    "clock_begun": _("Something is kept in mind for her"),
    "clock_handed_on": _("What is kept in mind for her changed hands"),
    "clock_ended": _("What was kept in mind is dealt with"),
}

EVENT_MARKS = {
    "asked": "asked",
    "widened": "asked",
    "widened_by_hand": "asked",
    "lapsed_called": "asked",
    "safety_asked": "asked",
    "accepted": "asked",
    "briefed": "coming",
    "en_route": "coming",
    "goes_herself": "coming",
    "filled": "coming",
    "arrived": "there",
    "checked_in": "there",
    "declined": "due",
    "silent": "due",
    "dropped_out": "due",
    "nobody_suitable": "due",
    "nobody_in_charge": "due",
    "place_unknown": "due",
    "opened_again": "due",
    "with_her": "there",
    "left_her": "due",
    "nobody_with_her": "due",
    "duress": "due",
    "safety_alarm": "due",
    "responder_needs_help": "due",
    "custody_warned": "due",
    "taken_warned": "due",
    "medicine_due": "due",
    "closed": "settled",
    "released": "settled",
}
"""Which of the seven states a line of the timeline is drawn with; the rest wait."""
