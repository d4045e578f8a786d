"""First sentences for those who hear claims and follow cases, and for who keeps the machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import format_date, gettext, ngettext

from union.legal.queries import cases_of, unassigned_cases
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


def keeper(_work: Work) -> Card:
    """The machine is looked after from its own terminal; no page of members is hers."""
    return Card(
        gettext("You keep the machine. Its health is told on its own terminal."),
        note=gettext("Write “union check” there: it asks every rule whether it still holds."),
    )
