"""The officers of the demonstration: people, accounts, roles, and keys to what is sealed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from sqlalchemy import select

from union.demo.codes import give_code
from union.demo.people import PEOPLE, DemoPerson
from union.identity.models import Account
from union.identity.queries import still_begins
from union.identity.rules.roles import GIVERS
from union.identity.services import answer_role, create_account, give_role, propose_role
from union.infra.people import new_person
from union.infra.sealing import CIRCLES, PersonalKey, make_circle, make_personal_key
from union.infra.work import Work
from union.kernel.actor import Actor, Grant, Role
from union.members.models import Branch
from union.members.queries import member_by_card

BRING_BACK = GIVERS | {Role.TRUSTEE}
"""Two of these bring a locked office back, by their opening words."""

CASE_PEOPLE = frozenset({Role.PARALEGAL, Role.LAWYER, Role.COUNSELLOR, Role.WELFARE_COMMITTEE})
"""Offices in which one reads the words of cases."""


def appoint_officers(work: Work) -> None:
    """Make the people who hold an office without being in the register, and their circles.

    The first two who give offices are given theirs by nobody; all others theirs by these two.
    Whoever has an account already is left as she is.
    """
    for officer in _without_card():
        _give_opening_words(work, officer, _account(work, officer, None))
    for circle in CIRCLES:
        holders = [
            _account(work, officer, None).person_id
            for officer in _without_card()
            if circle in officer.circles
        ]
        make_circle(work, circle, holders)


def let_members_in(work: Work) -> None:
    """Give accounts and roles to those of the people who stand in the register."""
    for person in PEOPLE:
        if person.card is None:
            continue
        member = member_by_card(work.session, person.card)
        if member is None:
            message = f"the demonstration's register has no card {person.card}"
            raise LookupError(message)
        _give_opening_words(work, person, _account(work, person, member.person_id))


def give_codes(work: Work) -> None:
    """Give whoever was in a demonstration before there were codes what makes hers."""
    names = [person.sign_in_name for person in PEOPLE]
    for account in work.session.scalars(select(Account).where(Account.sign_in_name.in_(names))):
        give_code(work, account)


def officer(work: Work, sign_in_name: str, role: Role) -> Actor:
    """The person of this sign-in name, acting in one of her roles."""
    account = work.session.scalars(
        select(Account).where(Account.sign_in_name == sign_in_name)
    ).one()
    return Actor(account.person_id, account.id, frozenset({Grant(role)}))


@contextmanager
def acting(work: Work, actor: Actor) -> Iterator[None]:
    """Let somebody else act in this work for a while: what she does stands under her name."""
    before, work.actor = work.actor, actor
    try:
        yield
    finally:
        work.actor = before


def _without_card() -> Iterable[DemoPerson]:
    """Whoever gives offices stands first, for the others are given theirs by two of them."""
    bare = [person for person in PEOPLE if person.card is None]
    return sorted(bare, key=lambda person: GIVERS.isdisjoint(person.roles))


def _give_opening_words(work: Work, person: DemoPerson, account: Account) -> None:
    """To whoever opens something sealed; hers are her password, for it is shown to everybody."""
    if not person.circles and (CASE_PEOPLE | BRING_BACK).isdisjoint(person.roles):
        return
    if work.session.get(PersonalKey, account.person_id) is None:
        make_personal_key(work, account.person_id, person.password)


def _account(work: Work, person: DemoPerson, person_id: int | None) -> Account:
    held = work.session.scalar(select(Account).where(Account.sign_in_name == person.sign_in_name))
    if held is not None:
        return held
    account = create_account(
        work, person_id or new_person(work).id, person.sign_in_name, person.password
    )
    give_code(work, account)
    branch_id = work.session.scalar(select(Branch.id).where(Branch.name == person.district))
    for role in person.roles:
        _let_have(work, account, Grant(role, branch_id))
    return account


def _let_have(work: Work, account: Account, grant: Grant) -> None:
    if grant.role is Role.MEMBER or still_begins(work):
        give_role(work, account.id, grant)
        return
    with acting(work, officer(work, "signatory", Role.SIGNATORY)):
        proposed = propose_role(work, account.id, grant)
    with acting(work, officer(work, "secretary", Role.MEMBERSHIP_SECRETARY)):
        answer_role(work, proposed.ref, agrees=True)
