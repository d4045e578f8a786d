"""The page of a one-time link. A GET shows a form and changes nothing (C6).

It tells nothing before her two digits, and looks the same under duress.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask_babel import get_locale
from flask_babel import gettext as _

from union.crisis import services
from union.crisis.forms import SlipForm
from union.crisis.models import Incident, Page
from union.crisis.queries.desk import my_page
from union.crisis.rules.speech import nowhere
from union.crisis.services import Heard
from union.crisis.views.blueprint import blueprint
from union.web.current import acting, reading
from union.web.limits import limiter
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

SLIP_TRIES = "30 per minute"


@blueprint.route("/s/<token>", methods=["GET", "POST"])
@limiter.limit(SLIP_TRIES, methods=["POST"])
def slip(token: str) -> ResponseReturnValue:
    """Two digits in, where to go out."""
    form = SlipForm()
    if not form.validate_on_submit():
        return page("crisis/slip.html", form=form, told=None)
    with acting() as work:
        found = services.page_of_token(work, token)
        heard = services.answer_link(work, found.id, _digits(form)) if found else Heard.WRONG
    if heard is Heard.ACCEPTED:
        return _where(token)
    if heard is Heard.LOOKS_ACCEPTED:
        return page("crisis/slip_place.html", place=_nowhere(), people=None, language=None)
    if heard in (Heard.ENOUGH, Heard.OVER):
        return page("crisis/slip.html", form=None, told=_("Thank you. Nothing more is needed."))
    form.digits.errors = [_("Those are not your numbers. Try once more.")]
    return page("crisis/slip.html", form=form, told=None)


def _nowhere() -> str:
    locale = get_locale()
    return nowhere(locale.language if locale is not None else "en")


def _where(token: str) -> ResponseReturnValue:
    work = reading()
    found = services.page_of_token(work, token)
    if found is None:
        return page("crisis/slip.html", form=None, told=_("Thank you."))
    incident = work.session.get_one(Incident, found.incident_id)
    mine = my_page(work, work.session.get_one(Page, found.id), incident)
    return page(
        "crisis/slip_place.html", place=mine.place, people=mine.people, language=mine.language
    )


def _digits(form: SlipForm) -> str:
    return str(form.digits.data or "").strip()
