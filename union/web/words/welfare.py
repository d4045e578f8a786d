"""Welfare in words: what went wrong, and why the rule says what it says."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Protocol

from flask_babel import LazyString, gettext, lazy_gettext, ngettext

from union.kernel.money import format_amount
from union.web.formats import day

Sentence = Callable[[Mapping[str, Any], Mapping[str, Any]], str]

WORDS: dict[str, LazyString] = {
    "scheme_not_in_force": lazy_gettext(
        "There was no such help yet on the first of these days. Choose later days."
    ),
    "days_unreadable": lazy_gettext("The last day comes before the first. Change one of them."),
    "days_ahead": lazy_gettext(
        "Some of these days have not come yet. Ask up to today, then again."
    ),
    "days_too_many": lazy_gettext("That is more than a year. Ask for a shorter time."),
    "days_claimed": lazy_gettext(
        "You have asked for some of these days already. Choose the days after them."
    ),
    "own_claim": lazy_gettext(
        "This is your own. Somebody else of the committee looks at it; you see it on your page."
    ),
    "not_heard": lazy_gettext(
        "She has not been heard yet. Talk with her, write down what she said, then decide."
    ),
    "same_hands": lazy_gettext(
        "You have decided this before. Now somebody else of the committee looks at it."
    ),
    "claim_settled": lazy_gettext("This has been dealt with already. Nothing was changed."),
    "departure_unexplained": lazy_gettext(
        "The rule says otherwise. Choose why you decide differently."
    ),
    "days_over_claim": lazy_gettext("Grant at least one day, and not more than she asked for."),
    "appealed_before": lazy_gettext("You asked once more already. That second answer stands."),
    "version_in_past": lazy_gettext(
        "What the union pays changes from today on, never backwards. Choose today or later."
    ),
    "version_stands": lazy_gettext("For that day it was decided already. Choose another day."),
    "nothing_sealed": lazy_gettext("She wrote no words, and nobody has heard her yet."),
}

STATES: dict[str, tuple[str, LazyString]] = {
    "asked": ("waiting", lazy_gettext("asked")),
    "heard": ("waiting", lazy_gettext("heard")),
    "granted": ("coming", lazy_gettext("granted")),
    "refused": ("due", lazy_gettext("refused")),
    "appealed": ("waiting", lazy_gettext("asked once more")),
    "voucher": ("coming", lazy_gettext("granted, being paid")),
    "paid": ("settled", lazy_gettext("paid")),
}
"""Each state's mark and word."""

EVIDENCE: dict[str, LazyString] = {
    "doctor": lazy_gettext("A paper from a doctor or hospital"),
    "visit": lazy_gettext("Somebody of the union came and saw me"),
    "own_word": lazy_gettext("Nothing, only my word"),
}

DEPARTURES: dict[str, LazyString] = {
    "hardship": lazy_gettext("She has nothing else to live on"),
    "committee_knows": lazy_gettext("We know it to be so"),
    "evidence_seen": lazy_gettext("The paper was seen since"),
    "evidence_doubted": lazy_gettext("What was shown does not hold"),
    "days_differ": lazy_gettext("It was other days than she wrote"),
}


def reason(code: str, inputs: Mapping[str, Any]) -> str:
    """One reason of the rule in a sentence, with the figures it looked at."""
    sentence = _SENTENCES[code]
    return sentence(inputs["terms"], inputs["claim"])


def _waiting_time(terms: Mapping[str, Any], claim: Mapping[str, Any]) -> str:
    return str(
        ngettext(
            "Help begins after %(num)s month of membership; this one began on %(since)s.",
            "Help begins after %(num)s months of membership; this one began on %(since)s.",
            int(terms["waiting_months"]),
            since=day(date.fromisoformat(claim["member_since"])),
        )
    )


def _arrears(terms: Mapping[str, Any], claim: Mapping[str, Any]) -> str:
    return str(
        ngettext(
            "On the first day %(num)s month was not paid; at most %(most)s may be open.",
            "On the first day %(num)s months were not paid; at most %(most)s may be open.",
            int(claim["months_in_arrears"]),
            most=int(terms["arrears_ceiling_months"]),
        )
    )


