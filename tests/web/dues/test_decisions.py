"""Rates, rules, waivers, standing, payments taken back, credit and reminders, by hand."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time

import pytest
from sqlalchemy import select

from tests.builders.dues import make_payer, make_payment
from union.dues.models import Receipt, Waiver
from union.dues.queries.accounts import account_of
from union.dues.services import charge_month, set_rate
from union.kernel.actor import Actor, Role
from union.kernel.periods import Month
from union.members.models import ReachRule
from union.messages.models import Message

TEST = Actor.system("test")
NOON = datetime(2026, 10, 16, 6, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon(clock):
    clock.move_to(NOON)


@pytest.fixture
def desk(sign_in):
    return sign_in(Role.TREASURER)


@pytest.fixture
def rani(pages):
    """Somebody with a telephone, six full months behind, who agreed to texts about her card."""
    with pages.begin(TEST) as work:
        rani = make_payer(work, card_number="KA/08001", called="Rani", phone="5830166131")
        wish = {"asked": True, "channels": ["sms"], "not_before": time(9), "not_after": time(20)}
        work.session.merge(ReachRule(person_id=rani.person_id, changed_at=work.clock.now(), **wish))
        for month in Month(2026, 4).through(Month(2026, 10)):
            charge_month(work, month)
    return rani


def owed(pages, member) -> int:
    with pages.reading(TEST) as work:
        return account_of(work.session, member.person_id).owed_minor


def post(browser, address, number, **data):
    return browser.post(
        address, data={"command_key": f"{number:032x}", **data}, follow_redirects=True
    )


def test_cash_is_taken_back_by_another_who_finds_the_passbook_by_the_card(
    desk, sign_in, pages, rani
):
    taken = post(desk, f"/dues/take/{rani.ref}", 1, amount="40", happened_on="2026-10-16",
                 method="cash")  # fmt: skip
    ref = taken.request.path.rsplit("/", 1)[1]
    address = f"/dues/receipt/{ref}/take-back"
    refused = post(desk, address, 2, reason="twice")
    assert "cannot be the second hand" in refused.text
    second = sign_in(Role.SIGNATORY)
    assert '/dues/passbook"' in second.get("/").text
    book = post(second, "/dues/passbook", 3, card="KA/08001")
    assert f"/dues/receipt/{ref}" in book.text
    assert address in second.get(f"/dues/receipt/{ref}").text
    assert "was taken back on" in post(second, address, 4, reason="twice").text


def test_a_payment_booked_by_mistake_is_taken_back_from_its_receipt(desk, pages, rani):
    with pages.begin(TEST) as work:
        payment = make_payment(work, rani.person_id, 4000)
        ref = work.session.scalar(select(Receipt.ref).filter_by(payment_id=payment.id))
    receipt = desk.get(f"/dues/receipt/{ref}")
    assert f"/dues/receipt/{ref}/take-back" in receipt.text
    unsaid = post(desk, f"/dues/receipt/{ref}/take-back", 1, note="hers not")
    assert "hers not" in unsaid.text
    assert owed(pages, rani) == 10000
    done = post(desk, f"/dues/receipt/{ref}/take-back", 2, reason="wrong_member")
    assert "was taken back on" in done.text
    assert "₹40 from Rani · KA/08001 was taken back." in done.text
    assert "take-back" not in done.text
    assert ".pdf" not in done.text
    assert owed(pages, rani) == 14000
    book = desk.get(f"/dues/passbook/{rani.ref}").text
    assert "taken back" in book
    again = post(desk, f"/dues/receipt/{ref}/take-back", 3, reason="twice")
    assert "taken back before" in again.text


def test_credit_goes_back_by_a_voucher(desk, pages, rani):
    with pages.begin(TEST) as work:
        make_payment(work, rani.person_id, 20000)
    book = desk.get(f"/dues/passbook/{rani.ref}").text
    assert f"/dues/passbook/{rani.ref}/give-back" in book
    too_much = post(desk, f"/dues/passbook/{rani.ref}/give-back", 1, amount="61")
    assert "not so much paid ahead" in too_much.text
    assert 'value="61"' in too_much.text
    waits = post(desk, f"/dues/passbook/{rani.ref}/give-back", 2, amount="60", money_account="1110")
    assert "waits for two hands" in waits.text
    assert "Goes back to her" in desk.get(f"/dues/passbook/{rani.ref}").text


@pytest.fixture
def another(sign_in):
    return sign_in(Role.SIGNATORY)


def agree(desk, another, number):
    """The second person finds it on her first page and agrees; whoever proposed it may not."""
    assert "1 proposal about dues to answer" in another.get("/").text
    assert "Take it back" in desk.get("/dues/proposals").text
    address = re.search(r"/dues/proposals/\w+/agree", another.get("/dues/proposals").text)[0]
    assert "cannot be the second hand" in post(desk, address, number).text
    assert "Agreed." in post(another, address, number + 10).text


def test_a_waiver_comes_off_and_is_ended(desk, another, pages, rani):
    address = f"/dues/passbook/{rani.ref}/let-off"
    endless = post(desk, address, 1, from_month="2026-08", reason="hardship")
    assert "Only illness and detention may stay open" in endless.text
    waits = post(desk, address, 2, from_month="2026-08", reason="detained")
    assert "waits for a second person" in waits.text
    assert owed(pages, rani) == 14000
    agree(desk, another, 5)
    assert owed(pages, rani) == 8000
    with pages.reading(TEST) as work:
        ref = work.session.scalar(select(Waiver.ref))
    end = f"/dues/let-off/{ref}/end"
    assert end in desk.get(address).text
    assert "August 2026" in desk.get(end).text
    post(desk, end, 3, until_month="2026-08")
    assert owed(pages, rani) == 12000
    assert "ended early" in desk.get(address).text
    assert "no later than that already" in post(desk, end, 4, until_month="2026-09").text


def test_a_fee_for_the_past_is_seen_before_it_is_posted(desk, pages):
    with pages.begin(TEST) as work:
        member = make_payer(work, fee_minor=None)
        set_rate(work, "", 2000, Month(2026, 1))
        for month in (Month(2026, 9), Month(2026, 10)):
            charge_month(work, month)
    assert "Every month stands as it costs" in desk.get("/dues/corrections").text
    post(desk, "/dues/rates", 1, category="", amount="25", from_month="2026-09")
    seen = desk.get("/dues/corrections").text
    assert "₹10 more is due and ₹0 less" in seen
    done = post(desk, "/dues/corrections", 2)
    assert "Every month stands as it costs" in done.text
    assert "₹10 more" in done.text
    post(desk, "/dues/corrections", 2)
    assert owed(pages, member) == 5000
    assert "Earlier months cost more" in desk.get(f"/dues/passbook/{member.ref}").text


def test_she_pays_as_somebody_else_from_a_month_on(desk, another, pages, rani):
    with pages.begin(TEST) as work:
        set_rate(work, "elder", 500, Month(2026, 1))
    address = f"/dues/passbook/{rani.ref}/pays-as"
    post(desk, address, 1, category="elder", from_month="2026-10")
    assert "Older members" in another.get("/dues/proposals").text
    assert owed(pages, rani) == 14000
    agree(desk, another, 2)
    assert owed(pages, rani) == 12500
    assert "Now: Older members." in desk.get(address).text


RULE = {
    "from_on": "2026-10-17",
    "join_day": "10",
    "grace_months": "2",
    "suspend_months": "9",
    "lapse_months": "18",
    "rest_days": "30",
    "first": "1",
    "second": "3",
    "third": "6",
}


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({}, "begins on its day"),
        ({"from_on": "2026-10-01"}, "begins today at the earliest"),
        ({"suspend_months": "2"}, "Each step comes after the one before"),
        ({"join_day": "32"}, "a number from 1 to 31"),
        ({"third": "six"}, "another look"),
    ],
)
def test_rules_begin_on_a_day_and_keep_what_was_typed(desk, changed, said):
    answer = post(desk, "/dues/rules", 1, **{**RULE, **changed})
    assert said in answer.text
    for name, value in changed.items():
        assert name == "from_on" or f'value="{value}"' in answer.text


def test_the_secretary_decides_what_the_rule_proposes(sign_in, desk, pages, rani):
    secretary = sign_in(Role.MEMBERSHIP_SECRETARY)
    shown = secretary.get("/dues/standing").text
    assert "1 member waits for somebody to decide" in shown
    assert "6 months behind" in shown
    address = f"/dues/standing/{rani.ref}/suspend"
    assert desk.post(address, data={"command_key": f"{1:032x}"}).status_code == 403
    done = post(secretary, address, 2)
    assert "It is written down" in done.text
    assert "Suspended. 6 months behind." in secretary.get(f"/dues/passbook/{rani.ref}").text
    again = post(secretary, address, 3)
    assert "Nothing is to be decided about her" in again.text
    assert post(secretary, f"/dues/standing/{rani.ref}/forget", 4).status_code == 404


def test_she_reads_how_she_stands_and_that_help_never_hangs_on_it(sign_in, pages, rani):
    her = sign_in(Role.MEMBER, person_id=rani.person_id)
    assert "You are 6 months behind" in her.get("/dues/mine").text
    post(sign_in(Role.MEMBERSHIP_SECRETARY), f"/dues/standing/{rani.ref}/suspend", 1)
    assert "helped all the same" in her.get("/dues/mine").text


@pytest.mark.parametrize(
    "role", [Role.OPERATOR, Role.DUTY_OFFICER, Role.RESPONDER, Role.TEAM_LEAD, Role.COORDINATOR]
)
def test_nobody_who_answers_a_call_sees_standing(sign_in, rani, role):
    browser = sign_in(role)
    for address in ("/dues/standing", "/dues/reminders", f"/dues/passbook/{rani.ref}"):
        assert browser.get(address).status_code == 403


def test_reminders_are_seen_before_they_go_and_can_be_stopped(desk, pages, rani):
    shown = desk.get("/dues/reminders")
    assert "1 member would get a reminder" in shown.text
    assert "Rani · KA/08001" in shown.text
    assert "first reminder · by text" in shown.text
    seen = shown.text.split('name="seen"')[1].split('value="')[1].split('"')[0]
    stale = post(desk, "/dues/reminders", 1, seen="0" * 16)
    assert "Somebody paid or fell behind" in stale.text
    sent = post(desk, "/dues/reminders", 2, seen=seen)
    assert "Nobody is to be reminded today" in sent.text
    assert "reminded this month" in sent.text
    assert "0 gone, 1 waiting, 0 spared" in sent.text
    stop = sent.text.split('action="/dues/reminders/')[1].split('"')[0]
    stopped = post(desk, f"/dues/reminders/{stop}", 3)
    assert "0 gone, 0 waiting, 1 spared" in stopped.text
    with pages.reading(TEST) as work:
        assert [one.state for one in work.session.scalars(select(Message))] == ["withdrawn"]
