"""Paralegals and cases for tests, with sound defaults."""

from __future__ import annotations

from datetime import date

from tests.builders.crisis import make_responder
from tests.builders.identity import make_account
from tests.builders.ledger import acting_as
from tests.builders.members import make_branch, make_member
from union.crisis.rules.kinds import TeamRole
from union.identity.services import give_role
from union.infra.work import Work
from union.kernel.actor import Actor, Grant, Role
from union.legal.models import LegalCase
from union.legal.rules import Act
from union.legal.services import NewCase, open_case

NOTE = "she was held from nine until midnight"


def make_paralegal(work: Work, branch=None, *, certified: bool = False, **fields) -> Actor:
    """Somebody who may have cases; ``certified`` gives her a certificate of the branch."""
    branch = branch or make_branch(work)
    if certified:
        person_id = make_responder(work, branch, TeamRole.PARALEGAL, **fields)
    else:
        person_id = make_member(work, branch, called="Para").person_id
    account = make_account(work, person_id)
    give_role(work, account.id, Grant(Role.PARALEGAL))
    return Actor(person_id, account.id, frozenset({Grant(Role.PARALEGAL)}))


def make_case(work: Work, paralegal: Actor, subject_person_id: int | None = None) -> LegalCase:
    """A case that a paralegal opened by hand, with a first note."""
    with acting_as(work, paralegal):
        return open_case(work, NewCase(subject_person_id, (Act.ARREST,), NOTE))


def tomorrow(work: Work) -> date:
    """The day after the test's own."""
    return date.fromordinal(work.clock.today().toordinal() + 1)
