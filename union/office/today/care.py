"""First sentences for those who hear claims and follow cases, and for who keeps the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import format_date, gettext, ngettext

from union.legal.queries import (
    cases_of,
    cases_to_let_into,
    complaints_of,
    office_of_waits,
    shared_with,
    unassigned_cases,
    waits_of_office,
)
from union.legal.rules import MAY_KEEP, RECEIVERS
from union.office.today.card import Act, Card
from union.welfare.queries import claims_waiting

if TYPE_CHECKING:
    from union.infra.work import Work


def committee(work: Work) -> Card:
    """What waits to be heard."""
    waiting = len(claims_waiting(work))
    sentence = (
        ngettext("%(num)s claim waits to be heard.", "%(num)s claims wait to be heard.", waiting)
        if waiting
        else gettext("No claim waits to be heard.")
    )
    return Card(
        sentence,
        (
            Act(gettext("Open the claims"), "welfare.claims"),
            Act(gettext("Ask for somebody"), "welfare.ask_for"),
        ),
    )


def paralegal(work: Work) -> Card:
    """How many cases are hers, and the next day that matters."""
    mine = cases_of(work, work.actor.person_id or 0)
    free = len(unassigned_cases(work))
    note = (
        ngettext("%(num)s case has nobody yet.", "%(num)s cases have nobody yet.", free)
        if free
        else ""
    )
    act = (Act(gettext("Open my cases"), "legal.cases"),)
    if not mine:
        return Card(gettext("You have no case now."), act, note=note)
    many = ngettext("%(num)s case is yours.", "%(num)s cases are yours.", len(mine))
    following = gettext(
        "Next: %(day)s.", day=format_date(min(one.next_on for one in mine), "EEE d MMMM")
    )
    return Card(f"{many} {following}", act, note=note)


def lawyer(work: Work) -> Card:
    """What is shared with her now, and nothing else."""
    shared = len(shared_with(work, work.actor.person_id or 0))
    sentence = (
        ngettext("%(num)s case is shared with you.", "%(num)s cases are shared with you.", shared)
        if shared
        else gettext("Nothing is shared with you now.")
    )
    return Card(sentence, (Act(gettext("Open what is shared"), "legal.shared"),))


def received(work: Work) -> list[Card]:
    """Complaints against one of our own that are in her hands; nothing where there are none."""
    if work.actor.person_id is None or not work.actor.has(*RECEIVERS):
        return []
    mine = len(complaints_of(work, work.actor.person_id))
    if not mine:
        return []
    sentence = ngettext(
        "%(num)s complaint is in your hands.", "%(num)s complaints are in your hands.", mine
    )
    return [Card(sentence, (Act(gettext("Open it"), "legal.received"),))]


def keys_of_cases(work: Work) -> list[Card]:
    """Who waits for the words of a case, if she can let her in; nothing where nobody does."""
    if not work.actor.has(*MAY_KEEP):
        return []
    waiting = len(cases_to_let_into(work))
    if not waiting:
        return []
    sentence = ngettext(
        "In %(num)s case somebody waits for you to let her in.",
        "In %(num)s cases somebody waits for you to let her in.",
        waiting,
    )
    return [Card(sentence, (Act(gettext("Let her in"), "legal.keys"),))]


def long_waits(work: Work) -> list[Card]:
    """That somebody was not let in for days, to the office of that; never into what, nor how many.

    A number would count cases, and two who compare theirs would see around whom one goes.
    """
    office = office_of_waits(work)
    if office is None or work.actor.branches(office) is not None or not waits_of_office(work):
        return []
    sentence = gettext("Somebody has waited for days for a key that others keep.")
    return [Card(sentence, note=gettext("Ask those who keep keys."))]


def keeper(_work: Work) -> Card:
    """The machine is looked after from its own terminal; no page of members is hers."""
    return Card(
        gettext("You keep the machine. Its health is told on its own terminal."),
        note=gettext("Write “union check” there: it asks every rule whether it still holds."),
    )
