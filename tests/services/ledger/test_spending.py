"""Vouchers by hand: papers under the signature, payees of their own, nothing in the clear."""

from __future__ import annotations

from io import BytesIO

import pytest
from sqlalchemy import select

from tests.builders.ledger import acting_as, make_books, make_person_as, make_receipt
from tests.builders.papers import png
from union.infra.people import new_person
from union.kernel.actor import Role
from union.kernel.errors import NotAllowedError, NotFoundError
from union.ledger.errors import (
    NameMissingError,
    PaperTooLargeError,
    PaperUnreadableError,
    PayeeApprovesError,
    PurposeRefusedError,
    TooManyPapersError,
    WordsMissingError,
)
from union.ledger.models import PaperPiece
from union.ledger.queries import voucher_view, voucher_words
from union.ledger.queries.papers import open_paper, paper_by_ref, papers_of
from union.ledger.queries.payees import payee_names, payees
from union.ledger.rules.papers import LARGEST_PAPER, PIECE
from union.ledger.services import (
    NewSpending,
    add_payee,
    approve_voucher,
    pay_voucher,
    write_voucher,
)

PNG = png(b"a landlord's bill " * 40000)


@pytest.fixture
def treasurer(work):
    make_books(work)
    make_receipt(work, 2_000_000)
    work.actor = make_person_as(work, Role.TREASURER)
    return work.actor


def spending(payee, **fields):
    values = {
        "payee_person_id": payee,
        "fund": "general",
        "money_account": "1110",
        "spend_account": "5110",
        "amount_minor": 800_000,
        "words": "October's rent of the drop-in room",
    }
    return NewSpending(**{**values, **fields})


def test_a_bill_is_written_signed_by_two_and_paid(work, treasurer):
    landlord = add_payee(work, "Lakshmi Stores")
    voucher = write_voucher(work, spending(landlord.person_id, papers=[BytesIO(PNG)]))
    signatory = make_person_as(work, Role.SIGNATORY)
    for actor in (treasurer, signatory):
        with acting_as(work, actor):
            approve_voucher(work, voucher.ref, voucher.content_hash)
    entry = pay_voucher(work, voucher.ref)
    assert entry.voucher_id == voucher.id
    assert voucher_words(work, voucher) == "October's rent of the drop-in room"
    assert payee_names(work, [landlord.person_id]) == {landlord.person_id: "Lakshmi Stores"}
    assert [one.name for one in payees(work)] == ["Lakshmi Stores"]


def test_a_paper_comes_back_whole_and_lies_in_pieces_that_say_nothing(work, treasurer):
    voucher = write_voucher(work, spending(new_person(work).id, papers=[BytesIO(PNG)]))
    (paper,) = papers_of(work, "voucher", voucher.id)
    assert (paper.content_type, paper.size_bytes) == ("image/png", len(PNG))
    assert open_paper(work, paper_by_ref(work, paper.ref)) == PNG
    bodies = work.session.scalars(select(PaperPiece.body)).all()
    assert len(bodies) == -(-len(PNG) // PIECE)
    assert not any(b"landlord" in body for body in bodies)
    with acting_as(work, make_person_as(work, Role.TRUSTEE)), pytest.raises(NotFoundError):
        paper_by_ref(work, paper.ref)


def test_words_and_papers_change_what_is_signed(work, treasurer):
    payee = new_person(work).id
    hashes = {
        write_voucher(work, spending(payee, **fields)).papers_hash
        for fields in ({}, {"words": "another"}, {"papers": [BytesIO(PNG)]})
    }
    assert len(hashes) == 3


@pytest.mark.parametrize(
    ("papers", "refusal"),
    [
        ([b"MZ a program"], PaperUnreadableError),
        ([b"<html>"], PaperUnreadableError),
        ([b"%PDF-" + bytes(LARGEST_PAPER)], PaperTooLargeError),
        ([PNG[:100]] * 9, TooManyPapersError),
    ],
)
def test_what_is_no_paper_is_refused(work, treasurer, papers, refusal):
    with pytest.raises(refusal):
        write_voucher(work, spending(new_person(work).id, papers=[BytesIO(one) for one in papers]))


def test_an_empty_file_field_is_no_paper(work, treasurer):
    voucher = write_voucher(work, spending(new_person(work).id, papers=[BytesIO(b"")]))
    assert not papers_of(work, "voucher", voucher.id)


def test_who_may_write_and_what_must_be_said(work, treasurer):
    payee = new_person(work).id
    with pytest.raises(WordsMissingError):
        write_voucher(work, spending(payee, words=" "))
    with pytest.raises(NameMissingError):
        add_payee(work, " ")
    with pytest.raises(PurposeRefusedError):
        write_voucher(work, spending(payee, fund="welfare"))
    for role in (Role.TRUSTEE, Role.COLLECTOR):
        with acting_as(work, make_person_as(work, role)), pytest.raises(NotAllowedError):
            write_voucher(work, spending(payee))


def test_a_payee_of_her_own_does_not_sign(work, treasurer):
    signatory = make_person_as(work, Role.SIGNATORY)
    voucher = write_voucher(work, spending(signatory.person_id))
    with acting_as(work, signatory), pytest.raises(PayeeApprovesError):
        approve_voucher(work, voucher.ref, voucher.content_hash)
    assert not voucher_view(work, voucher.ref).payment
