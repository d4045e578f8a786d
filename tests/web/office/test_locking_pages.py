"""The lock's pages: one button, a paper for the drawer, what goes on, and the way back by two."""

from __future__ import annotations

import pytest

from tests.builders.identity import make_signed_in
from tests.builders.locking import make_keeper
from tests.builders.members import PASSPHRASE, make_circles, make_member
from union.infra.office_locks import standing_lock
from union.kernel.actor import Actor, Grant, Proof, Role
from union.kernel.ids import new_command_key
from union.office.locking.services import How, lock_office, print_lock_paper
from union.web.access import TABLE, crisis, crisis_after
from union.web.access.while_locked import WHILE_LOCKED

TEST = Actor.system("test")
LOCK, BACK, DRAWER = "/office/lock", "/office/back", "/drawer"
RECOVERY = "/office/recovery"


def send(browser, address, **fields):
    return browser.post(address, data={"command_key": new_command_key(), **fields})


def lock(pages, by=None):
    with pages.begin(TEST) as work:
        return lock_office(work, How.COMMAND if by is None else How.PAGE, by)


def is_locked(pages) -> bool:
    with pages.reading(TEST) as work:
        return standing_lock(work.session) is not None


@pytest.fixture
def keepers(pages) -> list[int]:
    with pages.begin(TEST) as work:
        make_circles(work)
        roles = (Role.SIGNATORY, Role.TRUSTEE, Role.MEMBERSHIP_SECRETARY)
        return [make_keeper(work, role) for role in roles]


@pytest.fixture
def her(app, pages):
    """A member's own browser, by card and PIN."""
    with pages.begin(TEST) as work:
        person = make_member(work).person_id
        token = make_signed_in(work, [Role.MEMBER], person, proofs=[Proof.NUMBER_PIN])
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = token
    return browser


def test_every_page_that_stays_exists_and_no_page_of_crisis_is_missing(app):
    assert set(app.view_functions) >= WHILE_LOCKED
    assert TABLE.keys() >= WHILE_LOCKED
    rows = {row.endpoint for row in (*crisis.ROWS, *crisis_after.ROWS)}
    assert rows == {name for name in TABLE if name.startswith("crisis.")}
    assert rows <= WHILE_LOCKED


def test_one_button_signs_everybody_out_and_rests_the_rest(sign_in, pages, keepers, client):
    treasurer, operator = sign_in(Role.TREASURER), sign_in(Role.OPERATOR)
    assert f'href="{LOCK}"' in treasurer.get("/").text
    assert "Yes, lock it now" in treasurer.get(LOCK).text
    done = treasurer.post(LOCK, data={"command_key": new_command_key()}, follow_redirects=True)
    assert "Done." in done.text
    assert is_locked(pages)
    for browser in (treasurer, operator):
        assert browser.get("/").status_code == 302
    for address in ("/", "/books/vouchers", "/office/recovery"):
        rests = sign_in(Role.TREASURER, Role.SIGNATORY).get(address)
        assert rests.status_code == 503
        assert "This page rests for now." in rests.text
    again = sign_in(Role.OPERATOR)
    assert again.get("/board").status_code == 200
    assert again.get("/calls/new").status_code == 200
    home = again.get("/")
    assert home.status_code == 503
    assert 'href="/board"' in home.text
    assert client.get("/sign-in").status_code == 200
    assert client.get("/begin").status_code == 200
    assert "Who stands beside you?" in sign_in(Role.SIGNATORY).get("/people/seen").text


def test_members_pages_stay_and_cases_rest(her, sign_in, keepers, pages):
    lock(pages)
    without_office = sign_in(Role.MEMBER).get("/")
    assert without_office.status_code == 200
    assert LOCK not in without_office.text
    assert her.get("/").status_code == 200
    assert her.get("/dues/mine").status_code in {200, 404}
    with her.application.test_request_context():
        complain = her.application.url_for("legal.complain")
    rests = her.get(complain)
    assert rests.status_code in {302, 303, 503}
    assert "locked the office" not in rests.text


def test_two_bring_it_back_each_on_her_own_page(sign_in, pages, keepers):
    first, second, _ = keepers
    lock(pages)
    browsers = [
        sign_in(role, person_id=person)
        for role, person in ((Role.SIGNATORY, first), (Role.TRUSTEE, second))
    ]
    assert "Two people bring it back" in browsers[0].get(BACK).text
    wrong = send(browsers[0], BACK, passphrase="not her words")
    assert "Those are not your opening words" in wrong.text
    assert send(browsers[0], BACK, passphrase=PASSPHRASE).status_code == 302
    assert "One hand is there." in browsers[1].get(BACK).text
    assert is_locked(pages)
    assert send(browsers[1], BACK, passphrase=PASSPHRASE).status_code == 302
    assert not is_locked(pages)
    assert browsers[1].get("/").status_code == 200
    assert "The office is open." in browsers[1].get(BACK).text


