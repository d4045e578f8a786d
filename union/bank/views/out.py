"""Payments out: approved vouchers into one file, the file to the bank, each paid by its line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Response, flash, redirect, url_for
from flask_babel import gettext

from union.bank.forms import BatchForm, EndForm, KeyForm
from union.bank.queries.out import (
    BatchView,
    PayableVoucher,
    batch_view,
    batch_views,
    payable_vouchers,
)
from union.bank.queries.tables import bank_account
from union.bank.services import fail_item, make_batch, mark_sent, take_out_item
from union.bank.services.paying import file_of
from union.bank.views.blueprint import blueprint
from union.infra import audit
from union.kernel.errors import UnionError
from union.kernel.money import format_amount
from union.web.current import acting, kit, perform, reading
from union.web.forms import named_choices
from union.web.render import page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


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
    form = KeyForm()
    if form.validate_on_submit():
        perform(form, f"mark_sent:{ref}", lambda work: {"ref": mark_sent(work, ref).ref})
        flash(gettext("Written down. Each payment is booked when the bank’s line shows it."))
    return redirect(url_for("bank.batch", ref=ref))


@blueprint.post("/files-out/<ref>/payments/<item>/ended")
def end_item(ref: str, item: str) -> ResponseReturnValue:
    """Take a payment out before it goes, or write down that the bank refused it."""
    form = EndForm()
    if not form.validate_on_submit():
        return redirect(url_for("bank.batch", ref=ref))
    end = take_out_item if form.how.data == "taken_out" else fail_item
    try:
        perform(form, f"end_item:{item}", lambda work: {"ref": end(work, item).ref})
    except UnionError as error:
        form.say(error)
        return _show(ref, form)
    return redirect(url_for("bank.batch", ref=ref))


def _payable(work: Work) -> Sequence[PayableVoucher]:
    return payable_vouchers(work.session, bank_account(work.session))


def _list(form: BatchForm) -> ResponseReturnValue:
    work = reading()
    payable = _payable(work)
    names = kit().name_people(work, {one.voucher.payee_person_id for one in payable})
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
        made=batch_views(work.session, bank_account(work.session)),
    )


def _show(ref: str, said: Any) -> ResponseReturnValue:  # noqa: ANN401  any form with its words
    work = reading()
    view: BatchView = batch_view(work.session, ref)
    names = kit().name_people(work, {one.voucher.payee_person_id for one in view.items})
    return page(
        "bank/batch.html",
        view=view,
        names=names,
        said=said,
        form=KeyForm(formdata=None),
        fail_form=EndForm(formdata=None, how="failed"),
        out_form=EndForm(formdata=None, how="taken_out"),
    )


def _label(one: PayableVoucher, names: Mapping[int, str]) -> str:
    amount = format_amount(one.voucher.amount_minor)
    return f"{amount}, {names.get(one.voucher.payee_person_id, '—')}"
