"""The trustees' pages: every one opens, says its answer first, and names nobody anywhere."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date, timedelta

import pytest
from flask import url_for
from sqlalchemy import select

from tests.builders.audit import CANARIES, PASSWORD, make_a_season, make_trustee
from tests.builders.counting import count_box, make_officer
from tests.builders.exports import seal_and_sign
from tests.builders.identity import make_signed_in
from tests.builders.ledger import make_receipt
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.ledger.models import Voucher
from union.office.audit.queries.guide import GUIDE
from union.office.audit.services import draw_sample, open_audit, write_finding
from union.office.audit.services.findings import NewFinding
from union.office.audit.services.looking import NewSample
from union.office.audit.views.blueprint import answer_of
from union.web.words.audit import WAYS


@pytest.fixture
def season(pages, app):
    """A season of books, a trustee's browser, an audit with a sample and a finding."""
    with pages.begin(Actor.system("test")) as work:
        make_a_season(work)
        seal_and_sign(work)
        work.actor = make_trustee(work)
        audit = open_audit(work, "surprise", date(2026, 4, 1), date(2026, 10, 16))
        sample = draw_sample(work, audit.ref, NewSample("vouchers", 2, "dice 1"))
        receipts = draw_sample(work, audit.ref, NewSample("receipts", 2))
        finding = write_finding(work, audit.ref, NewFinding("No. 3 is torn out", "serious"))
        token = make_signed_in(work, [Role.TRUSTEE], work.actor.person_id)
    browser = app.test_client()
    with browser.session_transaction() as session:
        session["_user_id"] = token
    return browser, {
        "audit": audit.ref,
        "sample": sample.ref,
        "receipts": receipts.ref,
        "finding": finding.ref,
    }


def post(browser, address, **fields):
    return browser.post(address, data={"command_key": new_command_key(), **fields})


def every_address(refs):
    audit = f"/audit/{refs['audit']}"
    return [
        "/audit/",
        "/audit/heads",
        "/audit/findings",
        audit,
        f"{audit}/draw",
        f"{audit}/findings",
        f"{audit}/sign",
        f"/audit/samples/{refs['sample']}",
        f"/audit/samples/{refs['receipts']}",
        f"/audit/findings/{refs['finding']}",
        *(f"{audit}/steps/{code}" for code in GUIDE),
    ]


def test_no_page_of_hers_names_anybody_or_says_it_in_its_title(season):
    browser, refs = season
    for address in every_address(refs):
        answer = browser.get(address)
        assert answer.status_code == 200, address
        assert "<title>Notebook</title>" in answer.text
        for canary in CANARIES:
            assert canary not in answer.text, (address, canary)


def test_nor_do_the_pages_her_steps_lead_to(season):
    browser, refs = season
    led = set()
    for address in every_address(refs):
        led |= set(
            re.findall(r'href="(/books/(?:entries|vouchers)/[^"]+)"', browser.get(address).text)
        )
    assert any("/vouchers/" in one for one in led)
    for address in led:
        text = browser.get(address).text
        for canary in CANARIES:
            assert canary not in text, (address, canary)


def test_the_export_she_takes_along_names_nobody_and_is_written_down(season):
    browser, _ = season
    answer = browser.get("/books/export/books.zip")
    with zipfile.ZipFile(io.BytesIO(answer.data)) as file:
        for name in file.namelist():
            for canary in CANARIES:
                assert canary.encode() not in file.read(name), (name, canary)
    assert b"def is_signed" in browser.get("/books/export/verifier").data


def test_the_first_line_says_what_the_steps_come_to(season):
    browser, refs = season
    text = browser.get(f"/audit/{refs['audit']}").text
    assert "Nothing is wrong; " in text
    assert "Payments: 6, together ₹4,200." in text
    assert "Books: 1. Numbers used: 3, missing: 1." in text


def test_rows_name_vouchers_and_counts_by_number_and_lead_on(season, pages):
    browser, refs = season
    with pages.begin(Actor.system("test")) as work:
        voucher = work.session.scalars(select(Voucher).order_by(Voucher.id)).first()
        work.actor = make_officer(work, Role.TREASURER)
        count = count_box(work, "1030", 0)
    step = f"/audit/{refs['audit']}/steps"
    hands = browser.get(f"{step}/approvals").text
    assert f'<a href="/books/vouchers/{voucher.ref}">Voucher {voucher.id}</a>' in hands
    assert f">{voucher.ref}<" not in hands
    counts = browser.get(f"{step}/cash_counts").text
    assert f'<a href="/books/counts/{count.ref}">Count {count.id}</a>' in counts
    assert "The boxes and their counts" in counts
    assert browser.get(f"/books/counts/{count.ref}").status_code == 200


def test_what_is_written_today_is_said_to_be_sealed_tonight_and_later_is_late(
    season, pages, clock, sign_in
):
    browser, refs = season
    with pages.begin(Actor.system("test")) as work:
        ref = make_receipt(work, 4_200).ref
    step = f"/audit/{refs['audit']}/steps/seals"
    today = browser.get(step).text
    assert "Written today, sealed tonight: 1." in today
    assert f'href="/books/entries/{ref}"' in today
    clock.advance(timedelta(days=1))
    later = sign_in(Role.TRUSTEE).get(step).text
    assert "entries that should have been sealed: 1" in later


def test_every_way_on_opens_for_a_trustee(season):
    browser, _ = season
    for endpoint, _words in WAYS.values():
        with browser.application.test_request_context():
            address = url_for(endpoint)
        assert browser.get(address).status_code == 200, endpoint


