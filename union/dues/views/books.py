"""Receipt books, whom a collector visits, her phones, and her sheet on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy import select

from union.dues.forms import KeyForm
from union.dues.forms.rounds import IssueBookForm, ReturnBookForm, RoundMemberForm
from union.dues.models import ReceiptBook
from union.dues.queries.books import all_books
from union.dues.queries.holds import next_on_paper
from union.dues.queries.phones import devices_of, people_on_round, round_people
from union.dues.queries.rounds import collector_rounds
from union.dues.services import IssueBook, issue_book, put_on_round, return_book, revoke_phone
from union.dues.views.round_sheet import print_round_sheet
from union.dues.views.shared import round_of
from union.infra.work import Work
from union.kernel.errors import NotFoundError, UnionError
from union.members.queries import member_by_ref
from union.web.current import perform, reading
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def add_to(blueprint: Blueprint) -> None:
    """Give books and rounds their addresses."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/books", "books", books)
    blueprint.add_url_rule("/books/issue", "issue_book", issue, methods=both)
    blueprint.add_url_rule("/books/<ref>/back", "return_book", bring_back, methods=both)
    blueprint.add_url_rule("/cash/<ref>/round", "round_people", whom, methods=both)
    blueprint.add_url_rule(
        "/cash/<ref>/round/<member>/off", "off_round", off_round, methods=["POST"]
    )
    blueprint.add_url_rule(
        "/cash/<ref>/phones/<phone>/revoke", "revoke_phone", revoke, methods=["POST"]
    )
    blueprint.add_url_rule("/cash/<ref>/sheet.pdf", "round_sheet", round_sheet)


def books() -> ResponseReturnValue:
    """Who holds which receipts, and which are missing."""
    work = reading()
    held = all_books(work.session)
    rounds = collector_rounds(work, list(held))
    return page("dues/books.html", rounds=rounds, books=held)


def issue() -> ResponseReturnValue:
    """Hand a receipt book out."""
    form = IssueBookForm(issued_on=reading().clock.today())
    if form.validate_on_submit():
        try:
            perform(form, "issue_book", lambda work: _issue(work, form))
        except UnionError as error:
            form.say(error)
        else:
            return redirect(url_for("dues.books"))
    return page("dues/issue_book.html", form=form)


def bring_back(ref: str) -> ResponseReturnValue:
    """Take a receipt book back."""
    form = ReturnBookForm()
    if form.validate_on_submit():
        try:
            unused = form.unused_from.data or 0
            perform(form, "return_book", lambda work: {"id": return_book(work, ref, unused).id})
        except UnionError as error:
            form.say(error)
        else:
            return redirect(url_for("dues.books"))
    book = reading().session.scalar(select(ReceiptBook).where(ReceiptBook.ref == ref))
    if book is None:
        raise NotFoundError
    return page("dues/return_book.html", form=form, book=book)


def whom(ref: str) -> ResponseReturnValue:
    """Who is on a collector's round, and her phones."""
    work = reading()
    one = round_of(work, ref)
    form, collector_id = RoundMemberForm(), one.collector.id
    if form.validate_on_submit():
        try:
            perform(form, "put_on_round", lambda work: _put(work, collector_id, form))
        except UnionError as error:
            form.say(error)
        else:
            return redirect(url_for("dues.round_people", ref=ref))
        one = round_of(work, ref)
    return page(
        "dues/round_people.html",
        one=one,
        form=form,
        key_form=KeyForm(),
        people=people_on_round(work, collector_id),
        phones=devices_of(work.session, collector_id),
    )


def off_round(ref: str, member: str) -> ResponseReturnValue:
    """Take a member off a round."""
    work, form = reading(), KeyForm()
    collector_id = round_of(work, ref).collector.id
    named = member_by_ref(work.session, member)
    if named is None or named.card_number is None:
        raise NotFoundError
    card = named.card_number
    if form.validate_on_submit():
        perform(form, "off_round", lambda work: _off(work, collector_id, card))
    return redirect(url_for("dues.round_people", ref=ref))


def revoke(ref: str, phone: str) -> ResponseReturnValue:
    """A phone is lost: it takes nothing along any more."""
    form, one = KeyForm(), round_of(reading(), ref)
    hers = {held.device.ref for held in devices_of(reading().session, one.collector.id)}
    if phone not in hers:
        raise NotFoundError
    if form.validate_on_submit():
        perform(form, "revoke_phone", lambda work: {"id": revoke_phone(work, phone).id})
    return redirect(url_for("dues.round_people", ref=ref))


def round_sheet(ref: str) -> ResponseReturnValue:
    """A collector's sheet to print, for a round without a phone."""
    work = reading()
    one = round_of(work, ref)
    people = round_people(work, one.collector.id)
    first = next_on_paper(work.session, one.collector.id)
    content = print_round_sheet(one.label, work.clock.today(), people, first)
    return Response(content, mimetype="application/pdf")


def _issue(work: Work, form: IssueBookForm) -> dict[str, Any]:
    asked = IssueBook(
        card=str(form.card.data),
        first_no=form.first_no.data or 0,
        last_no=form.last_no.data or 0,
        issued_on=form.issued_on.given,
    )
    return {"book": issue_book(work, asked).ref}


def _put(work: Work, collector_id: int, form: RoundMemberForm) -> dict[str, Any]:
    put_on_round(work, collector_id, str(form.card.data), on_round=True)
    return {}


def _off(work: Work, collector_id: int, card: str) -> dict[str, Any]:
    put_on_round(work, collector_id, card, on_round=False)
    return {}
