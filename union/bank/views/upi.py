"""Paying by UPI: a member's own code to scan, and the address it leads to, held by two hands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, request, url_for
from flask_babel import gettext

from union.bank.forms import AddressForm, KeyForm
from union.bank.queries.upi import address_in_use, addresses_waiting, confirmable
from union.bank.rules.upi import payment_link
from union.bank.services import confirm_address, pay_code_of, set_address
from union.bank.views.blueprint import blueprint
from union.dues.queries.accounts import account_of
from union.kernel.errors import NotFoundError
from union.members.queries import kept_entry, member_by_ref, member_views
from union.web.codes import code_picture
from union.web.current import acting, current_actor, reading
from union.web.forms import sent
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work

_OPEN_AMOUNT = "open"


@blueprint.get("/pay")
def my_code() -> ResponseReturnValue:
    """A member's own code, to scan or to print."""
    person_id = current_actor().person_id
    member = None if person_id is None else kept_entry(reading().session, person_id)
    return _code(None if member is None else member.person_id, own=True)


@blueprint.get("/pay/<ref>")
def code(ref: str) -> ResponseReturnValue:
    """A member's code, printed for her by the office."""
    named = member_by_ref(reading().session, ref)
    member = None if named is None else kept_entry(reading().session, named.person_id)
    if member is None:
        raise NotFoundError
    return _code(member.person_id, own=False)


@blueprint.get("/address")
def upi() -> ResponseReturnValue:
    """Where members pay to now, and what waits to be confirmed."""
    return _address(AddressForm(formdata=None))


@blueprint.post("/address")
def set_upi() -> ResponseReturnValue:
    """Write a new address."""
    form = AddressForm()
    if sent(form, "set_address", lambda work: _set(work, form)) is None:
        return _address(form)
    flash(gettext("Written. Now somebody else must confirm it."))
    return redirect(url_for("bank.upi"))


@blueprint.post("/address/<ref>/confirm")
def confirm_upi(ref: str) -> ResponseReturnValue:
    """A second person's yes."""
    form = KeyForm()
    done = sent(form, f"confirm_upi:{ref}", lambda work: {"ref": confirm_address(work, ref).ref})
    if done is None:
        return _address(AddressForm(formdata=None), form)
    flash(gettext("Confirmed. From now on members pay there."))
    return redirect(url_for("bank.upi"))


def _set(work: Work, form: AddressForm) -> dict[str, Any]:
    return {"ref": set_address(work, str(form.address.data), str(form.payee_name.data)).ref}


def _address(form: AddressForm, said: KeyForm | None = None) -> ResponseReturnValue:
    work = reading()
    return page(
        "bank/upi.html",
        form=form,
        said=said,
        used=address_in_use(work.session),
        new=addresses_waiting(work.session),
        confirm_form=KeyForm(formdata=None),
        may_confirm=confirmable(work),
    )


def _code(person_id: int | None, *, own: bool) -> ResponseReturnValue:
    work = reading()
    address = address_in_use(work.session)
    if person_id is None or address is None:
        return page("bank/no_code.html", own=own)
    owed = account_of(work.session, person_id).owed_minor
    amount = 0 if request.args.get("amount") == _OPEN_AMOUNT else owed
    with acting() as writing:
        held = pay_code_of(writing, person_id)
    link = payment_link(address.address, address.payee_name, held, amount)
    return page(
        "bank/code.html",
        own=own,
        member=member_views(work, [person_id]).get(person_id),
        address=address,
        code=held,
        amount=amount,
        owed=owed,
        link=link,
        picture=code_picture(link),
    )
