"""Payments out: approved vouchers into one file, the file to the bank, each paid by its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, flash, redirect, url_for
from flask_babel import gettext

from union.bank.forms import BatchForm, KeyForm
from union.bank.queries.out import (
    BatchView,
    PayableVoucher,
    batch_view,
    batch_views,
    payable_vouchers,
    refusals_waiting,
    unfit_items,
)
from union.bank.queries.tables import bank_account
from union.bank.services import (
    answer_refusal,
    make_batch,
    mark_sent,
    say_refused,
    take_out_item,
)
from union.bank.services.paying import file_of
from union.bank.views.blueprint import blueprint
from union.infra import audit
from union.infra.people import whose
from union.kernel.errors import UnionError
from union.kernel.money import format_amount
from union.web.current import acting, kit, perform, reading
from union.web.forms import YesOrNoForm, named_choices, sent
from union.web.render import page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from union.infra.work import Work
    from union.web.forms import CommandForm


@blueprint.get("/files-out")
def batches() -> ResponseReturnValue:
    """What may be paid, and the files that were made."""
    return _list(BatchForm(formdata=None))


@blueprint.post("/files-out")
def make() -> ResponseReturnValue:
    """Put the chosen vouchers into one file."""
    form = BatchForm()
    # Whatever was sent may be chosen: the service knows what can be paid, and a second click
    # of the same is answered with the file it made.
    form.vouchers.choices = named_choices([(ref, "") for ref in form.vouchers.data or ()])
    if not form.validate_on_submit():
        return _list(form)
    chosen = list(form.vouchers.data or ())
    try:
        made = perform(form, "make_batch", lambda work: {"ref": make_batch(work, chosen).ref})
    except UnionError as error:
        form.say(error)
        return _list(form)
    return redirect(url_for("bank.batch", ref=made["ref"]))


@blueprint.get("/files-out/<ref>")
def batch(ref: str) -> ResponseReturnValue:
    """One file, each payment as it stands."""
    return _show(ref, KeyForm(formdata=None))


@blueprint.get("/files-out/<ref>/list.csv")
def batch_file(ref: str) -> ResponseReturnValue:
    """The file itself; whoever fetches it is written down, for it holds where money goes."""
    view = batch_view(reading().session, ref)
    with acting() as work:
        audit.log(work, "payment_file_fetched", object_type="bank_batch", object_id=view.batch.id)
        content = file_of(work, view)
    name = f'attachment; filename="{view.batch.code}.csv"'
    return Response(content, mimetype="text/csv", headers={"Content-Disposition": name})


@blueprint.post("/files-out/<ref>/sent")
def send(ref: str) -> ResponseReturnValue:
    """Write down that the bank has it."""
    return _do(
        ref,
        KeyForm(),
        f"mark_sent:{ref}",
        lambda work: mark_sent(work, ref),
        gettext("Written down. Each payment is booked when the bank’s line shows it."),
    )


@blueprint.post("/files-out/<ref>/payments/<item>/take-out")
def take_out(ref: str, item: str) -> ResponseReturnValue:
    """Take a payment out before the file goes."""
    return _do(
        ref,
        KeyForm(),
        f"take_out:{item}",
        lambda work: take_out_item(work, item),
        gettext("It is out of this file and may go into another."),
    )


@blueprint.post("/files-out/<ref>/payments/<item>/refused")
def refused(ref: str, item: str) -> ResponseReturnValue:
    """Say that the bank refused a payment."""
    return _do(
        ref,
        KeyForm(),
        f"say_refused:{item}",
        lambda work: say_refused(work, item),
        gettext("Written down. Until a second person confirms it, nothing is paid again."),
    )


@blueprint.post("/files-out/<ref>/refused/<refusal>")
def answer_refused(ref: str, refusal: str) -> ResponseReturnValue:
    """A second person's word on it."""
    form = YesOrNoForm()
    return _do(
        ref,
        form,
        f"answer_refusal:{refusal}",
        lambda work: answer_refusal(work, refusal, agreed=form.agreed),
        gettext("Confirmed. It may go into another file, or be taken back.")
        if form.agreed
        else gettext("Written down: the bank did not refuse it. It is still on its way."),
    )


def _do(
    ref: str, form: CommandForm, name: str, do: Callable[[Work], object], done: str
) -> ResponseReturnValue:
    def once(work: Work) -> Mapping[str, Any]:
        do(work)
        return {"ref": ref}

    if sent(form, name, once) is None:
        return _show(ref, form)
    flash(done)
    return redirect(url_for("bank.batch", ref=ref))


def _payable(work: Work) -> Sequence[PayableVoucher]:
    return payable_vouchers(work.session, bank_account(work.session))


def _list(form: BatchForm) -> ResponseReturnValue:
    work = reading()
    payable = _payable(work)
    asked = refusals_waiting(work.session)
    people = {one.voucher.payee_person_id for one in payable}
    names = kit().name_people(work, people | {one.payee_person_id for _, _, one in asked})
    ready = [one for one in payable if one.ready]
    form.vouchers.choices = named_choices([(one.voucher.ref, _label(one, names)) for one in ready])
    if not form.is_submitted():
        form.vouchers.data = [one.voucher.ref for one in ready]
    return page(
        "bank/batches.html",
        form=form,
        ready=ready,
        unready=[one for one in payable if not one.ready],
        names=names,
        asked=asked,
        made=batch_views(work.session, bank_account(work.session)),
    )


def _show(ref: str, said: CommandForm) -> ResponseReturnValue:
    work = reading()
    view: BatchView = batch_view(work.session, ref)
    said_by = {one.refusal.said_by for one in view.items if one.refusal is not None}
    payees = {one.voucher.payee_person_id for one in view.items}
    unsent = [view.batch.id] if view.batch.sent_at is None else []
    return page(
        "bank/batch.html",
        view=view,
        names=kit().name_people(work, payees | said_by),
        people=whose(work.session, {work.actor.person_id, *payees, *said_by}),
        unfit=unfit_items(work.session, unsent),
        said=said,
        form=KeyForm(formdata=None),
        yes_form=YesOrNoForm(formdata=None, answer="yes"),
        no_form=YesOrNoForm(formdata=None, answer="no"),
    )


def _label(one: PayableVoucher, names: Mapping[int, str]) -> str:
    amount = format_amount(one.voucher.amount_minor)
    return f"{amount}, {names.get(one.voucher.payee_person_id, '—')}"
