"""The page of offices: one proposes, another confirms, and an end takes all that hangs on it."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from tests.builders.crisis import make_responder
from tests.builders.identity import make_account
from tests.builders.legal import make_paralegal
from tests.builders.members import PASSPHRASE, make_branch, make_circles, make_member
from union.crisis.models import Certificate
from union.crisis.models.drills import CertificateEvent
from union.crisis.queries.rota_feed import whose_feed
from union.crisis.rules.kinds import TeamRole
from union.crisis.services.rota_feed import make_feed
from union.gateways.web_push import HANDSET
from union.identity.models import RoleGrant
from union.identity.queries import offices_now
from union.infra.sealing import LEGAL_NAMES, NotEntitledError, OpenCircle
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.messages.models import ReachPoint
from union.messages.services.places import add_handset

TEST = Actor.system("test")
PEOPLE = "/office/people"


@pytest.fixture
def asha(pages):
    """A member with an account and no office; her card and her person."""
    with pages.begin(TEST) as work:
        member = make_member(work, called="Asha")
        make_account(work, member.person_id)
        return member.card_number, member.person_id


@pytest.fixture
def secretary(sign_in):
    return sign_in(Role.MEMBERSHIP_SECRETARY)


@pytest.fixture
def signatory(sign_in):
    return sign_in(Role.SIGNATORY)


def send(browser, address, **fields):
    return browser.post(address, data={"command_key": new_command_key(), **fields})


def propose(browser, card, role="operator", **fields):
    return send(browser, PEOPLE, who=card, role=role, branch="", **fields)


def address(browser, what: str) -> str:
    return re.search(rf"{PEOPLE}/{what}/\w+", browser.get(PEOPLE).text)[0]


def roles_of(pages, person_id):
    with pages.reading(TEST) as work:
        account = make_account(work, person_id)
        query = select(RoleGrant.role).where(
            RoleGrant.account_id == account.id, RoleGrant.ended_at.is_(None)
        )
        return set(work.session.scalars(query))


def test_one_proposes_another_confirms(secretary, signatory, asha, pages):
    card, person_id = asha
    assert propose(secretary, card).status_code == 302
    assert roles_of(pages, person_id) == set()
    hers = secretary.get(PEOPLE).text
    assert "What was proposed waits for somebody else." in hers
    assert "Yes, give it to her" not in hers
    refused = send(secretary, address(secretary, "proposals"), answer="yes")
    assert "Another must confirm it" in refused.text
    assert roles_of(pages, person_id) == set()
    assert "1 office waits for your hand" in signatory.get("/").text
    form = {"command_key": new_command_key(), "answer": "yes"}
    there = address(signatory, "proposals")
    for _twice in range(2):
        assert signatory.post(there, data=form).status_code == 302
    assert roles_of(pages, person_id) == {"operator"}
    assert "office waits" not in signatory.get("/").text


def test_nobody_confirms_her_own_and_one_no_ends_it(secretary, sign_in, signatory, asha, pages):
    card, person_id = asha
    propose(secretary, card, "duty_officer")
    send(signatory, address(signatory, "proposals"), answer="yes")
    herself = sign_in(Role.DUTY_OFFICER, person_id=person_id)
    propose(secretary, card, "treasurer")
    there = address(herself, "proposals")
    assert "Nobody has a hand in her own office" in send(herself, there, answer="yes").text
    assert send(signatory, there, answer="no").status_code == 302
    assert "does not wait any more" in send(signatory, there, answer="yes").text
    assert "treasurer" not in roles_of(pages, person_id)


@pytest.mark.parametrize(
    ("who", "said"),
    [("nobody", "Nobody signs in by this card or name"), ("", "Write who it is")],
)
def test_what_was_typed_stays_when_it_is_refused(secretary, who, said):
    answer = propose(secretary, who, "treasurer")
    assert answer.status_code == 200
    assert said in answer.text
    assert '<option selected value="treasurer">' in answer.text


def test_an_office_of_one_branch_and_no_office_twice(secretary, signatory, asha, pages):
    card, _ = asha
    with pages.begin(TEST) as work:
        branch_id = make_branch(work, "Kolar", 13.13, 78.13).id
    send(secretary, PEOPLE, who=card, role="branch_secretary", branch=str(branch_id))
    assert "waits for another" in propose_branch(secretary, card, branch_id).text
    send(signatory, address(signatory, "proposals"), answer="yes")
    assert "holds this office already" in propose_branch(secretary, card, branch_id).text
    with pages.reading(TEST) as work:
        held = work.session.scalars(select(RoleGrant).where(RoleGrant.branch_id == branch_id))
        assert [one.given_how for one in held] == ["two"]


def propose_branch(browser, card, branch_id):
    return send(browser, PEOPLE, who=card, role="branch_secretary", branch=str(branch_id))


@pytest.mark.parametrize("role", [Role.TREASURER, Role.SYSADMIN, Role.MEMBER, Role.OPERATOR])
def test_who_gives_no_offices_opens_none_of_it(sign_in, asha, role):
    browser = sign_in(role)
    assert browser.get(PEOPLE).status_code == 403
    assert propose(browser, asha[0], "treasurer").status_code == 403


def test_an_end_acts_on_the_next_page_and_takes_what_hangs_on_it(
    secretary, signatory, sign_in, pages
):
    with pages.begin(TEST) as work:
        person_id = make_circles(work)
        add_handset(work, person_id, "+915550001234")
        browser_of = select(ReachPoint).where(ReachPoint.person_id == person_id)
        work.actor = Actor(person_id, None, frozenset())
        token = make_feed(work)
    hers = sign_in(Role.MEMBERSHIP_SECRETARY, person_id=person_id)
    assert hers.get(PEOPLE).status_code == 200
    with pages.reading(TEST) as work:
        mine = make_account(work, person_id)
        grant = work.session.scalars(select(RoleGrant).where(RoleGrant.account_id == mine.id)).one()
    assert send(signatory, f"{PEOPLE}/ended/{grant.ref}").status_code == 302
    assert hers.get(PEOPLE).status_code == 403
    with pages.reading(Actor(person_id, None, frozenset())) as work:
        with pytest.raises(NotEntitledError):
            OpenCircle(work, LEGAL_NAMES, PASSPHRASE)
        assert whose_feed(work, token) is None
        assert [one.end_code for one in work.session.scalars(browser_of)] == ["removed"]
        assert HANDSET not in str([one.address for one in work.session.scalars(browser_of)])


def test_an_end_takes_the_training_she_is_called_by(secretary, pages):
    with pages.begin(TEST) as work:
        person_id = make_paralegal(work, certified=True).person_id
        (grant,) = [one.ref for one in offices_now(work) if one.person_id == person_id]
        other = make_responder(work, make_branch(work), TeamRole.PARALEGAL)
    for _twice in range(2):
        assert send(secretary, f"{PEOPLE}/ended/{grant}").status_code == 302
    with pages.reading(TEST) as work:
        held = select(Certificate.person_id).where(Certificate.revoked_at.is_(None))
        assert work.session.scalars(held).all() == [other]
        assert work.session.scalars(select(CertificateEvent.what)).all() == ["revoked"]


def test_the_last_two_who_give_offices_remain(secretary, signatory, pages):
    refused = send(signatory, address(signatory, "ended"))
    assert "Two who give offices must remain" in refused.text
    assert secretary.get(PEOPLE).status_code == 200
