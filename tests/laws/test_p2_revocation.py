"""P2: what was ended between two requests opens nothing at the second, whatever it opens."""

from __future__ import annotations

from datetime import date, time

import pytest
from sqlalchemy import select, text

from tests.builders.crisis import HERS, make_responder
from tests.builders.dues import make_payer, make_payment
from tests.builders.identity import give_role, make_account
from tests.builders.members import make_branch, make_member
from tests.web.crisis.night import asked, begin, link_for
from union.crisis.models import Certificate
from union.crisis.rules.rota import Duty
from union.crisis.services.rota import NewWeekly, add_weekly
from union.crisis.services.rota_feed import make_feed
from union.crisis.services.training import revoke
from union.dues.models import Receipt
from union.dues.services import collector_for_person
from union.identity.models import Account, RoleGrant
from union.identity.queries import actor_of_account
from union.kernel.actor import Actor, Grant, Role
from union.kernel.ids import new_token
from union.ledger.services import open_books

TEST = Actor.system("test")
OFFICER = Actor.system("officer")


def account_of(pages, person_id: int) -> int:
    with pages.reading(TEST) as work:
        return work.session.scalars(select(Account.id).where(Account.person_id == person_id)).one()


def end_roles(pages, person_id: int) -> None:
    """As any way of ending a role leaves it, with nothing else ended beside it."""
    account_id = account_of(pages, person_id)
    with pages.begin(TEST) as work:
        rows = work.session.scalars(select(RoleGrant).where(RoleGrant.account_id == account_id))
        for row in rows:
            row.ended_at = work.clock.now()


def close_account(pages, person_id: int) -> None:
    with pages.begin(TEST) as work:
        work.session.get_one(Account, account_of(pages, person_id)).closed_at = work.clock.now()


@pytest.fixture
def somebody(pages) -> int:
    with pages.begin(TEST) as work:
        open_books(work)
        for _ in range(2):  # two who give offices must remain
            give_role(work, make_account(work).id, Grant(Role.DUTY_OFFICER))
        return make_member(work).person_id


PAGES = (
    (Role.TREASURER, "/books/journal"),
    (Role.TREASURER, "/books/export/books.zip"),
    (Role.TREASURER, "/reports/trial-balance.csv"),
    (Role.MEMBERSHIP_SECRETARY, "/members/"),
    (Role.COLLECTOR, "/dues/book/state"),
    (Role.OPERATOR, "/board/now"),
    (Role.OPERATOR, "/board/stream"),
    (Role.COORDINATOR, "/figures.csv"),
)


@pytest.mark.parametrize(("role", "address"), PAGES)
def test_a_role_that_ended_opens_no_page_file_answer_or_stream(
    pages, sign_in, somebody, role, address
):
    browser = sign_in(role, person_id=somebody)
    with browser.get(address, follow_redirects=True) as opened:
        assert opened.status_code == 200
    end_roles(pages, somebody)
    assert browser.get(address).status_code == 403


@pytest.mark.parametrize(("role", "address"), PAGES)
def test_an_account_that_closed_opens_nothing(pages, sign_in, somebody, role, address):
    browser = sign_in(role, person_id=somebody)
    close_account(pages, somebody)
    answer = browser.get(address)
    assert (answer.status_code, "/sign-in" in answer.headers["Location"]) == (302, True)
    assert browser.post(address).status_code in {401, 405}


def test_a_member_who_moved_is_out_of_her_former_keepers_sight(pages, sign_in):
    with pages.begin(TEST) as work:
        here, there = make_branch(work), make_branch(work, "Gadag", 15.43, 75.62)
        ref = make_member(work, here).ref
        branch_id, other = here.id, there.ref
    keeper = sign_in(Role.BRANCH_SECRETARY, branch_id=branch_id)
    assert keeper.get(f"/members/{ref}").status_code == 200
    secretary = sign_in(Role.MEMBERSHIP_SECRETARY)
    form = {"command_key": "a" * 32, "branch": other, "on": "2026-10-16"}
    assert secretary.post(f"/members/{ref}/branch", data=form).status_code == 302
    for address in (f"/members/{ref}", f"/members/{ref}/phone"):
        assert keeper.get(address).status_code == 404
    assert ref not in keeper.get("/members/", follow_redirects=True).text


