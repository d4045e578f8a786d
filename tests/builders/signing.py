"""Officers who sign in as in life: a name, a password, and a telephone that makes codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tests.builders.identity import give_role, make_account
from union.identity.models import Account
from union.identity.rules.codes import code_of, step_of
from union.identity.services import create_account
from union.identity.services.codes import begin_totp, confirm_totp
from union.identity.services.signing import Typed
from union.infra.people import new_person
from union.infra.work import Work
from union.kernel.actor import Grant, Role
from union.kernel.clock import Clock

PASSWORD = "three quiet words"


@dataclass(frozen=True, slots=True)
class Telephone:
    """What an officer holds and knows; her next code is of the present half-minute."""

    account: Account
    name: str
    password: str
    secret: str

    def code(self, clock: Clock, later: int = 0) -> str:
        return code_of(self.secret, step_of(clock.now()) + later)

    def typed(self, clock: Clock, later: int = 0) -> Typed:
        return Typed(self.name, self.password, self.code(clock, later))

    def form(self, clock: Clock, later: int = 0) -> dict[str, str]:
        return {
            "sign_in_name": self.name,
            "password": self.password,
            "code": self.code(clock, later),
        }


def make_seer(work: Work) -> Account:
    """Somebody who could see another here and now: her office gives offices, and she has codes."""
    account = make_account(work)
    give_role(work, account.id, Grant(Role.SIGNATORY))
    secret = begin_totp(work, account)
    assert confirm_totp(work, account, code_of(secret, step_of(work.clock.now())))
    return account


def make_officer(
    work: Work,
    name: str = "treasurer",
    roles: Iterable[Role | Grant] = (Role.TREASURER,),
    password: str = PASSWORD,
    person_id: int | None = None,
) -> Telephone:
    """Somebody with an office whose password and code are set up; no code was used yet."""
    account = create_account(work, person_id or new_person(work).id, name, password)
    for role in roles:
        give_role(work, account.id, role if isinstance(role, Grant) else Grant(role))
    secret = begin_totp(work, account)
    assert confirm_totp(work, account, code_of(secret, step_of(work.clock.now()) - 1))
    return Telephone(account, name.strip(), password, secret)
