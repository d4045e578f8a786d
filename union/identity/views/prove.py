"""The door inside the house: who is signed in proves once more that it is she."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import abort, request, url_for
from flask_login import current_user

from union.identity.errors import SignInRefusedError, TooManyTriesError
from union.identity.forms import ProveForm
from union.identity.queries.accounts import own_sign_in_name, rests_until
from union.identity.queries.sessions import is_forced
from union.identity.services.signing import Refused, prove_again
from union.identity.services.tries import Wait, pass_try, spend
from union.identity.views.blueprint import blueprint
from union.identity.views.hers import prove_hers
from union.identity.views.known import bucket_of_proof
from union.identity.views.passkeys import lock_proves
from union.identity.views.signed_in import let_through
from union.web.addresses import own_address
from union.web.current import acting, current_actor, kit, reading
from union.web.proving import kept_through_the_door
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.web.current import Showcase

TOO_MANY = 429


@blueprint.route("/prove", methods=["GET", "POST"])
def prove() -> ResponseReturnValue:
    """Ask an officer for her password and a code; a member for what is hers to prove."""
    token = lock_proves() if "answer" in request.form else None
    if token is not None:
        return let_through(token, _back())
    if (until := rests_until(reading())) is not None:
        return page("identity/rests.html", until=until)
    if not current_actor().office:
        return prove_hers(_back())
    form = ProveForm()
    if "password" in request.form and form.validate_on_submit():
        return _try(form, str(form.password.data), str(form.code.data))
    return _ask(form)


@blueprint.post("/prove/as")
def prove_as() -> ResponseReturnValue:
    """In a demonstration only: as if she had typed her password and her next code."""
    person = _made_up()
    if person is None:
        abort(404)
    with acting() as work:
        code = person.code(work)
    return _try(ProveForm(formdata=None), person.password, code)


def _made_up() -> Showcase | None:
    """Which of a demonstration's people is signed in."""
    if not kit().showcase:
        return None
    name = own_sign_in_name(reading())
    return next((one for one in kit().showcase if one.sign_in_name == name), None)


def _try(form: ProveForm, password: str, code: str) -> ResponseReturnValue:
    unit = kit().unit
    bucket = bucket_of_proof(own_sign_in_name(reading()))
    if isinstance(spend(unit, bucket), Wait):
        form.say(TooManyTriesError())
        return _ask(form), TOO_MANY
    with acting() as work:
        token = prove_again(work, current_user.token, password, code)
        if not isinstance(token, Refused) and not is_forced(work, token):
            pass_try(work, bucket)
    if isinstance(token, Refused):
        form.say(SignInRefusedError())
        return _ask(form)
    return let_through(token, _back())


def _ask(form: ProveForm) -> str:
    made_up = current_actor().office and _made_up() is not None
    return page("identity/prove.html", form=form, again=kept_through_the_door(), made_up=made_up)


def _back() -> str:
    return own_address(request.args.get("back"), url_for("home.home"))