def test_a_receipt_she_wrote_is_no_longer_printed_for_a_collector_who_is_none(pages, sign_in):
    with pages.begin(TEST) as work:
        walker, payer = make_payer(work).person_id, make_payer(work).person_id
        book = {"collector_person_id": walker, "receipt_no": 1}
        payment = make_payment(work, payer, 2000, **book)
        collector_for_person(work, walker)
        ref = work.session.scalars(
            select(Receipt.ref).where(Receipt.payment_id == payment.id)
        ).one()
    browser = sign_in(Role.COLLECTOR, person_id=walker)
    assert browser.get(f"/dues/receipt/{ref}.pdf").status_code == 200
    end_roles(pages, walker)
    assert browser.get(f"/dues/receipt/{ref}.pdf").status_code == 403
    form = {"command_key": "b" * 32, "phone": "0" * 12}
    for endpoint in ("take", "put-down", "register", "sync"):
        assert browser.post(f"/dues/book/{endpoint}", data=form).status_code == 403


def test_the_address_of_a_calendar_ends_with_her_office_and_with_her_account(pages, sign_in):
    for end in (end_roles, close_account):
        with pages.begin(TEST) as work:
            branch = make_branch(work)
            person_id = make_responder(work, branch)
            hours = (time(20), time(7), "Asia/Kolkata", date(2026, 10, 1))
            add_weekly(work, NewWeekly(person_id, Duty.RESPONDER, branch.id, (1,), *hours))
        sign_in(Role.RESPONDER, person_id=person_id)
        with pages.begin(TEST) as work:
            account = make_account(work, person_id)
            work.actor = actor_of_account(work, account)
            token = make_feed(work)
        nobody = pages.app.test_client()
        assert nobody.get(f"/s/c/{token}.ics").status_code == 200
        end(pages, person_id)
        ended, never = nobody.get(f"/s/c/{token}.ics"), nobody.get(f"/s/c/{new_token()}.ics")
        assert (ended.status_code, len(ended.data)) == (404, len(never.data))


def _shows(pages, address: str, digits: str = HERS) -> str:
    data = {"command_key": "c" * 32, "digits": digits, "act": "show"}
    return pages.app.test_client().post(address, data=data).text


def test_a_slip_shows_no_place_once_her_paper_was_taken_back(pages, monkeypatch):
    with pages.begin(TEST) as work:
        branch = make_branch(work)
        for _ in range(2):
            make_responder(work, branch)
        officer = make_member(work).person_id
    begin(pages)
    gone, stays = asked(pages)[:2]
    ended, open_still = (link_for(pages, one) for one in (gone, stays))
    with pages.begin(TEST) as work:
        held = select(Certificate.id).where(Certificate.person_id == gone)
        work.actor = Actor(officer, None, frozenset())
        revoke(work, work.session.scalars(held).one(), "she left the team")
    assert "Bidar lodge lane" in _shows(pages, open_still)
    shown = _shows(pages, ended)
    assert "Bidar lodge lane" not in shown
    assert "Those are not your numbers" in shown, "as a link that never was"


def test_whoever_was_on_her_way_already_keeps_the_slip_she_calls_for_help_by(pages, monkeypatch):
    with pages.begin(TEST) as work:
        make_responder(work, make_branch(work))
        officer = make_member(work).person_id
    begin(pages)
    (goes,) = asked(pages)
    address = link_for(pages, goes)
    assert "Bidar lodge lane" in _shows(pages, address)
    with pages.begin(TEST) as work:
        held = select(Certificate.id).where(Certificate.person_id == goes)
        work.actor = Actor(officer, None, frozenset())
        revoke(work, work.session.scalars(held).one(), "her paper was another's")
    data = {"command_key": "d" * 32, "digits": HERS, "act": "help"}
    pages.app.test_client().post(address, data=data)
    with pages.reading(TEST) as work:
        codes = work.session.execute(text("SELECT code FROM incident_event")).scalars().all()
    assert any("help" in code for code in codes)
