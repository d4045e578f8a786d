"""Paralegals and cases for tests, with sound defaults."""

from __future__ import annotations

from datetime import date

from tests.builders.crisis import make_responder
from tests.builders.identity import give_role, make_account
from tests.builders.ledger import acting_as
from tests.builders.members import make_branch, make_member
from union.crisis.rules.kinds import TeamRole
from union.infra.sealing import (
    CASE_KEEPERS,
    OwnKey,
    make_circle,
    make_personal_key,
    open_own_key,
)
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


WORDS = "seven herons cross the tank"
"""The opening words of everybody who works on cases in tests."""


def choose_words(work: Work, *people: Actor) -> None:
    """Give each of these people opening words, ``WORDS``."""
    for one in people:
        make_personal_key(work, one.person_id, WORDS)


def make_keeper(work: Work) -> Actor:
    """Somebody of the committee who keeps the keys of cases, the first there is."""
    account = make_account(work)
    give_role(work, account.id, Grant(Role.WELFARE_COMMITTEE))
    keeper = Actor(account.person_id, account.id, frozenset({Grant(Role.WELFARE_COMMITTEE)}))
    choose_words(work, keeper)
    make_circle(work, CASE_KEEPERS, [keeper.person_id])
    return keeper


def own_key_of(work: Work, person: Actor) -> OwnKey:
    """Her key, opened by her words."""
    with acting_as(work, person):
        return open_own_key(work, WORDS)
