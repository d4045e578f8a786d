"""An officer's own passwords, telephone and sheet, changed by herself after a fresh proof.

No secret goes through a command's result; what is shown once answers the sending itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext as _
from flask_login import current_user

from union.identity.errors import SignInRefusedError, TooManyTriesError
from union.identity.forms.enrolment import (
    NoOtherPasswordForm,
    OtherPasswordForm,
    PasswordForm,
    SheetForm,
    TelephoneForm,
)
from union.identity.forms.signing import DoorForm
from union.identity.queries.accounts import own_account, own_sign_in_name
from union.identity.queries.codes import lines_left
from union.identity.rules.codes import otpauth
from union.identity.services.accounts import change_password, set_other_password
from union.identity.services.codes import (
    confirm_totp,
    make_recovery_codes,
    telephone_secret,
)
from union.identity.services.tries import Wait, spend
from union.identity.views.around import around_her
from union.identity.views.blueprint import blueprint
from union.identity.views.enrolment import NOBODY
from union.identity.views.known import bucket_of_proof
from union.kernel.errors import UnionError
from union.web.codes import code_picture
from union.web.current import acting, kit, reading
from union.web.look import shown_name
from union.web.render import page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue


@blueprint.get("/me/office-secrets")
def office_secrets() -> ResponseReturnValue:
    """Her password, her telephone and her sheet; never what they hold."""
    return _page()


@blueprint.post("/me/office-secrets/password")
def change_own_password() -> ResponseReturnValue:
    """Another password."""
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            _spend()
            with acting() as work:
                present, chosen = str(form.password.data), str(form.new_password.data)
                change_password(work, present, chosen, current_user.token, around_her(work))
        except UnionError as error:
            form.say(error)
        else:
            flash(_("Your password is another. Your opening words are what they were."))
            return redirect(url_for("identity.office_secrets"))
    return _page(form)


@blueprint.post("/me/office-secrets/other")
def other_password() -> ResponseReturnValue:
    """A password for when she is made to open her office."""
    form = OtherPasswordForm()
    return _other(form, lambda: str(form.new_password.data))


@blueprint.post("/me/office-secrets/no-other")
def no_other_password() -> ResponseReturnValue:
    """No other password any more."""
    return _other(NoOtherPasswordForm(), lambda: None)


@blueprint.route("/me/office-secrets/telephone", methods=["GET", "POST"])
def own_telephone() -> ResponseReturnValue:
    """Another telephone for her codes; the one before counts until the first code of the new."""
    form = TelephoneForm()
    if form.validate_on_submit():
        with acting() as work:
            done = confirm_totp(work, own_account(work), str(form.code.data))
        if done:
            flash(_("From now on your codes come from the new telephone."))
            return redirect(url_for("identity.office_secrets"))
        form.say(SignInRefusedError())
    with acting() as work:
        account = own_account(work)
        secret = telephone_secret(work, account)
    picture = code_picture(otpauth(secret, NOBODY, shown_name()))
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return page("identity/own_telephone.html", form=form, picture=picture, letters=groups)


@blueprint.post("/me/office-secrets/sheet")
def own_sheet() -> ResponseReturnValue:
    """A new recovery sheet, shown once; the lines of the one before open nothing."""
    if not SheetForm().validate_on_submit():
        return redirect(url_for("identity.office_secrets"))
    with acting() as work:
        sheet = make_recovery_codes(work, own_account(work))
    return page("identity/own_sheet.html", sheet=sheet)


def _other(
    form: OtherPasswordForm | NoOtherPasswordForm, chosen: Callable[[], str | None]
) -> ResponseReturnValue:
    """A try is spent here too: that it is refused for being the other one tells which that is."""
    if form.validate_on_submit():
        try:
            _spend()
            with acting() as work:
                set_other_password(work, chosen(), current_user.token, around_her(work))
        except UnionError as error:
            form.say(error)
        else:
            flash(_("Written down."))
            return redirect(url_for("identity.office_secrets"))
    return _page(form)


def _spend() -> None:
    if isinstance(spend(kit().unit, bucket_of_proof(own_sign_in_name(reading()))), Wait):
        raise TooManyTriesError


def _page(refused: DoorForm | None = None) -> str:
    """Every form anew, under ids of its own; the refused one says what is wrong."""
    forms: dict[str, DoorForm] = {
        "password": PasswordForm(formdata=None),
        "other": OtherPasswordForm(formdata=None),
        "no_other": NoOtherPasswordForm(formdata=None),
    }
    for name, form in forms.items():
        if refused is not None and type(form) is type(refused):
            forms[name] = refused
        for field in forms[name]:
            field.id = f"{name}-{field.id}"
            field.label.field_id = field.id
    return page(
        "identity/office_secrets.html",
        forms=forms,
        sheet=SheetForm(formdata=None),
        left=lines_left(reading()),
    )
