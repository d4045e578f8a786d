"""The treasurer's pages: payments by card with their state, and what the card company holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _

from union.checkout.forms import ButtonForm, RefundForm
from union.checkout.queries.office import (
    PaymentView,
    holding,
    lines_of_charge,
    payment_by_ref,
    payments,
    refunds_of,
    waiting,
)
from union.checkout.services import ask_refund
from union.checkout.views.shared import provider_or_none
from union.infra.work import Work
from union.kernel.errors import NotFoundError, UnionError
from union.kernel.money import as_typed
from union.web.current import perform, reading
from union.web.render import page
from union.web.words.checkout import (
    ASIDE_REASONS,
    DISPUTE_REASONS,
    LINE_KINDS,
    PAYMENT_STATES,
    REFUND_STATES,
)

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

MOST_PAGES = 10_000


def add_to(blueprint: Blueprint) -> None:
    """Give the treasurer's pages their addresses."""
    blueprint.add_url_rule("/cards", "cards", cards)
    blueprint.add_url_rule("/holding", "holding", explain)
    blueprint.add_url_rule("/payment/<ref>", "payment", payment)
    blueprint.add_url_rule("/payment/<ref>/refund", "refund", refund, methods=["GET", "POST"])


def cards() -> ResponseReturnValue:
    """Every payment by card, and what waits."""
    work = reading()
    number = min(max(request.args.get("page", 0, type=int), 0), MOST_PAGES)
    shown, more = payments(work, number)
    return page(
        "checkout/cards.html",
        payments=shown,
        number=number,
        more=more,
        waiting=waiting(work),
        holding=holding(work.session),
        states=PAYMENT_STATES,
        reasons=DISPUTE_REASONS,
        kinds=LINE_KINDS,
        aside_reasons=ASIDE_REASONS,
        form=ButtonForm(),
        cards_on=provider_or_none() is not None,
    )


def explain() -> ResponseReturnValue:
    """What the card company holds for us, and why."""
    return page("checkout/holding.html", holding=holding(reading().session))


def payment(ref: str) -> ResponseReturnValue:
    """One payment and everything the statement says about it."""
    work = reading()
    view = _payment(work, ref)
    return page(
        "checkout/payment.html",
        one=view,
        lines=lines_of_charge(work.session, view.line),
        refunds=refunds_of(work, view.line),
        states=PAYMENT_STATES,
        kinds=LINE_KINDS,
        refund_states=REFUND_STATES,
    )


def refund(ref: str) -> ResponseReturnValue:
    """Give some of it back, to the card it came from."""
    view = _payment(reading(), ref)
    form = RefundForm(amount=as_typed(view.left_minor))
    if form.validate_on_submit():
        try:
            perform(form, "refund_card_payment", lambda work: _refund(work, ref, form))
        except UnionError as error:
            form.say(error)
            view = _payment(reading(), ref)
        else:
            flash(_("It is on its way back to her card."))
            return redirect(url_for("checkout.payment", ref=ref))
    return page("checkout/refund.html", one=view, form=form)


def _payment(work: Work, ref: str) -> PaymentView:
    view = payment_by_ref(work, ref)
    if view is None:
        raise NotFoundError
    return view


def _refund(work: Work, ref: str, form: RefundForm) -> dict[str, Any]:
    return {"refund": ask_refund(work, ref, form.amount.minor, str(form.reason.data)).ref}
