"""Her own secrets, set by herself with a slip of paper; and another who has seen that it is she.

Nothing shown here goes through a command's result, and what is shown once answers the sending
itself: there is no address to open it from again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, session, url_for
from flask_babel import gettext as _

from union.identity.errors import SignInRefusedError, SlipSpentError, TooManyTriesError
from union.identity.forms.enrolment import (
    OpeningWordsForm,
    OtherWordsForm,
    SecretsForm,
    SeenForm,
    SlipForm,
)
from union.identity.rules import read_sign_in_name
from union.identity.rules.codes import otpauth
from union.identity.rules.tries import STRANGER
from union.identity.services.enrolment import (
    Chosen,
    confirm_account,
    set_secrets,
    take_slip,
    whose_slip,
    write_unseen,
)
from union.identity.services.opening import (
    change_opening_words,
    choose_opening_words,
    has_opening_words,
)
from union.identity.services.tries import Wait, bucket_of, pass_try, spend
from union.identity.views.around import around_her
from union.identity.views.blueprint import blueprint
from union.kernel.errors import UnionError
from union.web.codes import code_picture
from union.web.current import acting, current_actor, kit, reading
from union.web.limits import SIGN_IN_TRIES, limiter
from union.web.look import shown_name
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from wtforms import Field

SLIP = "slip"
"""Under this name the slip lies in her own browser's cookie until it is used."""

NOBODY = "1"
"""What a telephone shows as whose code it is: nothing that names her."""


@blueprint.route("/begin", methods=["GET", "POST"])
@limiter.limit(SIGN_IN_TRIES, methods=["POST"])
def begin() -> ResponseReturnValue:
    """Ask for the letters of her slip."""
    form = SlipForm()
    if form.validate_on_submit():
        try:
            with acting() as work:
                take_slip(work, str(form.slip.data))
        except UnionError as error:
            form.say(error)
        else:
            session.clear()
            session[SLIP] = str(form.slip.data)
            return redirect(url_for("identity.begin_secrets"))
    return page("identity/begin.html", form=form)


@blueprint.route("/begin/secrets", methods=["GET", "POST"])
@limiter.limit(SIGN_IN_TRIES, methods=["POST"])
def begin_secrets() -> ResponseReturnValue:
    """She chooses a password and sets up her telephone; what is shown then is shown once."""
    form, slip = SecretsForm(), session.get(SLIP, "")
    if form.validate_on_submit():
        try:
            with acting() as work:
                around = around_her(work, whose_slip(work, slip))
                begun = set_secrets(
                    work, slip, Chosen(_said(form.password), _said(form.code), around)
                )
        except UnionError as error:
            form.say(error)
        else:
            if begun is not None:
                session.pop(SLIP)
                return page("identity/begun.html", begun=begun)
            form.say(SignInRefusedError())
    return _secrets(form, slip)


@blueprint.route("/people/seen", methods=["GET", "POST"])
def seen() -> ResponseReturnValue:
    """An officer types in the digits of somebody who stands beside her."""
    form = SeenForm()
    if form.validate_on_submit():
        try:
            _see(str(form.sign_in_name.data), "".join(str(form.digits.data).split()))
        except UnionError as error:
            form.say(error)
        else:
            flash(_("You have seen her. From now on her notebook opens."))
            return redirect(url_for("identity.seen"))
    return page("identity/seen.html", form=form)


@blueprint.route("/me/opening-words", methods=["GET", "POST"])
def opening_words() -> ResponseReturnValue:
    """The words that open what is sealed to her; chosen once, and others by these."""
    form = OpeningWordsForm()
    if form.validate_on_submit():
        try:
            with acting() as work:
                choose_opening_words(work, _said(form.passphrase))
        except UnionError as error:
            form.say(error)
        else:
            flash(_("Your opening words are kept by you alone. Nobody can give them back to you."))
            return redirect(url_for("identity.opening_words"))
    return _words(form, OtherWordsForm(formdata=None))


@blueprint.post("/me/opening-words/other")
@limiter.limit(SIGN_IN_TRIES)
def other_opening_words() -> ResponseReturnValue:
    """Other opening words, by those of before."""
    form = OtherWordsForm()
    if form.validate_on_submit():
        try:
            with acting() as work:
                change_opening_words(work, _said(form.passphrase_before), _said(form.passphrase))
        except UnionError as error:
            form.say(error)
        else:
            flash(_("From now on your other words open it. What was open is shut, everywhere."))
            return redirect(url_for("identity.opening_words"))
    return _words(OpeningWordsForm(formdata=None), form)


def _words(form: OpeningWordsForm, other: OtherWordsForm) -> str:
    chosen = has_opening_words(reading())
    return page("identity/opening_words.html", form=form, other=other, chosen=chosen)


def _secrets(form: SecretsForm, slip: str) -> ResponseReturnValue:
    try:
        with acting() as work:
            secret = take_slip(work, slip)
    except SlipSpentError:
        return redirect(url_for("identity.begin"))
    picture = code_picture(otpauth(secret, NOBODY, shown_name()))
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return page("identity/begin_secrets.html", form=form, picture=picture, letters=groups)


def _see(name: str, digits: str) -> None:
    """Tries are counted by the name as signing in reads it, and by whoever types them in."""
    unit = kit().unit
    guessing = str(current_actor().account_id)
    buckets = (
        bucket_of(unit.vault, "seen", read_sign_in_name(name), STRANGER),
        bucket_of(unit.vault, "seen_by", guessing, STRANGER),
    )
    try:
        if isinstance(spend(unit, *buckets), Wait):
            raise TooManyTriesError
        with acting() as work:
            confirm_account(work, name, digits)
            pass_try(work, *buckets)
    except UnionError:
        with acting() as work:
            write_unseen(work, name)
        raise


def _said(field: Field) -> str:
    return str(field.data)
