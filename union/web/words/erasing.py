"""Erasing in words: what must be over first, how it stands, what stays."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

ERASED = lazy_gettext("erased")
"""What stands where somebody's name was."""

WAITS_FOR: dict[str, LazyString] = {
    "held": lazy_gettext("A court or an inquiry needs what is kept of her. It waits until then."),
    "office": lazy_gettext("She holds an office. End that first."),
    "call": lazy_gettext("A call for help of hers is not closed yet."),
    "case": lazy_gettext("A case of hers is open. Close it first."),
    "claim": lazy_gettext("A claim of hers is not decided and paid yet."),
    "voucher": lazy_gettext("Money waits to be paid to her."),
    "by_card": lazy_gettext("Dues are still taken from her card. End that first."),
    "cash": lazy_gettext("Money of the union is in her hands. Settle that first."),
}
"""What must be over before somebody is erased."""

WORDS: dict[str, LazyString] = {
    "erasure_waits": lazy_gettext("Not yet: something of hers must be over first."),
    **{f"erasure_waits_{code}": words for code, words in WAITS_FOR.items()},
    "erasure_asked_already": lazy_gettext("This is asked for already."),
    "erasure_by_two": lazy_gettext("This needs two officers, and neither is she."),
    "erasure_over": lazy_gettext("This was stopped, or it has begun. Nothing was changed."),
    "erasure_not_done": lazy_gettext("Something of hers is still there. Nothing is certified."),
}

HOW_AT_OFFICE: dict[str, LazyString] = {
    "office": lazy_gettext("She asked for it here, and I know her"),
    "court": lazy_gettext("A court ordered it"),
}

ASKED: dict[str, LazyString] = {
    "herself": lazy_gettext("asked on her own page"),
    "office": lazy_gettext("asked at the office"),
    "court": lazy_gettext("ordered by a court"),
}

STATES: dict[str, LazyString] = {
    "asked": lazy_gettext("two officers must agree"),
    "first": lazy_gettext("one more officer must agree"),
    "told": lazy_gettext("she was told, and may still say no"),
    "under_way": lazy_gettext("under way"),
    "erased": ERASED,
    "stopped": lazy_gettext("stopped"),
}

STOPPED: dict[str, LazyString] = {
    "answer": lazy_gettext("She answered no."),
    "page": lazy_gettext("She said no on her own page."),
    "office": lazy_gettext("It was stopped at the office."),
}

STAYS: dict[str, LazyString] = {
    "money_rows": lazy_gettext("rows about money, under a number and no name"),
    "readings": lazy_gettext("lines that say that somebody opened something"),
    "calls_with_others": lazy_gettext("calls for help that tell of others, too"),
    "said_by_others": lazy_gettext("lists that others wrote"),
    "paper": lazy_gettext("whatever is on paper, or in somebody’s telephone"),
}