def _cap(terms: Mapping[str, Any], _claim: Mapping[str, Any]) -> str:
    return str(
        gettext(
            "In any twelve months %(days)s days are paid, and all of them have been.",
            days=int(terms["cap_days"]),
        )
    )


def _cap_shortens(terms: Mapping[str, Any], _claim: Mapping[str, Any]) -> str:
    return str(
        gettext(
            "In any twelve months %(days)s days are paid; only what is left of them can be.",
            days=int(terms["cap_days"]),
        )
    )


def _first_days(terms: Mapping[str, Any], _claim: Mapping[str, Any]) -> str:
    return str(
        ngettext(
            "The first day is not paid; the union pays from the next.",
            "The first %(num)s days are not paid; the union pays from the next.",
            int(terms["unpaid_days"]),
        )
    )


def _only_unpaid(terms: Mapping[str, Any], _claim: Mapping[str, Any]) -> str:
    return str(
        ngettext(
            "The first day is not paid, and no more was asked for.",
            "The first %(num)s days are not paid, and no more were asked for.",
            int(terms["unpaid_days"]),
        )
    )


_SENTENCES: Mapping[str, Sentence] = {
    "not_a_member_then": lambda _t, _c: gettext("There was no membership on the first day."),
    "joining_unknown": lambda _t, _c: gettext(
        "Nobody wrote down when the membership began. The committee asks."
    ),
    "arrears_unknown": lambda _t, _c: gettext(
        "The old register does not say up to when was paid. The card may show it."
    ),
    "evidence_missing": lambda _t, _c: gettext(
        "There is no paper yet, and nobody came to see. The committee asks, or visits."
    ),
    "within_rules": lambda _t, _c: gettext("Everything the rule asks for is there."),
    "waiting_time": _waiting_time,
    "arrears": _arrears,
    "cap_reached": _cap,
    "cap_shortens": _cap_shortens,
    "first_days_unpaid": _first_days,
    "only_unpaid_days": _only_unpaid,
}


class SchemeTerms(Protocol):
    """What a scheme pays and asks for; money in minor units."""

    @property
    def daily_amount_minor(self) -> int:
        """For a day."""
        ...

    @property
    def unpaid_days(self) -> int:
        """How many of the first days are not paid."""
        ...

    @property
    def waiting_months(self) -> int:
        """How long she has been a member before it begins."""
        ...

    @property
    def arrears_ceiling_months(self) -> int:
        """How many months of dues may be open."""
        ...

    @property
    def cap_days(self) -> int:
        """How many days are paid in any twelve months."""
        ...

    @property
    def evidence(self) -> Collection[str]:
        """What must be shown, one of these; none: her word is enough."""
        ...


def terms_in_words(terms: SchemeTerms) -> list[str]:
    """What the union pays and asks for, a sentence for each, in the reader's language."""
    shown = [str(EVIDENCE[one]) for one in EVIDENCE if one in terms.evidence]
    return [
        gettext("The union pays %(money)s a day.", money=format_amount(terms.daily_amount_minor)),
        _days_unpaid(terms.unpaid_days),
        ngettext(
            "In any twelve months it pays %(num)s day at most.",
            "In any twelve months it pays %(num)s days at most.",
            terms.cap_days,
        ),
        _joined_for(terms.waiting_months),
        _may_be_open(terms.arrears_ceiling_months),
        gettext("One of these must be shown: %(what)s.", what="; ".join(shown))
        if shown
        else gettext("Her word is enough: nothing need be shown."),
    ]


def _days_unpaid(days: int) -> str:
    if not days:
        return str(gettext("It pays from the first day on."))
    return str(
        ngettext(
            "The first day is not paid; it pays from the second day on.",
            "The first %(num)s days are not paid; it pays from the day after them.",
            days,
        )
    )


def _joined_for(months: int) -> str:
    if not months:
        return str(gettext("Every member can ask for it from her first day on."))
    return str(
        ngettext(
            "Who has been a member for %(num)s month can ask for it.",
            "Who has been a member for %(num)s months can ask for it.",
            months,
        )
    )


def _may_be_open(months: int) -> str:
    if not months:
        return str(gettext("All her dues must be paid when she falls ill."))
    return str(
        ngettext(
            "Not more than %(num)s month of dues may be unpaid when she falls ill.",
            "Not more than %(num)s months of dues may be unpaid when she falls ill.",
            months,
        )
    )
