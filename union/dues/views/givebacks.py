"""A payment booked by mistake taken back, and credit given back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext

from union.dues.forms.decisions import GiveBackForm, TakeBackForm
from union.dues.queries.accounts import account_of
from union.dues.queries.passbook import ReceiptView, receipt_by_ref
from union.dues.services import GiveCreditBack, TakeBack, give_credit_back, take_back
from union.dues.views.shared import member_of
from union.infra.work import Work
from union.kernel.errors import NotFoundError, UnionError
from union.kernel.money import as_typed
from union.members.queries import member_views
from union.web.current import perform, reading
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def add_to(blueprint: Blueprint) -> None:
    """Give both their addresses."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/receipt/<ref>/take-back", "take_back", take_it_back, methods=both)
    blueprint.add_url_rule("/passbook/<ref>/give-back", "give_back", give_it_back, methods=both)


def take_it_back(ref: str) -> ResponseReturnValue:
    """Take a payment back whole: her months fall open, the receipt stays and says so."""
    form, payment_id = TakeBackForm(), _receipt(ref).payment.id
    if form.validate_on_submit():
        try:
            perform(form, "take_payment_back", lambda work: _take_back(work, payment_id, form))
        except UnionError as error:
            form.say(error)
        else:
            flash(gettext("It is taken back. Book it now where it belongs."))
            return redirect(url_for("dues.receipt", ref=ref))
    return page("dues/take_back.html", form=form, one=_receipt(ref))


def give_it_back(ref: str) -> ResponseReturnValue:
    """Write the voucher by which her credit goes back."""
    work = reading()
    person_id = member_of(work, ref).person_id
    account = account_of(work.session, person_id)
    form = GiveBackForm(amount=as_typed(account.credit_minor))
    if form.validate_on_submit():
        try:
            made = perform(form, "give_credit_back", lambda work: _give(work, person_id, form))
        except UnionError as error:
            form.say(error)
        else:
            flash(gettext("The voucher waits for two hands."))
            return redirect(url_for("ledger.voucher", ref=made["voucher"]))
    member = member_views(work, [person_id])[person_id]
    return page("dues/give_back.html", form=form, member=member, account=account)


def _receipt(ref: str) -> ReceiptView:
    one = receipt_by_ref(reading(), ref)
    if one is None:
        raise NotFoundError
    return one


def _take_back(work: Work, payment_id: int, form: TakeBackForm) -> dict[str, Any]:
    asked = TakeBack(payment_id, str(form.reason.data), str(form.note.data or ""))
    return {"reversal": take_back(work, asked).ref}


def _give(work: Work, person_id: int, form: GiveBackForm) -> dict[str, Any]:
    asked = GiveCreditBack(person_id, form.amount.minor, str(form.money_account.data))
    return {"voucher": give_credit_back(work, asked).ref}
