"""Writing vouchers, floats and counts over the pages; a refusal loses nothing that was typed."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO

import pytest
from sqlalchemy import select

from tests.builders.ledger import acting_as, make_books, make_person_as, make_receipt
from tests.builders.members import make_member
from tests.builders.papers import jpeg
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.ledger.models import CashCount, FloatAccount, FloatSettlement, Paper, Voucher
from union.ledger.services import approve_voucher

DESK = "/books/boxes/1010"
JPEG = jpeg(b"a photograph of a bill")


@pytest.fixture
def member(pages):
    with pages.begin(Actor.system("test")) as work:
        make_books(work)
        make_receipt(work, 900_000)
        make_receipt(work, 900_000, fund="crisis", account="1010")
        return make_member(work, called="Rani", card_number="KA/77001")


def send(browser, address, **fields):
    form = {"command_key": new_command_key(), **fields}
    return browser.post(address, data=form, content_type="multipart/form-data")


def bill(**fields):
    values = {
        "who": "new",
        "name": "Lakshmi Stores",
        "amount": "1,200",
        "what": "general.5140",
        "money": "1110",
        "words": "leaflets for the meeting",
        "papers": (BytesIO(JPEG), "WhatsApp of Lakshmi.jpg"),
    }
    return {**values, **fields}


def only(pages, table):
    with pages.reading(Actor.system("test")) as work:
        return work.session.scalars(select(table)).one()


def test_a_bill_is_written_once_and_its_paper_opens_for_those_who_sign(sign_in, pages, member):
    treasurer, key = sign_in(Role.TREASURER), new_command_key()
    for _twice in range(2):
        answer = send(treasurer, "/books/vouchers/new", **bill(command_key=key))
        assert answer.status_code == 302
    voucher, paper = only(pages, Voucher), only(pages, Paper)
    text = sign_in(Role.SIGNATORY).get(f"/books/vouchers/{voucher.ref}").text
    assert "Lakshmi Stores" in text
    assert "leaflets for the meeting" in text
    assert "WhatsApp" not in text
    opened = sign_in(Role.SIGNATORY).get(f"/books/papers/{paper.ref}")
    assert (opened.data, opened.mimetype) == (JPEG, "image/jpeg")
    assert "sandbox" in opened.headers["Content-Security-Policy"]
    for role in (Role.TRUSTEE, Role.MEMBER, Role.COLLECTOR):
        assert sign_in(role).get(f"/books/papers/{paper.ref}").status_code == 403
    trustee = sign_in(Role.TRUSTEE).get(f"/books/vouchers/{voucher.ref}").text
    assert "Lakshmi" not in trustee


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"amount": "twelve"}, "Write the amount in figures"),
        ({"name": ""}, "Write the name of the one who is paid"),
        ({"papers": (BytesIO(b"MZ"), "x.jpg")}, "neither a picture nor a PDF"),
        ({"who": "card", "card": "KA/0"}, "There is nothing here"),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(sign_in, member, fields, said):
    answer = send(sign_in(Role.TREASURER), "/books/vouchers/new", **bill(**fields))
    assert said in answer.text
    assert "leaflets for the meeting" in answer.text


def test_a_float_from_the_treasurer_to_her_papers_and_back(sign_in, pages, member):
    treasurer, signatory = sign_in(Role.TREASURER), sign_in(Role.SIGNATORY)
    holder = sign_in(Role.RESPONDER, person_id=member.person_id)
    made = send(treasurer, "/books/floats/new", card="ka/77001", purpose="1", limit="800")
    assert made.status_code == 302
    ref = only(pages, FloatAccount).ref
    too_much = send(
        treasurer, f"/books/floats/{ref}/give", amount="900", money="1010", words="again"
    )
    assert "more than she may hold" in too_much.text
    assert 'value="900"' in too_much.text
    send(treasurer, f"/books/floats/{ref}/give", amount="700", money="1010", words="again")
    voucher = only(pages, Voucher)
    for browser in (treasurer, signatory):
        send(
            browser,
            f"/books/vouchers/{voucher.ref}/approve",
            seen=voucher.content_hash.hex(),
        )
    send(treasurer, f"/books/vouchers/{voucher.ref}/pay", paid_on="2026-10-16")
    assert "You hold ₹700" in holder.get("/books/floats/mine").text
    told = send(
        holder,
        f"/books/floats/mine/{ref}",
        amount="450",
        spent_on="2026-10-16",
        words="two autos",
    )
    assert told.status_code == 302
    assert sign_in(Role.PARALEGAL).get(f"/books/floats/mine/{ref}").status_code == 404
    assert sign_in(Role.MEMBER).get(f"/books/floats/mine/{ref}").status_code == 403
    assert "two autos" not in sign_in(Role.TRUSTEE).get("/books/floats").text
    assert "two autos" not in treasurer.get("/books/floats").text
    listed = signatory.get("/books/floats").text
    assert "two autos" in listed
    assert "Rani" in listed
    assert "Auto" not in listed
    assert "Night money 1" in listed
    settlement = only(pages, FloatSettlement)
    send(signatory, f"/books/settlements/{settlement.ref}", answer="take")
    assert "Rani · KA/77001 holds ₹250." in treasurer.get(f"/books/floats/{ref}").text


def test_a_box_is_counted_by_one_and_seen_by_another_in_her_own_session(sign_in, pages, member):
    treasurer, secretary = sign_in(Role.TREASURER), sign_in(Role.MEMBERSHIP_SECRETARY)
    book = re.search(r'name="book"[^>]*value="(\d+)"', treasurer.get(f"{DESK}/count").text)[1]
    empty = send(treasurer, f"{DESK}/count", book=book)
    assert "write one 0" in empty.text
    answer = send(treasurer, f"{DESK}/count", book=book, p50000="17", p20000="2")
    ref = only(pages, CashCount).ref
    assert answer.headers["Location"].endswith(f"/books/counts/{ref}")
    mine = treasurer.get(f"/books/counts/{ref}").text
    assert "Count it again" in mine
    assert "₹100 is missing" in mine
    assert "I saw it" not in mine
    refused = send(treasurer, f"/books/counts/{ref}/seen", answer="right")
    assert "You counted this yourself" in refused.text
    assert ref in secretary.get("/books/counts").text
    assert "1 cash count to see" in sign_in(Role.SIGNATORY).get("/").text
    send(secretary, f"/books/counts/{ref}/seen", answer="right")
    assert "two counted it" in secretary.get(f"/books/counts/{ref}").text
    assert "₹8,900" in treasurer.get(f"{DESK}?month=2026-10").text
    stale = send(treasurer, f"{DESK}/count", book=book, p50000="18")
    assert "while you counted" in stale.text
    assert treasurer.get("/books/boxes/1110/count").status_code == 404


def test_what_a_count_found_is_settled_by_another_and_a_refusal_keeps_what_was_typed(
    sign_in, pages, member, clock
):
    treasurer, signatory = sign_in(Role.TREASURER), sign_in(Role.SIGNATORY)
    send(treasurer, f"{DESK}/count", book="900000", p50000="17", p20000="2")
    ref = only(pages, CashCount).ref
    send(signatory, f"/books/counts/{ref}/seen", answer="right")
    assert "another signatory" in treasurer.get(f"/books/counts/{ref}").text
    assert 'href="/books/counts"' in treasurer.get("/books/accounts/1090").text
    much = send(signatory, f"/books/counts/{ref}/settle", how="found", amount="900")
    assert "is not left" in much.text
    assert 'value="900"' in much.text
    send(signatory, f"/books/counts/{ref}/settle", how="found", amount="60")
    answer = send(signatory, f"/books/counts/{ref}/settle", how="given_up", amount="40")
    assert "/books/vouchers/" in answer.headers["Location"]
    assert "Missing from a box" in signatory.get(answer.headers["Location"]).text
    assert "still to be settled" not in signatory.get(f"/books/counts/{ref}").text
    voucher = only(pages, Voucher)
    with pages.begin(Actor.system("test")) as work:
        for _hand in range(2):
            with acting_as(work, make_person_as(work, Role.SIGNATORY)):
                approve_voucher(work, voucher.ref, voucher.content_hash)
    clock.move_to(datetime(2026, 11, 4, 6, tzinfo=UTC))
    treasurer = sign_in(Role.TREASURER)
    offered = treasurer.get(f"/books/vouchers/{voucher.ref}").text
    assert 'value="2026-10-31"' in offered
    assert "The day it is given up" in offered
    assert "I have paid" not in offered
    late = send(treasurer, f"/books/vouchers/{voucher.ref}/pay", paid_on="2026-11-04")
    assert "that month can never close" in late.text
    assert 'value="2026-11-04"' in late.text
    assert "No count waits" in sign_in(Role.TRUSTEE).get("/books/counts").text


def test_a_year_is_planned_and_the_books_begin_once(sign_in, member):
    treasurer = sign_in(Role.TREASURER)
    planned = send(treasurer, "/books/budget", year="2026", place="general.5110", amount="9000")
    assert planned.status_code == 302
    assert "₹9,000" in sign_in(Role.TRUSTEE).get("/books/budget").text
    send(sign_in(Role.TRUSTEE), "/books/budget", year="2026", place="general.5120", amount="1")
    assert (
        "Travel</" not in re.sub(r"\s", "", treasurer.get("/books/budget").text).split("<aside")[0]
    )
    lines = {"place1": "general.1110", "amount1": "500", "place2": "welfare.2210", "amount2": "20"}
    missing = send(treasurer, "/books/opening", **lines)
    assert "Lay a paper beside it" in missing.text
    for answer in (
        send(treasurer, "/books/opening", papers=(BytesIO(JPEG), "old.jpg"), **lines),
        treasurer.get("/books/opening"),
    ):
        assert answer.status_code in {200, 302}
    assert "It was written once" in treasurer.get("/books/opening").text


def test_every_page_of_the_keeper_opens(sign_in, member):
    for role in (Role.TREASURER, Role.TRUSTEE):
        browser = sign_in(role)
        for address in ("boxes", "boxes/1110", "budget?year=2025", "floats", "vouchers"):
            assert browser.get(f"/books/{address}").status_code == 200, address
    assert sign_in(Role.TREASURER).get("/books/floats/new").status_code == 200
    assert sign_in(Role.TREASURER).get("/books/boxes/1110?month=9999-99").status_code == 200
