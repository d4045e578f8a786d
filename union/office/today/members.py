"""First sentences for those who keep the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import format_decimal, gettext, ngettext

from union.crisis.queries.own_paths import undecided
from union.kernel.actor import Role
from union.office.queries.today import members_and_branches, pairs_proposed, rows_set_aside
from union.office.today.card import Act, Card
from union.office.today.money import to_answer

if TYPE_CHECKING:
    from union.infra.work import Work

NAMED_AT_MOST = 3


def membership_secretary(work: Work) -> Card:
    """How many members of hers, and how many pairs wait for her eye if the register is hers whole.

    She counts nobody whom she may not open (P4).
    """
    hers = work.actor.branches(Role.MEMBERSHIP_SECRETARY)
    count, branches = members_and_branches(work.session, hers)
    pairs = pairs_proposed(work.session) if hers is None else 0
    find = Act(gettext("Find a member"), "members.register")
    look = Act(gettext("Look at the pairs"), "intake.pairs")
    sentence = gettext(
        "%(count)s members in %(branches)s branches.",
        count=format_decimal(count),
        branches=len(branches),
    )
    asked = to_answer(work)
    if not pairs:
        return Card(sentence, (find, *asked))
    note = ngettext(
        "%(num)s pair of entries may be one woman.",
        "%(num)s pairs of entries may be one woman each.",
        pairs,
    )
    return Card(sentence, (find, look, *asked), note=note)


def branch_secretary(work: Work) -> Card:
    """Her branch and how many are in it."""
    count, names = members_and_branches(work.session, work.actor.branches(Role.BRANCH_SECRETARY))
    where = ", ".join(names) if len(names) <= NAMED_AT_MOST else gettext("Your branches")
    return Card(
        gettext("%(branch)s: %(count)s members.", branch=where, count=format_decimal(count)),
        (Act(gettext("Find a member"), "members.register"),),
    )


def named_officer(work: Work) -> Card:
    """What is kept for her alone."""
    kept, calls = rows_set_aside(work.session), undecided(work)
    if calls:
        sentence = ngettext(
            "%(num)s call waits for your word.", "%(num)s calls wait for your word.", calls
        )
        rest = (Act(gettext("What is kept of books"), "intake.apart"),) if kept else ()
        return Card(sentence, (Act(gettext("Open them"), "crisis.minors"), *rest))
    if not kept:
        return Card(
            gettext("Nothing is kept for you."),
            (Act(gettext("Calls that were decided"), "crisis.minors"),),
        )
    return Card(
        ngettext(
            "%(num)s entry is kept for you alone.", "%(num)s entries are kept for you alone.", kept
        ),
        (Act(gettext("Open them"), "intake.apart"),),
    )