def test_whoever_is_none_of_them_is_told_who_is(sign_in, pages, keepers):
    lock(pages, keepers[0])
    stranger = sign_in(Role.OPERATOR)
    assert "You are none of those who can bring it back." in stranger.get(BACK).text
    refused = send(sign_in(Role.SIGNATORY, person_id=keepers[0]), BACK, passphrase=PASSPHRASE)
    assert "You locked it yourself" in refused.text
    assert is_locked(pages)


@pytest.mark.parametrize("address", ["/", LOCK], ids=["any page that rests", "the lock's own"])
def test_the_way_back_is_offered_to_who_can_and_the_others_read_who_can(
    sign_in, pages, keepers, address
):
    lock(pages)
    way = f'href="{BACK}"'
    for role, person in zip((Role.SIGNATORY, Role.TRUSTEE), keepers, strict=False):
        assert way in sign_in(role, person_id=person).get(address).text
    other = sign_in(Role.OPERATOR).get(address).text
    assert way not in other
    assert "Who can bring it back" in other
    assert "Trustee" in other
    outside = sign_in(Role.LAWYER).get(address).text
    assert way not in outside
    assert "Who can bring it back" not in outside


def test_a_paper_of_the_drawer_locks_without_signing_in(sign_in, pages, keepers, client):
    printed = send(sign_in(Role.SIGNATORY), "/office/lock/paper")
    assert printed.mimetype == "application/pdf"
    assert printed.headers["Cache-Control"] == "no-store"
    actor = Actor(keepers[0], None, frozenset({Grant(Role.SIGNATORY)}))
    with pages.begin(actor) as work:
        letters = print_lock_paper(work)
    assert client.get(DRAWER).status_code == 200
    assert not is_locked(pages)
    wrong = send(client, DRAWER, slip="AAAA-AAAA")
    assert "These letters lock nothing." in wrong.text
    assert not is_locked(pages)
    done = client.post(
        DRAWER, data={"command_key": new_command_key(), "slip": letters}, follow_redirects=True
    )
    assert "Done." in done.text
    assert is_locked(pages)
    assert "These letters lock nothing." in send(client, DRAWER, slip=letters).text


def test_everybody_in_office_is_told_and_trustees_of_the_third(sign_in, pages, keepers):
    locker, *others = keepers
    for _ in range(3):
        lock(pages, locker)
        for person in others:
            browser = sign_in(Role.TRUSTEE, person_id=person)
            assert send(browser, BACK, passphrase=PASSPHRASE).status_code == 302
    assert "The office was locked" in sign_in(Role.TREASURER).get("/").text
    assert "three times" not in sign_in(Role.TREASURER).get("/").text
    assert "three times" in sign_in(Role.TRUSTEE).get("/").text


def test_the_page_of_recovery_prints_a_paper_and_makes_a_set(sign_in, pages, keepers):
    with pages.begin(TEST) as work:
        another = make_keeper(work, Role.TRUSTEE)
    trustees = [sign_in(Role.TRUSTEE, person_id=one) for one in (keepers[1], another)]
    assert "could not open it now" in trustees[0].get(RECOVERY).text
    for browser in trustees:
        paper = send(browser, f"{RECOVERY}/paper")
        assert paper.mimetype == "application/pdf"
    assert send(trustees[0], f"{RECOVERY}/set").status_code == 302
    assert "The set’s figures" in trustees[0].get(RECOVERY).text
    secretary = sign_in(Role.MEMBERSHIP_SECRETARY)
    assert send(secretary, f"{RECOVERY}/paper").status_code == 403
    assert "The set’s figures" not in secretary.get(RECOVERY).text


def test_the_lock_and_a_raid_are_never_taken_for_each_other(sign_in):
    """Another word, another colour, another place."""
    page = sign_in(Role.OPERATOR, Role.COORDINATOR)
    here, board = page.get(LOCK).text, page.get("/board").text
    assert "Lock the office" in here
    assert "Yes, lock it now" not in board
    assert 'class="lock"' in here
    assert 'class="lock"' not in board
