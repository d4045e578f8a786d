"""Locking the office in words: what was refused, and what to do."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

WORDS: dict[str, LazyString] = {
    "office_locked": lazy_gettext(
        "The office is locked. What is sealed opens again when two people have brought it back."
    ),
    "office_open": lazy_gettext("The office is open. There is nothing to bring back."),
    "not_a_lock_keeper": lazy_gettext(
        "You are none of those who can bring it back. They stand on this page."
    ),
    "locker_waits": lazy_gettext(
        "You locked it yourself, so two others bring it back: somebody may have forced you."
    ),
    "lock_paper_spent": lazy_gettext("These letters lock nothing. A paper works once."),
    "pair_box_wrong": lazy_gettext(
        "This does not open it. Nothing was changed; tell whoever keeps the machine."
    ),
    "too_few_papers": lazy_gettext("Two trustees must have printed their papers first."),
    "figures_differ": lazy_gettext(
        "These are not the figures of this set. Ask the trustee once more before you go on: nobody"
        " else should be able to open what you hold."
    ),
    "nothing_to_put_in": lazy_gettext("There is nothing here that you could put in."),
    "no_recovery_set": lazy_gettext("The trustees have made no set of papers yet."),
    "rehearsal_untrue": lazy_gettext("These figures were brought before, or open nothing here."),
    "paper_miswritten": lazy_gettext("A group of letters does not check. Look at it once more."),
    "paper_not_of_this_set": lazy_gettext("This paper opens nothing of this set."),
    "one_paper_twice": lazy_gettext("It takes two papers, of two people."),
    "export_unreadable": lazy_gettext("This file was not written for that."),
}

CIRCLES: dict[str, LazyString] = {
    "legal_names": lazy_gettext("Names as papers have them"),
    "health": lazy_gettext("Words about health"),
    "minors": lazy_gettext("Who may be a minor"),
    "statements": lazy_gettext("Statements"),
    "case_keepers": lazy_gettext("What lets into cases"),
}

TROUBLES: dict[str, LazyString] = {
    "no_set": lazy_gettext("There are no papers by which two trustees could open what is sealed."),
    "not_wrapped": lazy_gettext("Something that is sealed was not put into the trustees’ set."),
    "not_rehearsed": lazy_gettext(
        "Nobody has tried for a year whether two papers open what they should."
    ),
}
