"""What is kept and how long, in words: kinds of records, from when, what then happens, holds."""

from __future__ import annotations

from datetime import date

from flask_babel import LazyString, format_date, gettext, lazy_gettext, ngettext

WORDS: dict[str, LazyString] = {
    "retention_days_bounds": lazy_gettext(
        "That is fewer days than the least, or more than the most, for this."
    ),
    "retention_wish_waits": lazy_gettext("Somebody has proposed other days for this already."),
    "retention_wish_by_two": lazy_gettext("Another person must agree to what you proposed."),
    "hold_too_long": lazy_gettext("A year at most, and later than it is now."),
    "hold_not_by_two": lazy_gettext("You asked that it end. Another person ends it."),
    "hold_ended": lazy_gettext("It is held no longer; that was done already."),
}

KINDS: dict[str, LazyString] = {
    "nuisance": lazy_gettext("Numbers whose calls were put behind the others"),
    "incident_words": lazy_gettext("What was said and written when somebody called for help"),
    "taken_lists": lazy_gettext("Lists of those taken in a raid, with their medicine"),
    "cases": lazy_gettext("What stands in a case"),
    "health_words": lazy_gettext("Words about health in a claim, and what was said at a hearing"),
    "import_rows": lazy_gettext("Registers that were brought in, as they stood in the file"),
    "uploads": lazy_gettext("Files that were chosen and not brought in"),
    "set_aside": lazy_gettext("Rows of a register that were kept apart for one officer"),
    "gone_identity": lazy_gettext("Name, place, nominee and numbers of somebody who has gone"),
    "gone_keys": lazy_gettext("Everything else that lies under the key of somebody who has gone"),
    "message_words": lazy_gettext("What our messages said"),
    "receipts": lazy_gettext("What telephone companies told us of a message"),
    "attempts": lazy_gettext("When and by which way a message went"),
    "inbound_words": lazy_gettext("Words and numbers of messages and calls to us"),
    "ended_ways": lazy_gettext("Browsers and mailboxes that are used no more"),
    "sheet_lines": lazy_gettext("Collectors’ sheets as they were written"),
    "narrations": lazy_gettext("What the bank wrote beside an amount"),
    "bank_uploads": lazy_gettext("Files of the bank that were chosen and not brought in"),
    "books": lazy_gettext("The books: amounts, days, card numbers, vouchers"),
    "sign_ins": lazy_gettext("When somebody was signed in, and with which browser"),
    "slips": lazy_gettext("Slips of paper to begin with, once used"),
    "tries": lazy_gettext("Wrong passwords and codes, counted"),
    "commands": lazy_gettext("What was sent by a form, so that it is done once"),
    "facts_told": lazy_gettext("What one part of the program told another"),
    "timers_done": lazy_gettext("Clocks that have rung"),
    "acts": lazy_gettext("Who did what, in codes"),
    "readings": lazy_gettext("Who opened what is sealed, and why"),
    "logs": lazy_gettext("What the machine notes of itself: numbers and codes"),
    "chain": lazy_gettext("The fingerprints of those lists, and certificates"),
}
"""What is kept."""

AREAS: tuple[tuple[LazyString, tuple[str, ...]], ...] = (
    (lazy_gettext("Somebody needs us"), ("incident_words", "taken_lists", "nuisance")),
    (lazy_gettext("Claims and cases"), ("cases", "health_words")),
    (
        lazy_gettext("Members"),
        ("gone_identity", "gone_keys", "import_rows", "uploads", "set_aside"),
    ),
    (
        lazy_gettext("How words get through"),
        ("message_words", "inbound_words", "attempts", "receipts", "ended_ways"),
    ),
    (lazy_gettext("Money"), ("books", "sheet_lines", "narrations", "bank_uploads")),
    (
        lazy_gettext("The office"),
        (
            *("readings", "acts", "sign_ins", "slips", "tries"),
            *("commands", "facts_told", "timers_done", "logs", "chain"),
        ),
    ),
)
"""The kinds by what they belong to, for who reads all of them on a small glass."""

SINCE: dict[str, LazyString] = {
    "done": lazy_gettext("from the day it was done"),
    "written": lazy_gettext("from the day it was written"),
    "full": lazy_gettext("until the file is full"),
    "never": lazy_gettext("for good"),
    "ended": lazy_gettext("from the day it ended"),
    "closed": lazy_gettext("from the day it was closed"),
    "came": lazy_gettext("from the day it came"),
    "brought_in": lazy_gettext("from the day it was brought in"),
    "chosen": lazy_gettext("from the hour it was chosen"),
    "dealt_with": lazy_gettext("from the day somebody dealt with it"),
    "gone": lazy_gettext("from the day she left or died"),
    "heard_again": lazy_gettext("from the day they were heard like others again"),
    "decided": lazy_gettext("from the last decision, or the day it was paid"),
    "booked": lazy_gettext("from the day the bank booked it"),
}
"""From when the days are counted."""

HOWS: dict[str, LazyString] = {
    "delete": lazy_gettext("Then it goes."),
    "forget": lazy_gettext("Then the words go; that it was stays."),
    "destroy_key": lazy_gettext(
        "Then the key that opens it is destroyed: it can be read nowhere any more, also in copies."
    ),
    "age_out": lazy_gettext("Then it goes."),
    "by_itself": lazy_gettext("It goes by itself."),
    "kept": lazy_gettext("It stays."),
}
"""What happens then."""

THINGS: dict[str, LazyString] = {
    "person": lazy_gettext("Everything of one member"),
    "incident": lazy_gettext("One call for help, with all that belongs to it"),
    "case": lazy_gettext("One case that I have"),
}
"""What can be held."""

WHY: dict[str, LazyString] = {
    "court_order": lazy_gettext("A court ordered it"),
    "court_case": lazy_gettext("It is before a court"),
    "complaint": lazy_gettext("Somebody complained"),
    "dispute": lazy_gettext("There is a dispute about it"),
    "lawyer_asked": lazy_gettext("A lawyer asked for it"),
}
"""Why it is held."""

YEAR_DAYS = 365
LEAST_IN_YEARS = 1095


def for_days(days: int) -> str:
    """So many days, in years where they are many."""
    if days == 0:
        return str(gettext("at once"))
    if days >= LEAST_IN_YEARS:
        years = days // YEAR_DAYS
        return str(ngettext("%(num)s year", "%(num)s years", years))
    return str(ngettext("%(num)s day", "%(num)s days", days))


def how_long(days: int, how: str, since: str) -> str:
    """How long, and from when, as one line."""
    if how == "kept" or since == "full":
        return str(SINCE[since])
    if days == 0:
        return str(gettext("not at all"))
    return str(gettext("%(time)s %(since)s", time=for_days(days), since=SINCE[since]))


def aged_out(since: date) -> str:
    """What stands where words were that are kept no longer."""
    day = format_date(since, "d MMM y")
    return str(gettext("These words are gone since %(day)s.", day=day))
