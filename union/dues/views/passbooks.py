"""Passbooks and receipts: hers, and for whoever keeps the books anybody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from union.dues.policy import may_see_receipt
from union.dues.queries.passbook import ReceiptView, passbook, receipt_by_ref
from union.dues.views.paper import print_receipt
from union.dues.views.shared import member_of
from union.infra.work import Work
from union.kernel.errors import NotAllowedError, NotFoundError
from union.members.queries import all_entries_of, kept_entry
from union.web.current import current_actor, kit, reading
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def add_to(blueprint: Blueprint) -> None:
    """Give passbooks and receipts their addresses."""
    blueprint.add_url_rule("/mine", "my_passbook", my_passbook)
    blueprint.add_url_rule("/passbook/<ref>", "passbook", member_passbook)
    blueprint.add_url_rule("/receipt/<ref>", "receipt", receipt)
    blueprint.add_url_rule("/receipt/<ref>.pdf", "receipt_pdf", receipt_pdf)


def my_passbook() -> ResponseReturnValue:
    """The passbook of whoever is signed in."""
    work = reading()
    person_id = current_actor().person_id
    member = None if person_id is None else kept_entry(work.session, person_id)
    if member is None:
        return page("dues/no_passbook.html")
    return _show(work, member.person_id, own=True)


def member_passbook(ref: str) -> ResponseReturnValue:
    """A member's passbook."""
    work = reading()
    return _show(work, member_of(work, ref).person_id, own=False)


def receipt(ref: str) -> ResponseReturnValue:
    """One receipt."""
    one = _receipt(ref)
    taker = one.collector_person_id or one.payment.received_by
    takers = kit().name_people(reading(), {taker}) if taker is not None else {}
    return page("dues/receipt.html", one=one, takers=takers)


def receipt_pdf(ref: str) -> ResponseReturnValue:
    """The same receipt, to print."""
    content = print_receipt(_receipt(ref))
    name = f'inline; filename="{ref}.pdf"'
    return Response(content, mimetype="application/pdf", headers={"Content-Disposition": name})


def _show(work: Work, person_id: int, *, own: bool) -> ResponseReturnValue:
    today = work.clock.today()
    year = request.args.get("year", type=int) or today.year
    book = passbook(work, person_id, min(max(year, 2000), today.year + 1))
    if book is None:
        raise NotFoundError
    return page("dues/passbook.html", book=book, own=own, today=today)


def _receipt(ref: str) -> ReceiptView:
    work = reading()
    view = receipt_by_ref(work, ref)
    if view is None:
        raise NotFoundError
    ids = all_entries_of(work.session, view.payment.person_id)
    took = view.collector_person_id
    collector_ids = [] if took is None else all_entries_of(work.session, took)
    if not may_see_receipt(current_actor(), ids, collector_ids):
        raise NotAllowedError
    return view