def test_a_new_look_begins_with_its_days(season):
    browser, _ = season
    answer = post(browser, "/audit/", kind="yearly", from_on="2026-04-01", to_on="2026-10-16")
    assert answer.status_code == 302
    refused = post(browser, "/audit/", kind="yearly", from_on="2026-04-05", to_on="2026-04-01")
    assert "last day lies after the first" in refused.text
    assert 'value="2026-04-05"' in refused.text


def test_papers_are_drawn_and_looked_at(season):
    browser, refs = season
    drawn = post(browser, f"/audit/{refs['audit']}/draw", what="vouchers", size="3", seed="6 6 1")
    address = drawn.headers["Location"]
    assert "3 of 3 papers are still to be looked at" in browser.get(address).text
    assert "6 6 1" in browser.get(address).text
    assert post(browser, f"{address}/1", verdict="wrong").status_code == 302
    assert "2 of 3 papers" in browser.get(address).text
    assert "not right" in browser.get(address).text
    post(browser, f"{address}/2", verdict="nonsense")
    assert "2 of 3 papers" in browser.get(address).text
    refused = post(browser, f"/audit/{refs['audit']}/draw", what="vouchers", size="none")
    assert 'value="none"' in refused.text


def test_a_finding_goes_to_the_treasurer_and_back(season, sign_in):
    browser, refs = season
    written = post(
        browser,
        f"/audit/{refs['audit']}/findings",
        severity="grave",
        step="deposits",
        amount="₹40",
        words="Two hand-overs are missing",
    )
    address = written.headers["Location"]
    treasurer = sign_in(Role.TREASURER)
    assert "2 findings wait for a reply" in treasurer.get("/audit/findings").text
    assert "₹40" in treasurer.get(address).text
    assert "2 findings of the trustees to answer" in treasurer.get("/").text
    assert post(treasurer, address, words="They came yesterday").status_code == 302
    assert "1 finding of the trustees to answer" in treasurer.get("/").text
    assert "1 reply to a finding" in browser.get("/").text
    assert "They came yesterday" in browser.get(address).text
    post(browser, address, words="Seen", kind="settled")
    assert "settled" in browser.get(address).text
    assert "reply to a finding" not in browser.get("/").text
    assert treasurer.get(f"/audit/{refs['audit']}").status_code == 403


def test_an_amount_nobody_can_read_keeps_what_was_written(season):
    browser, refs = season
    answer = post(
        browser,
        f"/audit/{refs['audit']}/findings",
        severity="minor",
        amount="forty",
        words="I wrote much",
    )
    assert answer.status_code == 200
    assert "in figures" in answer.text
    assert "I wrote much" in answer.text


def test_the_report_is_signed_and_becomes_a_paper(season):
    browser, refs = season
    audit = f"/audit/{refs['audit']}"
    assert "not looked at yet" in browser.get(f"{audit}/sign").text
    for sample in (refs["sample"], refs["receipts"]):
        for position in (1, 2):
            post(browser, f"/audit/samples/{sample}/{position}", verdict="right")
    refused = post(browser, f"{audit}/sign", password="not hers at all")
    assert (refused.status_code, 'role="alert"' in refused.text) == (200, True)
    assert browser.get(f"{audit}/report").status_code == 404
    assert post(browser, f"{audit}/sign", password=PASSWORD).status_code == 302
    report = browser.get(f"{audit}/report").text
    assert "One trustee has signed this report." in report
    assert "does not fit" not in report
    assert "2 of 3 drawn with" in report
    late = browser.get(f"{audit}/findings").text
    assert "The report is signed" in late
    assert 'name="words"' not in late
    kept = post(browser, f"{audit}/findings", severity="minor", words="It came too late")
    assert "It came too late" in kept.text
    assert "Draw them" not in browser.get(f"{audit}/draw").text
    assert "What stood in the books at the end of Fri 16 October 2026" in report
    assert re.search(r"1110</th>.{0,120}Bank.{0,120}General.{0,120}₹10,000", report, re.DOTALL)
    paper = browser.get(f"{audit}/report.pdf")
    assert paper.data.startswith(b"%PDF")
    assert "Write down a finding" not in browser.get(audit).text
    for canary in CANARIES:
        assert canary not in report
        assert canary.encode() not in paper.data


def test_a_treasurer_who_is_a_trustee_too_looks_nothing_over(sign_in, pages):
    with pages.begin(Actor.system("test")) as work:
        make_a_season(work)
    both = sign_in(Role.TRUSTEE, Role.TREASURER)
    assert "Look the books over</h2>" not in both.get("/audit/").text
    refused = post(both, "/audit/", kind="yearly", from_on="2026-04-01", to_on="2026-10-16")
    assert "somebody else must look the books over" in refused.text


def test_heads_turn_their_pages(season):
    browser, _ = season
    assert "signed last on" in browser.get("/audit/heads").text
    assert browser.get(f"/audit/heads?before={'9' * 20}").status_code == 200


def test_what_was_handed_in_too_much_is_said_in_words_and_nothing_of_nought(app):
    figures = {
        "taken_minor": 117_100_00,
        "handed_minor": 117_740_00,
        "banked_minor": 0,
        "in_hand_minor": 0,
        "differing_minor": 0,
        "unsigned": 0,
        "ahead": 2,
        "ahead_minor": 640_00,
    }
    with app.test_request_context():
        said = answer_of("deposits", "look", figures)
        counted = answer_of("receipt_books", "look", {"books": 1171, "used": 1, "missing": 1})
    assert "More was handed in than is booked: ₹640 (rounds: 2)." in said
    assert "−" not in said
    assert "countersigned" not in said
    assert counted.startswith("Books: 1,171.")
    assert counted.endswith("Receipts that stand in no book: –.")
