"""First sentences for those who answer calls and those who go; never where, who or what kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import gettext, ngettext

from union.crisis.queries.coverage import open_holes, open_offers
from union.crisis.queries.drills import forced_in_drills
from union.messages.services import open_spells
from union.office.queries.today import asked_and_going, contacts_waiting, incidents_open
from union.office.today.card import Act, Card

if TYPE_CHECKING:
    from union.infra.work import Work


def operator(work: Work) -> Card:
    """Who waits for a voice."""
    waiting = contacts_waiting(work.session)
    sentence = (
        ngettext("%(num)s call waits for a voice.", "%(num)s calls wait for a voice.", waiting)
        if waiting
        else gettext("Nobody waits for a voice.")
    )
    write = Act(gettext("Write down a call"), "crisis.intake")
    board = Act(gettext("Open the board"), "crisis.board")
    return Card(sentence, (board, write) if waiting else (write, board), note=_looked_after(work))


def in_charge(work: Work) -> Card:
    """Who has nobody yet."""
    seeking, _ = incidents_open(work.session)
    sentence = (
        ngettext("%(num)s call has too few people.", "%(num)s calls have too few people.", seeking)
        if seeking
        else gettext("Nobody is left without people.")
    )
    board = Act(gettext("Open the board"), "crisis.board")
    if forced_in_drills(work):
        ring = Act(gettext("See whom to ring quietly"), "crisis.practice")
        return Card(gettext("Somebody answered with her other numbers."), (ring, board))
    if open_spells(work):
        ways = Act(gettext("See what does not get through"), "ways.health")
        note = gettext("Not everything we send gets through.")
        return Card(sentence, (board, ways) if seeking else (ways, board), note=note)
    hours = Act(gettext("See the hours ahead"), "crisis.rota_coverage")
    return Card(sentence, (board, hours), note=_looked_after(work) or _hours_empty(work))


def team(work: Work) -> Card:
    """Whether she is asked for."""
    asked, going = asked_and_going(work.session, work.actor.person_id or 0)
    if asked:
        sentence = gettext("You are asked to come.")
    elif going:
        sentence = gettext("You are on your way.")
    else:
        sentence = gettext("Nobody asks for you now.")
    return Card(
        sentence,
        (
            Act(gettext("See what is asked of me"), "crisis.my_pages"),
            Act(gettext("Somebody called me herself"), "crisis.called_myself"),
            Act(gettext("My hours"), "crisis.rota_mine"),
        ),
        note=_asked_for_hours(work),
    )


def _asked_for_hours(work: Work) -> str:
    waits = bool(open_offers(work, work.actor.person_id or 0))
    return gettext("Can you take some free hours? Look under “My hours”.") if waits else ""


def _hours_empty(work: Work) -> str:
    holes = len(open_holes(work))
    if not holes:
        return ""
    return str(
        ngettext(
            "%(num)s half day ahead has hours with nobody near.",
            "%(num)s half days ahead have hours with nobody near.",
            holes,
        )
    )


def _looked_after(work: Work) -> str:
    _, filled = incidents_open(work.session)
    if not filled:
        return ""
    return str(ngettext("%(num)s is looked after.", "%(num)s are looked after.", filled))
