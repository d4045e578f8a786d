"""``union officers``: a union of one's own begins at the machine, which learns nobody's secret."""

from __future__ import annotations

import contextlib
import re
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from tests.builders.members import make_branch
from tests.builders.signing import make_seer
from union.cli import officers
from union.identity.models import Account, CircleWish
from union.identity.queries import actor_of_account
from union.identity.rules.codes import code_of, step_of
from union.identity.services.enrolment import Chosen, set_secrets, take_slip
from union.infra.sealing import LEGAL_NAMES
from union.kernel.actor import Actor, Grant, Role

TEST = Actor.system("test")
SLIP = re.compile(r"^ +((?:[0-9A-Z]{4}-){5}[0-9A-Z]{4})$", re.MULTILINE)


@pytest.fixture
def command(unit, monkeypatch):
    @contextlib.contextmanager
    def running():
        settings = SimpleNamespace(public_url="https://notebook.example")
        yield SimpleNamespace(unit=unit, settings=settings)

    monkeypatch.setattr(officers, "running_house", running)
    return lambda *words: CliRunner().invoke(officers.officers, words)


def test_it_prints_a_slip_asks_for_no_password_and_opens_nothing_yet(command, unit):
    result = command("appoint", "Asha", "--role", "membership_secretary", "--circle", LEGAL_NAMES)
    assert result.exit_code == 0, result.output
    assert "assword" not in result.output
    assert "https://notebook.example/begin" in result.output
    with unit.reading(TEST) as work:
        account = work.session.scalars(select(Account)).one()
        assert (account.password_hash, account.confirmed_at) == (None, None)
        assert actor_of_account(work, account).grants == {Grant(Role.MEMBERSHIP_SECRETARY)}
        wished = work.session.scalars(select(CircleWish.person_id)).all()
        assert wished == [account.person_id]


def _set(unit, slip) -> str:
    with unit.begin(TEST) as work:
        secret = take_slip(work, slip)
        code = code_of(secret, step_of(work.clock.now()))
        return set_secrets(work, slip, Chosen("quiet lamp under rain", code)).digits


def test_the_first_is_seen_at_the_machine_and_the_third_is_not(command, unit):
    slip = SLIP.search(command("appoint", "asha", "--role", "signatory").output)[1]
    digits = _set(unit, slip)
    wrong = command("seen", "asha", f"{(int(digits) + 1) % 10**6:06}")
    assert "Nobody of this name waits" in wrong.output
    assert command("seen", "asha", digits).exit_code == 0
    with unit.begin(TEST) as work:
        make_seer(work)
    slip = SLIP.search(command("appoint", "rani", "--role", "signatory").output)[1]
    assert "Two people were seen already" in command("seen", "rani", _set(unit, slip)).output


def test_another_slip_ends_the_first(command, unit):
    first = SLIP.search(command("appoint", "asha", "--role", "signatory").output)[1]
    second = SLIP.search(command("slip", "Asha").output)[1]
    assert first != second
    assert _set(unit, second)
    assert "Nobody signs in as rani" in command("slip", "rani").output


def test_a_role_may_be_bound_to_one_branch(command, unit):
    with unit.begin(TEST) as work:
        branch = make_branch(work)
        branch_id, name = branch.id, branch.name
    done = command("appoint", "rani", "--role", "branch_secretary", "--district", name)
    assert done.exit_code == 0
    with unit.reading(TEST) as work:
        actor = actor_of_account(work, work.session.scalars(select(Account)).one())
        assert actor.branches(Role.BRANCH_SECRETARY) == {branch_id}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--role", "treasurer", "--district", "Nowhere"), "no branch called Nowhere"),
        (("--role", "treasurer", "--card", "KA/99999"), "no card KA/99999"),
    ],
)
def test_what_is_wrong_is_said_and_nobody_is_appointed(command, unit, words, said):
    result = command("appoint", "asha", *words)
    assert result.exit_code != 0
    assert said in result.output
    with unit.reading(TEST) as work:
        assert work.session.scalars(select(Account.sign_in_name)).all() == []


def test_a_key_that_somebody_holds_is_not_handed_out_again(command):
    wanted = ("--role", "treasurer", "--circle", LEGAL_NAMES)
    assert command("appoint", "asha", *wanted).exit_code == 0
    again = command("appoint", "rani", *wanted)
    assert again.exit_code != 0
    assert "only she can let another person in" in again.output
