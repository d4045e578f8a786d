"""Words of cases, of a complaint about one of our own, and of what ails her."""

from __future__ import annotations

from datetime import date, timedelta

from tests.builders.legal import tomorrow
from tests.builders.welfare import as_member, make_scheme
from tests.canary.scenes.stage import Stage
from union.kernel.actor import Role
from union.legal.rules import Act, PartyRole, Step
from union.legal.services import (
    NewCase,
    NextStep,
    add_note,
    add_party,
    open_case,
    set_next_step,
)
from union.legal.services.complaints import NewComplaint, open_complaint
from union.members.models import Member
from union.welfare.queries.schemes import version_on
from union.welfare.rules import SICKNESS, Evidence
from union.welfare.services import NewClaim, ask_benefit, hear_claimant

LONG_AGO = date(2024, 3, 31)


def a_case(stage: Stage) -> None:
    """A paralegal opens one for her: a note, somebody in it, and what comes next."""
    word = stage.word
    paralegal = stage.officer(Role.PARALEGAL, reads=True)
    with stage.unit.begin(paralegal) as work:
        her = stage.member(work, called=word())
        case = open_case(work, NewCase(her, (Act.ARREST,), word()))
        add_note(work, case.ref, word())
        add_party(work, case.ref, PartyRole.POLICE, word())
        set_next_step(work, case.ref, NextStep(Step.FIRST_TALK, tomorrow(work), word()))


def a_complaint(stage: Stage) -> None:
    """She complains of somebody; two of those who receive complaints can read it."""
    for _ in range(2):
        stage.officer(Role.WELFARE_COMMITTEE, reads=True)
    with stage.as_machine() as work:
        her, named = (stage.member(work, called=stage.word()) for _ in range(2))
    with stage.as_person(her, Role.MEMBER) as work:
        open_complaint(work, NewComplaint(her, stage.word(), frozenset({named})))


def a_claim(stage: Stage) -> None:
    """She says what ails her, and somebody of the committee hears her."""
    word = stage.word
    with stage.as_machine() as work:
        her = stage.member(work, called=word(), joined_on=LONG_AGO)
        until = work.clock.today()
        since = until - timedelta(days=9)
        if version_on(work.session, SICKNESS, since) is None:
            make_scheme(work)
        herself = as_member(work.session.get_one(Member, her))
    with stage.unit.begin(herself) as work:
        claim = ask_benefit(work, NewClaim(her, since, until, Evidence.DOCTOR, word()))
    with stage.as_somebody(Role.WELFARE_COMMITTEE) as work:
        hear_claimant(work, claim.ref, word())
