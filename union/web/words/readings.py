"""Who opened what, in words: what was opened, why, and what trustees do about it."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext, ngettext

WORDS: dict[str, LazyString] = {
    "reason_missing": lazy_gettext("Say why you open it. She will read it."),
    "reading_asked_already": lazy_gettext(
        "You have asked about this already. The answer will stand beside it."
    ),
    "reading_answered_already": lazy_gettext("Somebody has answered this meanwhile."),
    "reading_not_yours_to_answer": lazy_gettext(
        "This is about something you opened or asked yourself. Another trustee answers it."
    ),
    "keepers_full": lazy_gettext("Two trustees keep this list already."),
    "keeper_already": lazy_gettext("You keep this list already."),
    "not_a_keeper": lazy_gettext("You do not keep this list. Take one of the two places first."),
    "head_not_newest": lazy_gettext(
        "A newer line was signed meanwhile. Look at the page again and write that one down."
    ),
    "head_does_not_hold": lazy_gettext(
        "This line does not hold any more, so nobody should sign that she wrote it down. Tell the"
        " other trustees."
    ),
    "inquiry_not_by_two": lazy_gettext(
        "This needs two trustees, and neither is the one it is about or the one who looks into it."
    ),
    "inquiry_too_long": lazy_gettext("Thirty days at most, and not in the past."),
    "inquiry_answered": lazy_gettext("This was answered already."),
}

CHOICES: dict[str, LazyString] = {
    "she_asked": lazy_gettext("She asked me to"),
    "claim": lazy_gettext("To decide her claim"),
    "case_work": lazy_gettext("To work on her case"),
    "safety": lazy_gettext("Somebody may be in danger"),
    "mistake": lazy_gettext("To put a mistake right"),
    "court_order": lazy_gettext("A court ordered it"),
    "audit": lazy_gettext("To look the books over"),
    "other": lazy_gettext("Something else"),
}
"""Reasons as whoever opens something chooses them."""

REASONS: dict[str, LazyString] = {
    "she_asked": lazy_gettext("because you asked for it"),
    "claim": lazy_gettext("to decide your claim"),
    "case_work": lazy_gettext("to work on your case"),
    "safety": lazy_gettext("because somebody might have been in danger"),
    "mistake": lazy_gettext("to put a mistake right"),
    "court_order": lazy_gettext("because a court ordered it"),
    "audit": lazy_gettext("to check the books"),
    "other": lazy_gettext("for another reason"),
    "on_the_spot": lazy_gettext("to find you and get you out"),
    "before_reasons": lazy_gettext("no reason was asked for then"),
}
"""The same, said to her whose it is."""

OPENINGS: dict[str, LazyString] = {
    "opened_case": lazy_gettext("opened your case"),
    "opened_shared_case": lazy_gettext("read what of your case was shared with a lawyer"),
    "opened_incident_timeline": lazy_gettext("read what happened when you called for help"),
    "opened_health_words": lazy_gettext("opened the words about your health"),
    "opened_hearing_note": lazy_gettext("opened what was written when you were heard"),
    "legal_name_opened": lazy_gettext("opened your name as papers have it"),
    "paper_opened": lazy_gettext("opened a paper about money that concerned you"),
    "opened_taken_name": lazy_gettext("read your name on the list of those taken"),
    "opened_taken_mark": lazy_gettext("opened the sealed word about your age"),
    "minor_opened": lazy_gettext("opened what was told when you called for help"),
    "minor_number_opened": lazy_gettext("read the number from which you called for help"),
}
"""What somebody opened, said to her whose it is."""

_OPENED_OTHER = lazy_gettext("opened something that is kept of you")

OPENED_OF: dict[str, LazyString] = {
    "opened_case": lazy_gettext("a case"),
    "opened_shared_case": lazy_gettext("what of a case was shared with a lawyer"),
    "opened_incident_timeline": lazy_gettext("what happened in a call for help"),
    "opened_health_words": lazy_gettext("words about health"),
    "opened_hearing_note": lazy_gettext("what was written at a hearing"),
    "legal_name_opened": lazy_gettext("a name as papers have it"),
    "paper_opened": lazy_gettext("a paper about money"),
    "opened_taken_name": lazy_gettext("a name on the list of those taken"),
    "opened_taken_mark": lazy_gettext("the sealed word about an age"),
    "minor_opened": lazy_gettext("what was told in a call for help"),
    "minor_number_opened": lazy_gettext("a number that called for help"),
}
"""The same, said to a trustee who was asked about it."""

_OF_OTHER = lazy_gettext("something that was sealed")

OUTCOMES: dict[str, LazyString] = {
    "was_right": lazy_gettext("It was right to open it"),
    "was_not_right": lazy_gettext("It was not right to open it"),
    "cannot_tell": lazy_gettext("Nobody can tell any more"),
}


def trouble(code: str, num: int) -> str:
    """What is late with the keeping of the list."""
    if code == "place_free":
        return str(lazy_gettext("Place %(num)s is free. A trustee should take it.", num=num))
    said = {
        "not_written": ngettext(
            "One of the two has written nothing down for %(num)s day.",
            "One of the two has written nothing down for %(num)s days.",
            num,
        ),
        "not_signed": ngettext(
            "The machine has signed nothing for %(num)s day. Tell whoever keeps it.",
            "The machine has signed nothing for %(num)s days. Tell whoever keeps it.",
            num,
        ),
        "not_sealed": ngettext(
            "%(num)s line waits for its seal for over an hour. Tell whoever keeps the machine.",
            "%(num)s lines wait for their seal for over an hour. Tell whoever keeps the machine.",
            num,
        ),
    }
    return str(said[code])


def opening(code: str) -> LazyString:
    """What somebody opened, said to her."""
    return OPENINGS.get(code, _OPENED_OTHER)


def opened_of(code: str) -> LazyString:
    """What somebody opened, said to a trustee."""
    return OPENED_OF.get(code, _OF_OTHER)
