"""Her own payments by card: once, every month, what became of it, and ending it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import structlog
from flask import Blueprint, Response, flash, make_response, redirect, request, url_for
from flask_babel import gettext

from union.checkout.forms import ButtonForm, PayForm
from union.checkout.models import CardCheckout
from union.checkout.queries.hers import her_cards, on_their_way, receipt_of
from union.checkout.queries.office import her_payments
from union.checkout.rules.ahead import asked_for, offered
from union.checkout.rules.standing import OVER
from union.checkout.services import (
    ask_end,
    ask_instruction,
    ask_payment,
    ask_rest,
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
from union.gateways.payments import PaymentsRefusedError, PaymentsUnreachableError
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.kernel.money import as_typed
from union.members.queries import all_entries_of, fee_on
from union.web.current import kit, perform, reading
from union.web.headers import HEADERS
from union.web.look import shown_name
from union.web.render import page
from union.web.words import in_words
from union.web.words.checkout import HER_PAYMENT_STATES

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

FORM_ACTION = "form-action 'self'"
MOST_PAGES = 1_000

notes = structlog.get_logger()


def add_to(blueprint: Blueprint) -> None:
    """Give her pages their addresses."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/pay", "pay", pay, methods=both)
    blueprint.add_url_rule("/monthly", "monthly", monthly, methods=both)
    blueprint.add_url_rule("/mine", "mine", mine)
    blueprint.add_url_rule("/back/<ref>", "back", back)
    blueprint.add_url_rule("/stop/<ref>", "stop", stop, methods=["POST"])
    blueprint.add_url_rule("/rest/<ref>", "rest", rest, methods=["POST"])
    blueprint.add_url_rule("/go-on/<ref>", "go_on", go_on, methods=["POST"])


def pay() -> ResponseReturnValue:
    """Pay once."""
    work = reading()
    person_id = herself(work).person_id
    account = account_of(work.session, person_id)
    fee_minor = fee_on(work.session, person_id, work.clock.today()) or 0
    offers = offered(account.owed_minor, fee_minor)
    wanted = asked_for(account.owed_minor, offers, request.args.get("months", type=int))
    form = PayForm(amount=as_typed(wanted))
    if form.validate_on_submit():
        led = _lead(form, "pay_by_card", monthly=False)
        if led is not None:
            return led
    under_way = on_their_way(reading().session, person_id)
    return _asking(
        "checkout/pay.html", form=form, account=account, offers=offers, under_way=under_way
    )


def monthly() -> ResponseReturnValue:
    """Pay every month."""
    work = reading()
    person_id = herself(work).person_id
    fee_minor = fee_on(work.session, person_id, work.clock.today()) or 0
    form = PayForm(amount=as_typed(fee_minor))
    if form.validate_on_submit():
        led = _lead(form, "pay_by_card_monthly", monthly=True)
        if led is not None:
            return led
    session = reading().session
    cards = her_cards(session, person_id)
    return _asking(
        "checkout/monthly.html",
        form=form,
        cards=cards,
        by_her=cards.rested_by(all_entries_of(work.session, person_id)),
        stop_form=ButtonForm(formdata=None),
        fee_minor=fee_minor,
    )


def back(ref: str) -> ResponseReturnValue:
    """Where she comes back to: what became of it."""
    checkout, away = _asked_anew(ref)
    return page(
        "checkout/back.html",
        checkout=checkout,
        away=away,
        receipt=receipt_of(reading().session, checkout),
        monthly=checkout.instruction_id is not None,
    )


def mine() -> ResponseReturnValue:
    """Every payment of hers by card, each with its receipt."""
    work = reading()
    number = min(max(request.args.get("page", 0, type=int), 0), MOST_PAGES)
    person_id = herself(work).person_id
    shown, more = her_payments(work, person_id, number)
    return page(
        "checkout/mine.html",
        payments=shown,
        under_way=() if number else on_their_way(work.session, person_id),
        number=number,
        more=more,
        states=HER_PAYMENT_STATES,
    )


def stop(ref: str) -> ResponseReturnValue:
    """End her standing instruction, at once."""
    form = ButtonForm()
    her_instruction(reading(), ref)
    if form.validate_on_submit():
        perform(form, "end_card_instruction", lambda work: _end(work, ref))
        flash(gettext("Nothing more is taken from your card."))
    return redirect(url_for("checkout.monthly"))


def rest(ref: str) -> ResponseReturnValue:
    """Let it rest: nothing is taken until she lets it go on."""
    return _rest(ref, gettext("It rests. Nothing is taken until you let it go on."), rests=True)


def go_on(ref: str) -> ResponseReturnValue:
    """Let it go on; the months it rested over are not taken."""
    return _rest(ref, gettext("It goes on with the next month."), rests=False)


def _rest(ref: str, said: str, *, rests: bool) -> ResponseReturnValue:
    form = ButtonForm()
    her_instruction(reading(), ref)
    name = "rest_card_instruction" if rests else "go_on_card_instruction"
    try:
        if form.validate_on_submit():
            perform(form, name, lambda work: {"ref": ask_rest(work, ref, rests=rests).ref})
            flash(said)
    except UnionError as error:
        flash(str(in_words(error)), "trouble")
    return redirect(url_for("checkout.monthly"))


def _asked_anew(ref: str) -> tuple[CardCheckout, bool]:
    """Her visit as it is now, and whether the provider, asked while it is open, did not answer."""
    work = reading()
    checkout, held = her_checkout(work, ref), provider_or_none()
    known = checkout.state in OVER and (
        checkout.state != "done" or receipt_of(work.session, checkout) is not None
    )
    if held is None or known or checkout.provider_id is None:
        return checkout, False
    try:
        catch_up(kit().unit, held, checkout.provider_id)
    except (PaymentsUnreachableError, PaymentsRefusedError) as error:
        notes.warning("card_not_asked_anew", code=error.code)
        return her_checkout(reading(), ref), True
    return her_checkout(reading(), ref), False


def _lead(form: PayForm, name: str, *, monthly: bool) -> ResponseReturnValue | None:
    """To the provider's page; None, with the reason said, if it cannot be."""
    try:
        made = perform(form, name, lambda work: _ask(work, form.amount.minor, monthly=monthly))
        checkout = her_checkout(reading(), made["ref"])
        back_url = kit().settings.public_url + url_for("checkout.back", ref=checkout.ref)
        where = lead_to_page(kit().unit, provider(), checkout, back_url, shown_name())
        return redirect(where, 303)
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


def _asking(template: str, **context: object) -> Response:
    """A page whose form may lead to the provider's, and to no other place outside."""
    held = provider_or_none()
    answer = make_response(page(template, cards_on=held is not None, **context))
    if held is not None:
        allowed = " ".join([FORM_ACTION, *held.page_origins])
        policy = HEADERS["Content-Security-Policy"].replace(FORM_ACTION, allowed)
        answer.headers["Content-Security-Policy"] = policy
    return answer
