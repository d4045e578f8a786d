"""Passkeys: asked for and answered at the door, added and ended on a page of her own.

The browser's script only carries a question to the telephone and the answer into a form; both go
by POST, and nothing is decided here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, flash, jsonify, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from union.identity.errors import PasskeyNotKeptError, PasskeyRefusedError
from union.identity.forms.passkeys import AddPasskeyForm, DoorForm, EndPasskeyForm, LabelForm
from union.identity.queries.passkeys import living_credentials, passkeys_of_hers
from union.identity.rules.passkeys import Place, place_of
from union.identity.rules.sessions import kind_of_browser
from union.identity.services import passkeys
from union.identity.services.passkey_doors import open_by_passkey, prove_by_passkey
from union.identity.services.sessions import On
from union.identity.views.blueprint import blueprint
from union.identity.views.signed_in import let_in
from union.kernel.errors import UnionError
from union.kernel.ids import new_token
from union.web.addresses import own_address
from union.web.current import acting, current_actor, kit, perform, reading
from union.web.limits import SIGN_IN_TRIES, limiter
from union.web.look import shown_name
from union.web.render import page
from union.web.words import in_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work

ASKING_BROWSER = "passkey"


@blueprint.context_processor
def where_they_work() -> dict[str, object]:
    """Whether any browser would ask for a passkey at our address, and the form for its answer."""
    return {
        "passkeys_work": _where() is not None,
        "passkey_door": lambda office: DoorForm(formdata=None, office=office),
        "has_passkey": _has_one,
    }


@blueprint.post("/passkey/ask", endpoint="passkey_ask")
@limiter.limit(SIGN_IN_TRIES)
def ask() -> ResponseReturnValue:
    """A question for her telephone: who she is, or, of who is signed in, that it is she."""
    place, browser = _place(), _browser()
    with acting() as work:
        at_the_door = work.actor.account_id is None
        asking = passkeys.ask_to_open if at_the_door else passkeys.ask_to_prove
        question = asking(work, place, browser)
    return _asked(question)


@blueprint.post("/passkey/answer", endpoint="passkey_answer")
@limiter.limit(SIGN_IN_TRIES)
def answer() -> ResponseReturnValue:
    """Her telephone's answer at the door; whatever was wrong with it is answered alike."""
    form, place = DoorForm(), _place()
    back = request.args.get("back")
    token = None
    if form.validate_on_submit():
        on = On(kind_of_browser(request.user_agent.string))
        with acting() as work:
            token = open_by_passkey(
                work, place, form.given(_browser()), on, office=form.is_officers
            )
    if token is None:
        flash(in_words(PasskeyRefusedError()), "trouble")
        door = "identity.sign_in" if form.is_officers else "identity.open"
        return redirect(url_for(door, back=back))
    return let_in(token, own_address(back, url_for("home.home")))


def lock_proves() -> str | None:
    """The raised sign-in's token, if the telephone's lock answered for whoever is signed in."""
    form, place, token = DoorForm(), _place(), None
    if form.validate_on_submit():
        with acting() as work:
            token = prove_by_passkey(work, place, form.given(_browser()))
    if token is None:
        flash(in_words(PasskeyRefusedError()), "trouble")
    return token


@blueprint.get("/me/keys")
def keys() -> ResponseReturnValue:
    """The passkeys she has, and the way to one more."""
    return _keys()


@blueprint.post("/me/keys/ask")
@limiter.limit(SIGN_IN_TRIES)
def ask_for_key() -> ResponseReturnValue:
    """A question for her telephone: to make one."""
    form, place = LabelForm(), _place()
    if not form.validate_on_submit():
        return jsonify(said=[*form.label.errors, *form.form_errors]), 400
    try:
        with acting() as work:
            question = passkeys.ask_to_add(work, place, _browser(), str(form.label.data))
    except UnionError as error:
        return jsonify(said=[in_words(error)]), 409
    return _asked(question)


@blueprint.post("/me/keys/add")
@limiter.limit(SIGN_IN_TRIES)
def add_key() -> ResponseReturnValue:
    """The one her telephone made is kept."""
    form, place = AddPasskeyForm(), _place()
    if not form.validate_on_submit():
        return _keys(form)
    if current_actor().duress:  # refused as it may be on any day
        form.say(PasskeyNotKeptError())
        return _keys(form)
    answer, label = form.given(_browser()), str(form.label.data)
    done = perform(
        form,
        "identity.add_key",
        lambda work: {"added": passkeys.add_passkey(work, place, answer, label) is not None},
    )
    if not done["added"]:
        form.say(PasskeyNotKeptError())
        return _keys(form)
    flash(_("It is kept. From now on it opens your notebook."))
    return redirect(url_for("identity.keys"))


@blueprint.post("/me/keys/end")
def end_key() -> ResponseReturnValue:
    """One of hers opens nothing any more."""
    form = EndPasskeyForm()
    if form.validate_on_submit():
        ref = str(form.key_ref.data)
        perform(form, "identity.end_key", lambda work: _ended(work, ref))
        flash(_("It opens nothing any more. Take it off the telephone’s own list too."))
    return redirect(url_for("identity.keys"))


def _ended(work: Work, ref: str) -> dict[str, str]:
    passkeys.end_passkey(work, ref)
    return {"ended": ref}


def _keys(refused: AddPasskeyForm | None = None) -> str:
    shown = passkeys_of_hers(reading())
    return page(
        "identity/keys.html",
        keys=shown,
        add_form=refused or AddPasskeyForm(formdata=None),
        ends={one.ref: EndPasskeyForm(formdata=None, key_ref=one.ref) for one in shown},
        office=current_actor().office,
    )


def _has_one() -> bool:
    """Whether there is a lock to be asked; a session that she was made to open tells of none."""
    return not current_actor().duress and bool(living_credentials(reading()))


def _asked(question: passkeys.Question) -> ResponseReturnValue:
    return jsonify(question=question.ref, options=question.options)


def _browser() -> str:
    """A secret that only this browser holds: its sign-in, or one made for the asking."""
    if current_actor().account_id is not None:
        return str(current_user.token)
    if ASKING_BROWSER not in session:
        session[ASKING_BROWSER] = new_token()
    return str(session[ASKING_BROWSER])


def _place() -> Place:
    place = _where()
    if place is None:
        abort(404)
    return place


def _where() -> Place | None:
    return place_of(kit().settings.public_url, shown_name())
