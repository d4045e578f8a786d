"""Taking dues, bringing a sheet in, counting cash and charging a month, by hand."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from sqlalchemy import select

from tests.builders.dues import DATA, make_payer, make_payment, make_register
from union.dues.models import Receipt
from union.dues.queries.accounts import account_of
from union.dues.queries.rounds import waiting_lines
from union.dues.services import charge_month, collector_for_person
from union.kernel.actor import Actor, Role
from union.kernel.periods import Month

KEY = "0" * 31
TEST = Actor.system("test")


@pytest.fixture
def rani(pages):
    """A member who owes two months."""
    with pages.begin(TEST) as work:
        rani = make_payer(work, card_number="KA/08001", called="Rani")
        charge_month(work, Month(2026, 9))
        charge_month(work, Month(2026, 10))
    return rani


@pytest.fixture
def desk(sign_in):
    return sign_in(Role.TREASURER)


def test_the_desk_finds_her_says_what_is_due_and_writes_a_receipt(desk, rani):
    found = desk.post("/dues/take", data={"command_key": f"{KEY}1", "card": "ka-8001"})
    page = desk.get(found.location)
    assert "Rani · KA/08001" in page.text
    assert "₹40 is due." in page.text
    assert "September 2026 and October 2026" in page.text
    assert 'value="40"' in page.text
    paid = {"command_key": f"{KEY}2", "amount": "50", "method": "cash", "happened_on": "2026-10-16"}
    answers = [desk.post(found.location, data=paid) for _ in range(2)]
    assert answers[0].location == answers[1].location
    receipt = desk.get(answers[0].location)
    assert "₹50" in receipt.text
    assert "₹10" in receipt.text
    paper = desk.get(f"{answers[0].location}.pdf")
    assert paper.mimetype == "application/pdf"
    assert paper.data.startswith(b"%PDF")


def test_a_slip_of_the_pen_at_the_desk_loses_nothing(desk, rani):
    paid = {"command_key": f"{KEY}3", "amount": "4O", "method": "cash", "happened_on": "2026-10-16"}
    answer = desk.post(f"/dues/take/{rani.ref}", data=paid)
    assert "in figures" in answer.text
    assert 'value="4O"' in answer.text
    ahead = desk.post(
        f"/dues/take/{rani.ref}", data={**paid, "amount": "40", "happened_on": "2026-11-16"}
    )
    assert "still to come" in ahead.text


def test_a_card_nobody_has_is_said_so(desk):
    answer = desk.post("/dues/take", data={"command_key": f"{KEY}1", "card": "KA/09999"})
    assert "Nobody has this card number" in answer.text
    answer = desk.post("/dues/take", data={"command_key": f"{KEY}2", "card": "Rani"})
    assert answer.status_code == 200


def test_she_sees_her_own_passbook_and_nobody_elses(sign_in, pages, rani):
    with pages.begin(TEST) as work:
        sita = make_payer(work, called="Sita")
        payment = make_payment(work, sita.person_id)
        receipt = receipt_ref(work, payment.id)
    her = sign_in(Role.MEMBER, person_id=rani.person_id)
    mine = her.get("/dues/mine")
    assert "You have paid up to August 2026" in mine.text
    assert "₹40 is due" in mine.text
    assert her.get(f"/dues/passbook/{rani.ref}").status_code == 200
    assert her.get(f"/dues/passbook/{sita.ref}").status_code == 404
    assert her.get(f"/dues/receipt/{receipt}").status_code == 404
    assert her.get(f"/dues/receipt/{receipt}.pdf").status_code == 404


def test_a_collector_sees_her_own_cash_and_the_receipts_she_wrote(sign_in, pages, rani):
    with pages.begin(TEST) as work:
        walker = make_payer(work, called="Uma")
        book = {"collector_person_id": walker.person_id, "receipt_no": 7}
        ref = receipt_ref(work, make_payment(work, rani.person_id, **book).id)
        desk_ref = receipt_ref(work, make_payment(work, rani.person_id).id)
    uma = sign_in(Role.COLLECTOR, person_id=walker.person_id)
    assert "You hold ₹20 of ours" in uma.get("/dues/cash/mine").text
    written = uma.get(f"/dues/receipt/{ref}")
    assert written.status_code == 200
    assert "Go on my round" in written.text
    assert "/dues/passbook/" not in written.text
    assert uma.get(f"/dues/receipt/{desk_ref}").status_code == 404


def test_cash_counted_short_is_written_down_under_her_card(desk, pages, rani):
    with pages.begin(TEST) as work:
        walker = make_payer(work, card_number="KA/08002")
        make_payment(
            work, rani.person_id, 10000, collector_person_id=walker.person_id, receipt_no=7
        )
        ref = collector_for_person(work, walker.person_id).ref
    assert "₹100 in hand" in desk.get("/dues/cash").text
    counted = {
        "command_key": f"{KEY}4",
        "counted": "60",
        "happened_on": "2026-10-16",
        "whole": "y",
    }
    desk.post(f"/dues/cash/{ref}", data=counted)
    desk.post(f"/dues/cash/{ref}", data=counted)
    tomorrow = {**counted, "command_key": f"{KEY}d", "happened_on": "2026-10-18"}
    assert "still to come" in desk.post(f"/dues/cash/{ref}", data=tomorrow).text
    page = desk.get(f"/dues/cash/{ref}")
    assert "₹40 short" in page.text
    assert "KA/08002" in page.text


def test_a_sheet_is_brought_in_and_what_waits_stays_until_it_is_settled(sign_in, pages, clock):
    clock.move_to(datetime(2026, 11, 2, 6, tzinfo=UTC))
    desk = sign_in(Role.TREASURER)
    with pages.begin(TEST) as work:
        make_register(work)
    files = {
        "command_key": f"{KEY}5",
        "sheet": (BytesIO((DATA / "collections.csv").read_bytes()), "october.csv"),
        "handovers": (BytesIO((DATA / "handovers.csv").read_bytes()), "cash.csv"),
    }
    answer = desk.post("/dues/sheets", data=files, follow_redirects=True)
    assert "635 lines are booked (₹28,900). 14 wait for somebody to look." in answer.text
    assert "16 lines wait." in answer.text
    with pages.reading(TEST) as work:
        twice, unread = (
            next(one.line.ref for one in waiting_lines(work) if one.line.reason == reason)
            for reason in ("entered_twice", "amount_unreadable")
        )
    remarks = desk.get("/dues/remarks").text
    assert "99 booked lines are to be asked about" in remarks
    assert "written for herself" in remarks
    assert "for daughter also" in remarks
    assert (
        "KA/00939 · 4018 · 03-10-2026 · KA/00148 · 2O" in desk.get(f"/dues/waiting/{unread}").text
    )
    desk.post(f"/dues/waiting/{twice}/drop", data={"command_key": f"{KEY}6"})
    nobody = {"command_key": f"{KEY}c", "card": "KA/99999", "amount": "20"}
    again = desk.post(f"/dues/waiting/{unread}", data={**nobody, "happened_on": "2026-10-03"})
    assert "Nobody has this card number" in again.text
    settled = {
        "command_key": f"{KEY}7",
        "card": "KA/00148",
        "amount": "20",
        "happened_on": "2026-10-03",
        "receipt_no": "4018",
    }
    assert desk.post(f"/dues/waiting/{unread}", data=settled).status_code == 302
    assert "14 lines wait." in desk.get("/dues/waiting").text
    cash = desk.get("/dues/cash").text
    assert "KA/00939" in cash
    assert "₹40 short" in cash


def test_a_file_that_is_no_sheet_is_refused_in_words(desk):
    files = {"command_key": f"{KEY}8", "sheet": (BytesIO(b"a;b\n1;2\n"), "x.csv")}
    assert "no sheet we can read" in desk.post("/dues/sheets", data=files).text


def test_a_month_is_shown_before_it_is_charged_and_charged_once(desk, pages):
    with pages.begin(TEST) as work:
        member = make_payer(work)
    shown = desk.post("/dues/months", data={"command_key": f"{KEY}9", "period": "2026-09"})
    preview = desk.get(shown.location)
    assert "September 2026: ₹20 from 1 member." in preview.text
    charged = desk.post(shown.location, data={"command_key": f"{KEY}a"}, follow_redirects=True)
    assert "1 member charged, ₹20" in charged.text
    assert "Nothing is left to charge" in desk.get(shown.location).text
    with pages.reading(TEST) as work:
        assert account_of(work.session, member.person_id).owed_minor == 2000


@pytest.mark.parametrize("period", ["2026-13", "2026-11", "1999-01", "soon"])
def test_a_month_that_cannot_be_charged_leads_back_to_those_that_can(desk, pages, period):
    with pages.begin(TEST) as work:
        make_payer(work)
    month = {"command_key": f"{KEY}b", "period": period}
    asked = desk.post("/dues/months", data=month)
    assert asked.status_code == 200
    assert "2026-10" in asked.text
    assert "2026-11" not in asked.text
    for answer in (
        desk.get(f"/dues/months/{period}", follow_redirects=True),
        desk.post(f"/dues/months/{period}", data=month, follow_redirects=True),
    ):
        assert answer.status_code == 200
        assert "cannot be charged. These can" in answer.text


def test_a_sum_beyond_any_payment_is_told_so_and_kept(desk, rani):
    paid = {"command_key": f"{KEY}3", "amount": "2000000", "method": "cash"}
    answer = desk.post(f"/dues/take/{rani.ref}", data={**paid, "happened_on": "2026-10-16"})
    assert "Count the noughts" in answer.text
    assert "in figures" not in answer.text
    assert 'value="2000000"' in answer.text


def test_the_same_payment_after_going_back_is_asked_about(desk, rani, pages):
    paid = {"command_key": f"{KEY}4", "amount": "20", "method": "cash", "happened_on": "2026-10-16"}
    address = f"/dues/take/{rani.ref}"
    assert desk.post(address, data=paid).status_code == 302
    asked = desk.post(address, data={**paid, "command_key": f"{KEY}5", "method": "upi"})
    assert "looks like the ₹20 you booked at" in asked.text
    assert 'value="20"' in asked.text
    assert re.search(r'<input checked[^>]*value="upi"', asked.text)
    with pages.reading(TEST) as work:
        assert account_of(work.session, rani.person_id).owed_minor == 2000
    meant = {**paid, "command_key": f"{KEY}6", "again": "y"}
    assert desk.post(address, data=meant).status_code == 302
    with pages.reading(TEST) as work:
        assert account_of(work.session, rani.person_id).owed_minor == 0


def test_a_fee_begins_with_its_month_and_one_written_wrongly_is_written_again(desk):
    assert "No fee is set yet" in desk.get("/dues/rates").text
    fee = {"command_key": f"{KEY}e", "category": "", "amount": "25", "from_month": "2026-11"}
    assert desk.post("/dues/rates", data=fee).status_code == 302
    assert "from November 2026" in desk.get("/dues/rates").text
    again = desk.post("/dues/rates", data={**fee, "command_key": f"{KEY}f"})
    assert "This very fee holds from that month on already." in again.text
    assert 'value="25"' in again.text
    desk.post("/dues/rates", data={**fee, "command_key": f"{KEY}1", "amount": "30"})
    shown = desk.get("/dues/rates").text
    assert shown.index("₹30") < shown.index("written wrongly: the one above holds")
    unread = {**fee, "command_key": f"{KEY}0", "from_month": "November"}
    assert "Write the month like 2026-10." in desk.post("/dues/rates", data=unread).text


def test_months_she_was_let_off_are_not_charged(desk, sign_in, rani, pages):
    months = {
        "command_key": f"{KEY}1",
        "from_month": "2026-08",
        "until_month": "2026-08",
        "reason": "illness",
        "note": "fever",
    }
    backwards = {**months, "command_key": f"{KEY}2", "until_month": "2026-07"}
    address = f"/dues/passbook/{rani.ref}/let-off"
    assert "lies before the first" in desk.post(address, data=backwards).text
    told = desk.post(address, data=months, follow_redirects=True)
    assert "waits for a second person" in told.text
    another = sign_in(Role.MEMBERSHIP_SECRETARY)
    waits = another.get("/dues/proposals").text
    assert "fever" in waits
    address = re.search(r"/dues/proposals/\w+/agree", waits)[0]
    agreed = another.post(address, data={"command_key": f"{KEY}3"}, follow_redirects=True)
    assert "Agreed." in agreed.text
    assert "let off" in desk.get(f"/dues/passbook/{rani.ref}").text
    with pages.begin(TEST) as work:
        charge_month(work, Month(2026, 8))
        assert account_of(work.session, rani.person_id).owed_minor == 4000


@pytest.mark.parametrize("role", [Role.TRUSTEE, Role.OPERATOR, Role.RESPONDER])
def test_others_see_no_dues(sign_in, rani, role):
    browser = sign_in(role)
    for address in ("/dues/take", "/dues/cash", "/dues/waiting", f"/dues/passbook/{rani.ref}"):
        assert browser.get(address).status_code == 403


def receipt_ref(work, payment_id):
    return work.session.scalar(select(Receipt.ref).where(Receipt.payment_id == payment_id))
