"""The open books in words: what lines are called for whoever keeps no books."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

LINES: dict[str, LazyString] = {
    "dues": lazy_gettext("Dues of members"),
    "spending_back": lazy_gettext("Taken back of what went out in earlier months"),
    "income_back": lazy_gettext("Taken back of what came in in earlier months"),
    "help": lazy_gettext("Different kinds of help together"),
    "5010": lazy_gettext("Help in sickness and need"),
    "5020": lazy_gettext("Help before courts"),
    "5030": lazy_gettext("Help in a crisis"),
    "1320": lazy_gettext("Sureties at court"),
    "1190": lazy_gettext("Kept back by the bank or the card company"),
    "1195": lazy_gettext("Given back on a card"),
    "2190": lazy_gettext("Received, giver not known yet"),
    "2210": lazy_gettext("Bills"),
}
