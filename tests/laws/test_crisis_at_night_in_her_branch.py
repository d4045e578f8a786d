"""At night somebody must come: an office of one branch is not refused what lies in that branch.

Nor what lies in none that anybody knows. What is another branch's stays as it is not there.
"""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import update

from tests.access.crisis import make
from tests.access.sides import Side
from tests.access.walked import DISTRICTS
from tests.builders.identity import make_account
from tests.builders.ledger import acting_as
from tests.builders.members import make_branch, make_member
from union.crisis.models import Certificate, Incident
from union.crisis.queries.about import ABOUTS
from union.kernel.access import Answer, decide
from union.kernel.actor import Actor, Grant, Role
from union.members.models import Membership
from union.web.access import TABLE

ROWS = [row for name, row in TABLE.items() if name.startswith("crisis.") and row.every]
HERE, THERE = range(2)


@pytest.fixture
def sides(work):
    """What lies in two branches: the branch, and an example of each object."""
    made = []
    for district in DISTRICTS:
        branch = make_branch(work, *district)
        side = Side(branch, district[1:], make_member(work, branch), first=not made)
        made.append((branch.id, make(work, side)))
    return made


@pytest.fixture
def officer(work):
    """Somebody with nothing yet."""
    account = make_account(work)
    return Actor(account.person_id, account.id, frozenset())


def answer(work, officer, row, role, sides, *, of=HERE, held=HERE) -> Answer:
    actor = replace(officer, grants=frozenset({Grant(role, sides[held][0])}))
    with acting_as(work, actor):
        about = ABOUTS[row.about](work, sides[of][1][row.about].args)
    return decide(actor, row, about, work.clock.now())


def test_an_office_of_one_branch_opens_what_lies_in_it(work, sides, officer):
    assert {row.endpoint.removeprefix("crisis.") for row in ROWS} >= {
        "clock_end",
        "clock_next",
        "clock_keep",
        "debrief",
        "lesson",
        "lesson_done",
        "rota_of",
        "rota_back",
        "rota_end",
    }
    for row in ROWS:
        for role in row.every:
            told = (row.endpoint, role)
            assert answer(work, officer, row, role, sides) is Answer.OPEN, told
            away = answer(work, officer, row, role, sides, held=THERE)
            assert away is Answer.NOT_THERE, told
            plain = answer(work, officer, row, Role.RESPONDER, sides)
            assert plain is Answer.NOT_THERE, told


def test_where_nobody_knows_the_branch_the_office_of_any_opens_it(work, sides, officer):
    work.session.execute(update(Incident).values(branch_id=None))
    work.session.execute(update(Certificate).values(revoked_at=work.clock.now()))
    work.session.execute(update(Membership).values(until_on=work.clock.today()))
    for row in ROWS:
        for role in row.every:
            assert answer(work, officer, row, role, sides, held=THERE) is Answer.OPEN, row.endpoint


def test_her_hours_are_open_to_the_branch_she_stands_in_and_the_one_she_serves(
    work, sides, officer
):
    work.session.execute(update(Certificate).values(branch_id=sides[THERE][0]))
    row = TABLE["crisis.rota_of"]
    for held in (HERE, THERE):
        assert answer(work, officer, row, Role.COORDINATOR, sides, held=held) is Answer.OPEN
