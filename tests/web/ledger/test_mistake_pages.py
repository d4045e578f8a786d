"""A payment booked by mistake, over the pages; and papers, whose opening is written down."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from io import BytesIO

import pytest
from sqlalchemy import select

from tests.builders.ledger import make_approved_voucher, make_books, make_receipt, make_voucher
from tests.builders.members import make_member
from tests.builders.papers import png
from tests.builders.readings import written_down
from union.infra.audit import AuditEntry
from union.infra.people import Person
from union.kernel.actor import Actor, Role
from union.kernel.ids import new_command_key
from union.ledger.models import Paper
from union.ledger.services.papers import close_papers, lay_papers

TEST = Actor.system("test")
PNG = png()


@pytest.fixture
def rani(pages):
    with pages.begin(TEST) as work:
        make_books(work)
        make_receipt(work, 900_000, fund="welfare")
        return make_member(work, called="Rani", card_number="KA/77001")


def post(browser, address, **fields):
    data = {"command_key": new_command_key(), **fields}
    return browser.post(address, data=data, follow_redirects=True)


def test_a_mistake_is_said_by_one_and_taken_back_by_another(sign_in, pages, rani):
    with pages.begin(TEST) as work:
        ref = make_approved_voucher(work, payee_person_id=rani.person_id).ref
    desk, second, trustee = (
        sign_in(role) for role in (Role.TREASURER, Role.SIGNATORY, Role.TRUSTEE)
    )
    page = f"/books/vouchers/{ref}"
    post(desk, f"{page}/pay", paid_on="2026-10-16")
    silent = post(desk, f"{page}/mistake", words="")
    assert "Say what happened" in silent.text
    assert '<details class="confirm" open' in silent.text
    said = post(desk, f"{page}/mistake", words="the rent went, not this")
    assert "taken back once a second person agrees" in said.text
    assert "was paid, and somebody doubts it" in said.text
    assert "Somebody else must answer this" in said.text
    assert "Yes, take the payment back" not in said.text
    hers = second.get("/books/vouchers").text
    assert "One voucher waits for you." in hers
    asked = second.get(page).text
    assert "the rent went, not this" in asked
    assert "the rent went, not this" not in trustee.get(page).text
    address = re.search(rf'action="({page}/mistake/\w+)"', asked)[1]
    assert "Another person must do this" in post(desk, address, answer="yes").text
    done = post(second, address, answer="yes")
    assert "The payment is out of the books" in done.text
    again = desk.get(page).text
    assert "is signed by two and not paid yet" in again
    assert "I have paid ₹500" in again
    assert "Take it back unpaid" in again
    assert "paid" in post(desk, f"{page}/pay", paid_on="2026-10-16").text


def test_a_member_and_a_trustee_say_no_such_thing(sign_in, pages, rani):
    with pages.begin(TEST) as work:
        ref = make_approved_voucher(work, payee_person_id=rani.person_id).ref
    for role in (Role.TRUSTEE, Role.MEMBER):
        for way in ("mistake", "mistake/x"):
            answer = sign_in(role).post(f"/books/vouchers/{ref}/{way}")
            assert answer.status_code == 403


def lay(pages, person_id: int, content_hash: bytes | None = None) -> Paper:
    """A paper beside a voucher of hers; ``content_hash``: said to be another than it is."""
    with pages.begin(TEST) as work:
        key_ref = work.session.get_one(Person, person_id).key_ref
        (closed,) = close_papers(work, key_ref, [BytesIO(PNG)])
        closed = replace(closed, content_hash=content_hash or closed.content_hash)
        voucher = make_voucher(work, person_id)
        lay_papers(work, "voucher", voucher.id, [closed])
        return work.session.scalars(select(Paper).where(Paper.belongs_id == voucher.id)).one()


def log_of(pages, paper) -> list[tuple[str, int | None]]:
    with pages.reading(TEST) as work:
        return [
            *(
                (one.what, one.subject_person_id)
                for one in written_down(work, object_type="paper", object_id=paper.id)
            ),
            *work.session.execute(
                select(AuditEntry.action, AuditEntry.subject_person_id).where(
                    AuditEntry.object_type == "paper", AuditEntry.object_id == paper.id
                )
            ),
        ]


def test_whoever_opens_a_paper_is_written_down(sign_in, pages, rani):
    paper = lay(pages, rani.person_id)
    assert sign_in(Role.TRUSTEE).get(f"/books/papers/{paper.ref}").status_code == 403
    assert log_of(pages, paper) == []
    shown = sign_in(Role.SIGNATORY).get(f"/books/papers/{paper.ref}")
    assert shown.data == PNG
    assert log_of(pages, paper) == [("paper_opened", rani.person_id)]


def test_a_paper_that_was_changed_is_not_shown_and_that_is_written_down(sign_in, pages, rani):
    paper = lay(pages, rani.person_id, hashlib.sha256(b"another bill").digest())
    shown = sign_in(Role.SIGNATORY).get(f"/books/papers/{paper.ref}")
    assert shown.status_code == 409
    assert "is not what was laid here" in shown.text
    assert PNG not in shown.data
    said = [action for action, _subject in log_of(pages, paper)]
    assert said == ["paper_opened", "paper_changed"]


def test_only_true_money_places_are_offered(sign_in):
    page = sign_in(Role.TREASURER).get("/books/vouchers/new").text
    offered = re.search(r'<select[^>]*name="money".*?</select>', page, re.DOTALL)[0]
    assert re.findall(r'value="(\d+)"', offered) == ["1010", "1030", "1110"]
