"""The page of a one-time link. A GET shows a form and changes nothing (C6).

It tells nothing before her two digits, asks for them at every act, and looks the same under duress.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import get_locale
from flask_babel import gettext as _

from union.crisis import services
from union.crisis.errors import StateError
from union.crisis.forms import SlipForm
from union.crisis.models import Incident, Page
from union.crisis.queries.mine import my_page
from union.crisis.rules.kinds import PageState
from union.crisis.rules.speech import nowhere
from union.crisis.services import Heard, SlipAct
from union.crisis.services.drills import answer_token
from union.crisis.views.blueprint import blueprint
from union.kernel.errors import UnionError
from union.web.current import acting, reading
from union.web.limits import limiter
from union.web.render import page
from union.web.words.crisis import SLIP_ACTS, SLIP_ACTS_THERE, SLIP_DONE

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

SLIP_TRIES = "30 per minute"
WITHOUT_A_PLACE = (SlipAct.CANNOT, SlipAct.NOT_COMING)


@blueprint.route("/s/<token>", methods=["GET", "POST"])
@limiter.limit(SLIP_TRIES, methods=["POST"])
def slip(token: str) -> ResponseReturnValue:
    """Two digits in, where to go out; and what she says on her way."""
    form = SlipForm()
    if not form.validate_on_submit():
        return _ask(form)
    act = SlipAct(str(form.act.data or SlipAct.SHOW))
    try:
        heard = _say(token, str(form.digits.data or "").strip(), act)
    except UnionError as error:
        form.say(error)
        return _ask(form)
    if heard in (Heard.WRONG, Heard.LOCKED):
        form.digits.errors = [_("Those are not your numbers. Try once more.")]
        return _ask(form)
    if heard is Heard.NOT_NOW:
        form.say(StateError())
        return _ask(form)
    if heard in (Heard.ENOUGH, Heard.OVER) or act in WITHOUT_A_PLACE:
        told = SLIP_DONE.get(act) or _("Thank you. Nothing more is needed.")
        return page("crisis/slip.html", form=None, told=told)
    return _where(token, act)


def elsewhere() -> str:
    """The place shown under force, in the reader's language."""
    locale = get_locale()
    return nowhere(locale.language if locale is not None else "en")


def _say(token: str, digits: str, act: SlipAct) -> Heard:
    with acting() as work:
        found = services.page_of_token(work, token)
        if found is None:
            return answer_token(work, token, digits) or Heard.WRONG
        return services.say_on_slip(work, found.id, digits, act)


def _ask(form: SlipForm) -> str:
    """The two digits, and the act they are for; a GET knows no act and offers the first ones."""
    act = str(form.act.data or SlipAct.SHOW)
    plain = act in (SlipAct.SHOW, SlipAct.CANNOT) or act not in SLIP_ACTS
    acts = (SlipAct.SHOW, SlipAct.CANNOT) if plain else (SlipAct(act),)
    return page("crisis/slip.html", form=form, told=None, acts=[(a, SLIP_ACTS[a]) for a in acts])


def _where(token: str, act: SlipAct) -> ResponseReturnValue:
    work = reading()
    found = services.page_of_token(work, token)
    if found is None:
        return page("crisis/slip.html", form=None, told=_("Thank you."))
    incident = work.session.get_one(Incident, found.incident_id)
    mine = my_page(work, work.session.get_one(Page, found.id), incident, elsewhere())
    there = mine.state is PageState.ARRIVED
    says = {**SLIP_ACTS, **SLIP_ACTS_THERE} if there else SLIP_ACTS
    return page(
        "crisis/slip_place.html",
        one=mine,
        done=SLIP_DONE.get(act),
        form=SlipForm(formdata=None),
        acts=[(one, says[one]) for one in services.acts_on_slip(mine.state)],
    )
