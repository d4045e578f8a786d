"""``union officers appoint``: a union of one's own begins at the machine itself."""

from __future__ import annotations

import contextlib
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tests.builders.members import make_branch
from union.cli import officers
from union.identity.models import Account
from union.identity.queries import actor_of_token
from union.identity.services import sign_in
from union.infra.sealing import LEGAL_NAMES, CircleKey
from union.kernel.actor import Actor, Grant, Role

PASSWORD = "three quiet words"


@pytest.fixture
def appoint(unit, monkeypatch):
    @contextlib.contextmanager
    def running():
        yield SimpleNamespace(unit=unit)

    monkeypatch.setattr(officers, "running_house", running)

    def run(*words, password=PASSWORD):
        typed = f"{password}\n{password}\n"
        return CliRunner().invoke(officers.officers, ["appoint", *words], input=typed)

    return run


def test_an_officer_signs_in_with_her_role_and_holds_her_key(appoint, unit):
    result = appoint("Asha", "--role", "membership_secretary", "--circle", LEGAL_NAMES)
    assert result.exit_code == 0, result.output
    assert PASSWORD not in result.output
    with unit.reading(Actor.system("test")) as work:
        actor = actor_of_token(work, sign_in(work, "asha", PASSWORD))
        assert actor.grants == {Grant(Role.MEMBERSHIP_SECRETARY)}
        assert work.session.scalars(select(CircleKey.person_id)).all() == [actor.person_id]


def test_a_role_may_be_bound_to_one_branch(appoint, unit):
    with unit.begin(Actor.system("test")) as work:
        branch = make_branch(work)
        branch_id, name = branch.id, branch.name
    assert appoint("rani", "--role", "branch_secretary", "--district", name).exit_code == 0
    with unit.reading(Actor.system("test")) as work:
        actor = actor_of_token(work, sign_in(work, "rani", PASSWORD))
        assert actor.branches(Role.BRANCH_SECRETARY) == {branch_id}


@pytest.mark.parametrize(
    ("words", "password", "said"),
    [
        (("--role", "treasurer"), "short", "at least 12 letters"),
        (("--role", "treasurer", "--district", "Nowhere"), PASSWORD, "no branch called Nowhere"),
        (("--role", "treasurer", "--card", "KA/99999"), PASSWORD, "no card KA/99999"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_appointed(appoint, unit, words, password, said):
    result = appoint("asha", *words, password=password)
    assert result.exit_code != 0
    assert said in result.output
    with unit.reading(Actor.system("test")) as work:
        assert work.session.scalars(select(Account.sign_in_name)).all() == []


def test_a_key_that_somebody_holds_is_not_handed_out_again(appoint):
    assert appoint("asha", "--role", "treasurer", "--circle", LEGAL_NAMES).exit_code == 0
    again = appoint("rani", "--role", "treasurer", "--circle", LEGAL_NAMES)
    assert again.exit_code != 0
    assert "only she can let another person in" in again.output
