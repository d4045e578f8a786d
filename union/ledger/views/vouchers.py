"""Pages where money is let go: vouchers waiting, one voucher, signing, paying, taking back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext

from union.ledger import queries, services
from union.ledger.forms import ApproveForm, MistakeForm, PayForm, WithdrawForm
from union.ledger.policy import may_read_beside
from union.ledger.queries.clearing import gives_up_on
from union.ledger.queries.papers import papers_of
from union.ledger.views.pages import blueprint
from union.ledger.views.shared import names_of
from union.web.current import reading
from union.web.forms import CommandForm, YesOrNoForm, sent
from union.web.render import page
from union.web.words.ledger import (
    FLOAT_REASONS,
    REASONS,
    SENTENCES,
    STATES,
    account_words,
    fund_words,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date

    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.get("/vouchers")
def vouchers() -> ResponseReturnValue:
    """What waits for the reader, what waits for others, what is settled."""
    live = queries.live_vouchers(reading())
    settled = queries.settled_vouchers(reading())
    return page(
        "ledger/vouchers.html",
        mine=[view for view in live if view.waits_for_her],
        others=[view for view in live if not view.waits_for_her],
        settled=settled,
        names=names_of({view.voucher.payee_person_id for view in (*live, *settled)}),
        states=STATES,
        account_words=account_words,
    )


@blueprint.get("/vouchers/<ref>")
def voucher(ref: str) -> ResponseReturnValue:
    """One voucher, with the acts open to the reader."""
    return _show(ref)


@blueprint.post("/vouchers/<ref>/approve")
def approve(ref: str) -> ResponseReturnValue:
    """Sign what was shown."""
    form = ApproveForm()
    return _do(
        ref,
        form,
        lambda work: services.approve_voucher(work, ref, bytes.fromhex(str(form.seen.data))),
        gettext("You have signed."),
    )


@blueprint.post("/vouchers/<ref>/pay")
def pay(ref: str) -> ResponseReturnValue:
    """Write down that the money was handed over."""
    form = PayForm()
    return _do(
        ref,
        form,
        lambda work: services.pay_voucher(work, ref, form.paid_on.data),
        gettext("It is in the books as paid."),
    )


@blueprint.post("/vouchers/<ref>/withdraw")
def withdraw(ref: str) -> ResponseReturnValue:
    """Take it back unpaid."""
    return _do(
        ref,
        WithdrawForm(),
        lambda work: services.withdraw_voucher(work, ref),
        gettext("The voucher was taken back. Nothing was paid."),
    )


@blueprint.post("/vouchers/<ref>/mistake")
def say_mistake(ref: str) -> ResponseReturnValue:
    """Say that its payment was booked by mistake; a second person takes it back."""
    form = MistakeForm()
    return _do(
        ref,
        form,
        lambda work: services.say_mistake(work, ref, str(form.words.data)),
        gettext("Written down. It is taken back once a second person agrees."),
    )


@blueprint.post("/vouchers/<ref>/mistake/<mistake>")
def answer_mistake(ref: str, mistake: str) -> ResponseReturnValue:
    """A second person's word on a payment that may be a mistake."""
    form = YesOrNoForm()
    return _do(
        ref,
        form,
        lambda work: services.answer_mistake(work, mistake, agreed=form.agreed),
        gettext("The payment is out of the books. The voucher may be paid again, or let go.")
        if form.agreed
        else gettext("The payment stays in the books."),
    )


def _do(
    ref: str, form: CommandForm, do: Callable[[Work], object], done: str
) -> ResponseReturnValue:
    def once(work: Work) -> Mapping[str, str]:
        do(work)
        return {"ref": ref}

    if sent(form, f"{type(form).__name__} {ref}", once) is None:
        return _show(ref, form)
    flash(done)
    return redirect(url_for("ledger.voucher", ref=ref))


def _show(ref: str, said: CommandForm | None = None) -> ResponseReturnValue:
    work = reading()
    view = queries.voucher_view(work, ref)
    mistake = view.mistake
    people = {view.voucher.payee_person_id, *(one.person_id for one in view.approvals)}
    people |= {mistake.said_by} if mistake else set()
    given_up_on = gives_up_on(work.session, view.voucher, work.clock.today())
    may_read = may_read_beside(work.actor, view.voucher.spend_account_code)
    return page(
        "ledger/voucher.html",
        view=view,
        said=said,
        approve_form=ApproveForm(formdata=None, seen=view.voucher.content_hash.hex()),
        pay_form=_pay_form(said, given_up_on),
        given_up_on=given_up_on,
        withdraw_form=WithdrawForm(formdata=None),
        mistake_form=said if isinstance(said, MistakeForm) else MistakeForm(formdata=None),
        yes_form=YesOrNoForm(formdata=None, answer="yes"),
        no_form=YesOrNoForm(formdata=None, answer="no"),
        mistake_words=queries.mistake_words(work, view.voucher, mistake) if mistake else None,
        words=_said(queries.voucher_words(work, view.voucher)),
        papers=papers_of(work, "voucher", view.voucher.id) if may_read else (),
        may_read=may_read,
        reasons=REASONS,
        names=names_of(people),
        sentences=SENTENCES,
        account_words=account_words,
        fund_words=fund_words,
    )


def _said(words: str | None) -> str | None:
    """Free words as they are; of a float, what was chosen from the short list."""
    return str(FLOAT_REASONS.get(words, words)) if words else None


def _pay_form(said: CommandForm | None, given_up_on: date | None) -> PayForm:
    today = reading().clock.today()
    refused = said if isinstance(said, PayForm) else None
    form = refused or PayForm(formdata=None, paid_on=given_up_on or today)
    if given_up_on:
        form.paid_on.label.text = gettext("The day it is given up")
    return form
