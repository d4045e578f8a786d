"""One's own hours in the calendar of one's own phone: its secret address, and what it opens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, abort, redirect, url_for
from flask_babel import gettext as _

from union.crisis.forms.rota import AnswerForm
from union.crisis.queries.rota_feed import feed_of, hours_of, whose_feed
from union.crisis.rules.feed import calendar_of
from union.crisis.services.rota_feed import end_feed, make_feed
from union.crisis.views.blueprint import blueprint, done
from union.web.current import current_actor, kit, reading
from union.web.limits import limiter
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work

READINGS = "60 per minute"


@blueprint.route("/rota/mine/calendar", methods=["GET", "POST"])
def rota_calendar() -> ResponseReturnValue:
    """Make an address, or end it; what it is is shown this once and kept nowhere."""
    form, made = AnswerForm(), list[str]()

    def do(work: Work) -> None:
        if form.act.data == "end":
            end_feed(work)
        else:
            made.append(make_feed(work))

    kept = done(form, "rota_calendar", do)
    if kept and not made:
        return redirect(url_for("crisis.rota_calendar"))
    address = ""
    if kept:  # the last one: what was made before a deadlock was rolled back
        address = kit().settings.public_url + url_for("crisis.rota_feed", token=made[-1])
    feed = feed_of(reading(), current_actor().person_id or 0)
    return page("crisis/rota_calendar.html", form=form, address=address, feed=feed)


@blueprint.get("/s/c/<token>.ics")
@limiter.limit(READINGS)
def rota_feed(token: str) -> ResponseReturnValue:
    """The calendar behind an address; an ended one is as one that never was."""
    work = reading()
    person_id = whose_feed(work, token)
    if person_id is None:
        abort(404)
    body = calendar_of(
        hours_of(work, person_id), word=_("Shift"), secret=token, now=work.clock.now()
    )
    answer = Response(body, mimetype="text/calendar")
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Content-Disposition"] = 'attachment; filename="calendar.ics"'
    return answer
