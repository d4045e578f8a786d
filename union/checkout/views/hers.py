"""Her own payments by card: once, every month, what became of it, and ending it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, flash, make_response, redirect, url_for
from flask_babel import gettext as _

from union.checkout.forms import ButtonForm, PayForm
from union.checkout.models import CardCheckout
from union.checkout.queries.hers import her_cards, receipt_of
from union.checkout.rules.standing import OVER
from union.checkout.services import (
    ask_end,
    ask_instruction,
    ask_payment,
    catch_up,
    lead_to_page,
)
from union.checkout.views.shared import (
    her_checkout,
    her_instruction,
    herself,
    provider,
    provider_or_none,
)
from union.dues.queries.accounts import account_of
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.kernel.money import as_typed
from union.members.queries import fee_on
from union.web.current import kit, perform, reading
from union.web.guard import HEADERS
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

FORM_ACTION = "form-action 'self'"


def add_to(blueprint: Blueprint) -> None:
    """Give her pages their addresses."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/pay", "pay", pay, methods=both)
    blueprint.add_url_rule("/monthly", "monthly", monthly, methods=both)
    blueprint.add_url_rule("/back/<ref>", "back", back)
    blueprint.add_url_rule("/stop/<ref>", "stop", stop, methods=["POST"])


def pay() -> ResponseReturnValue:
    """Pay once."""
    work = reading()
    member = herself(work)
    account = account_of(work.session, member.person_id)
    due = account.owed_minor or (fee_on(work.session, member.person_id, work.clock.today()) or 0)
    form = PayForm(amount=as_typed(due))
    if form.validate_on_submit():
        led = _lead(form, "pay_by_card", monthly=False)
        if led is not None:
            return led
    return _asking("checkout/pay.html", form=form, account=account)


def monthly() -> ResponseReturnValue:
    """Pay every month."""
    work = reading()
    member = herself(work)
    fee_minor = fee_on(work.session, member.person_id, work.clock.today()) or 0
    form = PayForm(amount=as_typed(fee_minor))
    if form.validate_on_submit():
        led = _lead(form, "pay_by_card_monthly", monthly=True)
        if led is not None:
            return led
    cards = her_cards(work.session, member.person_id)
    return _asking(
        "checkout/monthly.html",
        form=form,
        cards=cards,
        stop_form=ButtonForm(),
        fee_minor=fee_minor,
    )


def back(ref: str) -> ResponseReturnValue:
    """Where she comes back to: what became of it."""
    checkout = _asked_anew(ref)
    return page(
        "checkout/back.html",
        checkout=checkout,
        receipt=receipt_of(reading().session, checkout),
        monthly=checkout.instruction_id is not None,
    )


def stop(ref: str) -> ResponseReturnValue:
    """End her standing instruction, at once."""
    form = ButtonForm()
    her_instruction(reading(), ref)
    if form.validate_on_submit():
        perform(form, "end_card_instruction", lambda work: _end(work, ref))
        flash(_("Nothing more is taken from your card."))
    return redirect(url_for("checkout.monthly"))


def _asked_anew(ref: str) -> CardCheckout:
    """Her visit as it is now: while it is open the provider is asked, if it answers."""
    work = reading()
    checkout, held = her_checkout(work, ref), provider_or_none()
    known = checkout.state in OVER and (
        checkout.state != "done" or receipt_of(work.session, checkout) is not None
    )
    if held is None or known or checkout.provider_id is None:
        return checkout
    with contextlib.suppress(UnionError):
        catch_up(kit().unit, held, checkout.provider_id)
    return her_checkout(reading(), ref)


def _lead(form: PayForm, name: str, *, monthly: bool) -> ResponseReturnValue | None:
    """To the provider's page; None, with the reason said, if it cannot be."""
    try:
        made = perform(form, name, lambda work: _ask(work, form.amount.minor, monthly=monthly))
        checkout = her_checkout(reading(), made["ref"])
        back_url = kit().settings.public_url + url_for("checkout.back", ref=checkout.ref)
        return redirect(lead_to_page(kit().unit, provider(), checkout, back_url), 303)
    except UnionError as error:
        form.say(error)
    return None


def _ask(work: Work, amount_minor: int, *, monthly: bool) -> dict[str, Any]:
    person_id = herself(work).person_id
    ask = ask_instruction if monthly else ask_payment
    return {"ref": ask(work, provider().name, person_id, amount_minor).ref}


def _end(work: Work, ref: str) -> dict[str, Any]:
    ask_end(work, ref, "by_her")
    return {}


def _asking(template: str, **context: Any) -> Response:  # noqa: ANN401  whatever the template names
    """A page whose form may lead to the provider's, and to no other place outside."""
    held = provider_or_none()
    answer = make_response(page(template, cards_on=held is not None, **context))
    if held is not None:
        allowed = " ".join([FORM_ACTION, *held.page_origins])
        policy = HEADERS["Content-Security-Policy"].replace(FORM_ACTION, allowed)
        answer.headers["Content-Security-Policy"] = policy
    return answer
