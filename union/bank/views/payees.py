"""Where people's money goes: written by one, confirmed by another, neither of them the payee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, url_for
from flask_babel import gettext

from union.bank.forms import KeyForm, PayeeForm
from union.bank.queries.payees import payee_of, payees_waiting
from union.bank.services import NewPayee, confirm_payee, set_payee
from union.bank.views.blueprint import blueprint
from union.ledger.queries import voucher_view
from union.web.current import kit, reading
from union.web.forms import sent
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.get("/payees")
def payees() -> ResponseReturnValue:
    """Details that wait for a second person."""
    return _waiting(KeyForm(formdata=None))


@blueprint.route("/payees/of/<voucher>", methods=["GET", "POST"])
def payee(voucher: str) -> ResponseReturnValue:
    """Where the money of a voucher's payee goes."""
    work = reading()
    person_id = voucher_view(work, voucher).voucher.payee_person_id
    held = payee_of(work, person_id)
    form = PayeeForm(obj=held.details) if held else PayeeForm()
    if sent(form, f"set_payee:{voucher}", lambda work: _set(work, person_id, form)) is not None:
        flash(gettext("Written. Now somebody else must confirm it."))
        return redirect(url_for("bank.batches"))
    name = kit().name_people(work, {person_id}).get(person_id, "")
    return page("bank/payee.html", form=form, held=held, name=name)


@blueprint.post("/payees/<ref>/confirm", endpoint="confirm_payee")
def confirm_payee_page(ref: str) -> ResponseReturnValue:
    """A second person's yes."""
    form = KeyForm()
    done = sent(form, f"confirm_payee:{ref}", lambda work: {"ref": confirm_payee(work, ref).ref})
    if done is None:
        return _waiting(form)
    flash(gettext("Confirmed."))
    return redirect(url_for("bank.payees"))


def _set(work: Work, person_id: int, form: PayeeForm) -> dict[str, Any]:
    new = NewPayee(
        person_id,
        name=str(form.name.data),
        number=str(form.number.data or ""),
        ifsc=str(form.ifsc.data or ""),
        address=str(form.address.data or ""),
    )
    return {"ref": set_payee(work, new).ref}


def _waiting(said: KeyForm) -> ResponseReturnValue:
    work = reading()
    found = payees_waiting(work)
    names = kit().name_people(work, {one.payee.person_id for one in found})
    return page(
        "bank/payees.html",
        found=found,
        names=names,
        said=said,
        form=KeyForm(formdata=None),
    )
