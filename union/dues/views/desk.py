"""The desk: whose dues, what she owes, one large button."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, url_for
from sqlalchemy import select

from union.dues.errors import LooksBookedError, PayerUnknownError, UnusualSumError
from union.dues.forms import FindForm, PaymentForm
from union.dues.models import Payment, Receipt
from union.dues.queries.accounts import account_of
from union.dues.services import Method, ReceivePayment, take_at_desk
from union.dues.views.shared import member_of
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.kernel.money import as_typed
from union.members.models import Member
from union.members.queries import fee_on, member_by_card, member_views
from union.web.current import perform, reading
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def add_to(blueprint: Blueprint) -> None:
    """Give the desk its addresses."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/take", "find_payer", find_payer, methods=both)
    blueprint.add_url_rule("/passbook", "find_passbook", find_passbook, methods=both)
    blueprint.add_url_rule("/take/<ref>", "take_payment", take_payment, methods=both)


def find_payer() -> ResponseReturnValue:
    """Whose dues are being paid."""
    return _find("dues.take_payment")


def find_passbook() -> ResponseReturnValue:
    """Whose passbook is looked at, also by a second hand who takes no money."""
    return _find("dues.passbook")


def _find(then: str) -> ResponseReturnValue:
    form = FindForm()
    if form.validate_on_submit():
        try:
            member = _member_with(reading(), form.number())
        except UnionError as error:
            form.say(error)
        else:
            return redirect(url_for(then, ref=member.ref))
    return page("dues/find.html", form=form)


def take_payment(ref: str) -> ResponseReturnValue:
    """Take her money and write the receipt."""
    work = reading()
    person_id, today = member_of(work, ref).person_id, work.clock.today()
    view = member_views(work, [person_id])[person_id]
    account = account_of(work.session, person_id)
    fee_minor = fee_on(work.session, person_id, today) or 0
    due_minor = account.owed_minor or fee_minor
    doubt: UnionError | None = None
    form = PaymentForm(amount=as_typed(due_minor), happened_on=today)
    if form.validate_on_submit():
        try:
            made = perform(form, "receive_payment", lambda work: _take(work, person_id, form))
        except UnionError as error:
            form.say(error)
            doubt = error
        else:
            return redirect(url_for("dues.receipt", ref=made["receipt"]))
    said = {"before": _before(work, doubt), "unusual": isinstance(doubt, UnusualSumError)}
    return page(
        "dues/take.html", form=form, member=view, account=account, fee_minor=fee_minor, **said
    )


def _member_with(work: Work, card: str) -> Member:
    member = member_by_card(work.session, card)
    if member is None:
        raise PayerUnknownError
    return member


def _before(work: Work, error: UnionError | None) -> Payment | None:
    """The payment that this one looks like."""
    if not isinstance(error, LooksBookedError):
        return None
    return work.session.get(Payment, error.facts["payment_id"])


def _take(work: Work, person_id: int, form: PaymentForm) -> dict[str, Any]:
    asked = ReceivePayment(
        person_id=person_id,
        amount_minor=form.amount.minor,
        happened_on=form.happened_on.given,
        method=Method(form.method.data),
    )
    payment = take_at_desk(
        work, asked, again=bool(form.again.data), so_much=bool(form.so_much.data)
    )
    return {"receipt": work.session.scalar(select(Receipt.ref).filter_by(payment_id=payment.id))}
