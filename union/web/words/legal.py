"""Legal in words: what went wrong, and how codes of a case are said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from flask_babel import LazyString, lazy_gettext

from union.web.words.crisis import EVENTS

WORDS: dict[str, LazyString] = {
    "case_taken": lazy_gettext("Somebody else was quicker and has it now. Look at the others."),
    "case_closed": lazy_gettext("This is closed. Open a new one if there is more to do."),
    "step_in_past": lazy_gettext("That day has passed. Choose today or a later day."),
    "consent_withdrawn": lazy_gettext("She took this back already."),
    "consent_stands": lazy_gettext("She has said yes to this already, and it still stands."),
    "consent_ahead": lazy_gettext("That day has not come yet. Choose the day she said yes."),
    "share_unwanted": lazy_gettext(
        "She has not said that a lawyer may be told. Ask her first, and write it down."
    ),
    "share_day": lazy_gettext("Choose a day to come, at most ninety days away."),
    "share_stands": lazy_gettext("This lawyer has it already. End that first."),
    "lawyer_unknown": lazy_gettext("This lawyer is no more with us. Choose another."),
    "nobody_named": lazy_gettext(
        "Write the card of whom it is about, or choose her office. Else nobody can be kept out."
    ),
    "case_card_unknown": lazy_gettext("No card has this number. Look at it once more."),
    "case_nobody_reads": lazy_gettext(
        "This is sealed to others. Choose your opening words first, then write it: else you could"
        " not read it yourself."
    ),
    "keeper_unknown": lazy_gettext(
        "Nobody of this name works on cases and has chosen her opening words. Ask her first."
    ),
    "named_herself": lazy_gettext("She whose it is cannot be kept out of it. Look at the card."),
}

ACTS: dict[str, LazyString] = {
    "arrest": lazy_gettext("Taken or held by the police"),
    "harassment": lazy_gettext("Harassed by the police"),
    "violence": lazy_gettext("Beaten or hurt"),
    "extortion": lazy_gettext("Money forced from her"),
    "eviction": lazy_gettext("Put out of her home or place"),
    "outing": lazy_gettext("Told on, or threatened with it"),
    "wages": lazy_gettext("Not paid"),
    "family": lazy_gettext("Family or children"),
    "other": lazy_gettext("Something else"),
}

STEPS: dict[str, LazyString] = {
    "first_talk": lazy_gettext("Talk with her and ask what she wants"),
    "meet_her": lazy_gettext("Meet her"),
    "statement": lazy_gettext("Write down her statement"),
    "police_station": lazy_gettext("Go to the police station"),
    "doctor": lazy_gettext("Go with her to a doctor"),
    "lawyer": lazy_gettext("Speak with a lawyer"),
    "court": lazy_gettext("Be in court"),
    "other": lazy_gettext("Something else"),
}

PURPOSES: dict[str, LazyString] = {
    "follow_up": lazy_gettext("Her paralegal may follow this up"),
    "read_timeline": lazy_gettext("Her paralegal may read what happened, as it was written down"),
    "share_lawyer": lazy_gettext("A lawyer may be told"),
    "share_court": lazy_gettext("It may be brought to court"),
    "count_only": lazy_gettext("The union may count it, without her name"),
}

PARTIES: dict[str, LazyString] = {
    "herself": lazy_gettext("Herself"),
    "witness": lazy_gettext("Somebody who saw it"),
    "police": lazy_gettext("Police"),
    "client": lazy_gettext("A client"),
    "partner": lazy_gettext("Partner or family"),
    "landlord": lazy_gettext("Landlord"),
    "goonda": lazy_gettext("Hired men"),
    "other": lazy_gettext("Somebody else"),
}

OUTCOMES: dict[str, LazyString] = {
    "as_she_wished": lazy_gettext("It ended as she wished"),
    "partly": lazy_gettext("Partly as she wished"),
    "she_wanted_no_more": lazy_gettext("She wanted nothing more done"),
    "not_possible": lazy_gettext("It could not be done"),
    "not_found": lazy_gettext("She could not be reached any more"),
}

STORY: dict[str, LazyString] = {
    "opened": lazy_gettext("Opened"),
    "opened_from_incident": lazy_gettext("Opened after a call for help"),
    "assigned": lazy_gettext("Given to a paralegal"),
    "handed_back": lazy_gettext("Handed back"),
    "step_overdue": lazy_gettext("The day of the next step has passed"),
    "next_step": lazy_gettext("Next step"),
    "note": lazy_gettext("Note"),
    "party_added": lazy_gettext("Somebody added"),
    "party_taken_out": lazy_gettext("Taken out, written by mistake"),
    "acts_named": lazy_gettext("What was done to her was named"),
    "consent_given": lazy_gettext("She said yes"),
    "consent_withdrawn": lazy_gettext("She took her yes back"),
    "closed": lazy_gettext("Closed"),
    "shared": lazy_gettext("Shared with a lawyer"),
    "share_ended": lazy_gettext("No longer shared with a lawyer"),
    "kept_out": lazy_gettext("Somebody is kept out of it"),
    "complained": lazy_gettext("She said what happened"),
    "received": lazy_gettext("Given to somebody who has nothing to do with it"),
}

SHARED_PARTS: dict[str, LazyString] = {
    "her": lazy_gettext("What she is called, and how she is reached"),
    "parties": lazy_gettext("Who is in it"),
    "story": lazy_gettext("Its story, with the notes"),
    "happened": lazy_gettext("What was written down when she called for help"),
}

SHARE_ENDS: dict[str, LazyString] = {
    "ended": lazy_gettext("ended"),
    "over": lazy_gettext("over"),
    "withdrawn": lazy_gettext("she took her yes back"),
    "office": lazy_gettext("she is no longer our lawyer"),
    "shut_out": lazy_gettext("kept out"),
}


class Told(Protocol):
    """A line of some story: a code and plain facts."""

    @property
    def code(self) -> str:
        """What happened."""
        ...

    @property
    def facts(self) -> Mapping[str, Any]:
        """Codes and counts about it."""
        ...


class Lived(Protocol):
    """A line of what happened."""

    @property
    def code(self) -> str:
        """What happened."""
        ...

    @property
    def about(self) -> str:
        """Whom it is about, or nothing."""
        ...


def happened(line: Lived) -> str:
    """A line of what happened, and whom it is about."""
    said = str(EVENTS.get(line.code, line.code))
    return f"{said}: {line.about}" if line.about else said


def story(line: Told) -> str:
    """A line of a case's story: what was done, and which step, consent, person or end."""
    tables = (("step", STEPS), ("purpose", PURPOSES), ("role", PARTIES), ("outcome", OUTCOMES))
    more = [words[line.facts[name]] for name, words in tables if name in line.facts]
    return ": ".join(str(said) for said in (STORY[line.code], *more))
