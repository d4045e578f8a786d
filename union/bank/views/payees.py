"""Where people's money goes: written by one, confirmed by another, neither of them the payee."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, url_for
from flask_babel import gettext

from union.bank.forms import KeyForm, PayeeForm, WhyForm
from union.bank.queries.payees import payee_of, payees_refused, payees_waiting
from union.bank.services import NewPayee, confirm_payee, refuse_payee, set_payee
from union.bank.views.blueprint import blueprint
from union.ledger.queries import voucher_view
from union.web.current import kit, reading
from union.web.forms import sent
from union.web.render import page

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    refused = next(iter(payees_refused(work, person_id)), None) if held is None else None
    begun = held or refused
    form = PayeeForm(obj=begun.details) if begun else PayeeForm()
    if sent(form, f"set_payee:{voucher}", lambda work: _set(work, person_id, form)) is not None:
        flash(gettext("Written. Now somebody else must confirm it."))
        return redirect(url_for("bank.batches"))
    asked = {person_id, (refused.payee.refused_by or 0) if refused else 0} - {0}
    names = kit().name_people(work, asked)
    name = names.get(person_id, "")
    return page("bank/payee.html", form=form, held=held, name=name, refused=refused, names=names)


@blueprint.post("/payees/<ref>/confirm", endpoint="confirm_payee")
def confirm_payee_page(ref: str) -> ResponseReturnValue:
    """A second person's yes."""
    form = KeyForm()
    done = sent(form, f"confirm_payee:{ref}", lambda work: {"ref": confirm_payee(work, ref).ref})
    if done is None:
        return _waiting(form)
    flash(gettext("Confirmed."))
    return redirect(url_for("bank.payees"))


@blueprint.post("/payees/<ref>/refuse", endpoint="refuse_payee")
def refuse_payee_page(ref: str) -> ResponseReturnValue:
    """A second person's no, with her reason."""
    form = WhyForm()
    why = str(form.why.data or "")
    done = sent(form, f"refuse_payee:{ref}", lambda work: {"ref": refuse_payee(work, ref, why).ref})
    if done is None:
        return _waiting(form, {ref: why})
    flash(gettext("Written down. Nothing goes there, and whoever wrote it reads why."))
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


def _waiting(
    said: KeyForm | WhyForm, typed: Mapping[str, str] | None = None
) -> ResponseReturnValue:
    work = reading()
    found, refused = payees_waiting(work), payees_refused(work)
    people = {one.payee.person_id for one in found}
    people |= {one.payee.person_id for one in refused}
    people |= {one.payee.refused_by or 0 for one in refused} - {0}
    return page(
        "bank/payees.html",
        found=found,
        refused=refused,
        names=kit().name_people(work, people),
        said=said,
        typed=typed or {},
        form=KeyForm(formdata=None),
    )
