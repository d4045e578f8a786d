"""One person's hours: she, or a coordinator for her, writes them down, goes away, comes back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from flask import redirect, url_for
from flask_babel import gettext as _

from union.crisis.forms import pairs
from union.crisis.forms.rota import AnswerForm, AwayForm, OnceForm, WeeklyForm, WishForm
from union.crisis.queries.drills import askings
from union.crisis.queries.rota import away_by_ref, pattern_by_ref, wish_of
from union.crisis.queries.rota_pages import hers, person_of_ref, read_serves, serves_as
from union.crisis.rules.drills import score
from union.crisis.rules.rota import Hours, instant_of
from union.crisis.services import rota as services
from union.crisis.views.blueprint import blueprint, done
from union.kernel.errors import NotFoundError
from union.web.current import current_actor, current_scope, kit, reading
from union.web.render import page
from union.web.words import rota as words

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from union.infra.work import Work
    from union.web.forms import Choices, CommandForm

ME = "me"


@blueprint.app_context_processor
def _rota_words() -> dict[str, object]:
    return {"rota_words": words}


@blueprint.get("/rota/mine")
def rota_mine() -> ResponseReturnValue:
    """One's own hours, by an address the menu can name."""
    return rota_of(ME)


@blueprint.get("/rota/of/<who>")
def rota_of(who: str) -> ResponseReturnValue:
    """Her hours, what she is asked, her papers, and how reachable she was."""
    work, person_id = reading(), whose(who)
    return page(
        "crisis/rota_of.html",
        whom=who,
        name=name_of(who, person_id),
        one=hers(work, person_id, kit().name_people),
        reach=score(askings(work, [person_id]).get(person_id, [])),
        form=AnswerForm(formdata=None),
    )


@blueprint.route("/rota/of/<who>/weekly", methods=["GET", "POST"])
def rota_weekly(who: str) -> ResponseReturnValue:
    """The same hours every week from a day on."""
    person_id, clock = whose(who), kit().unit.clock
    form = WeeklyForm(since_on=clock.today(), zone=_zone_of(person_id))
    form.serves.choices = serves_choices(person_id)

    def do(work: Work) -> None:
        duty, branch_id = read_serves(work, form.serves.data)
        services.add_weekly(
            work,
            services.NewWeekly(
                person_id=person_id,
                duty=duty,
                branch_id=branch_id,
                weekdays=tuple(int(day) for day in form.weekdays.data or ()),
                from_time=form.from_time.given,
                until_time=form.until_time.given,
                zone=form.zone.data,
                since_on=form.since_on.given,
                until_on=form.until_on.data,
            ),
        )

    return _written(who, form, "rota_weekly", do)


@blueprint.route("/rota/of/<who>/once", methods=["GET", "POST"])
def rota_once(who: str) -> ResponseReturnValue:
    """Hours of one time, on the union's clock."""
    person_id = whose(who)
    form = OnceForm(day=kit().unit.clock.today())
    form.serves.choices = serves_choices(person_id)

    def do(work: Work) -> None:
        duty, branch_id = read_serves(work, form.serves.data)
        later = timedelta(days=form.until_time.given <= form.from_time.given)
        hours = Hours(
            instant_of(form.day.given, form.from_time.given, work.clock.zone),
            instant_of(form.day.given + later, form.until_time.given, work.clock.zone),
        )
        services.add_shift(work, person_id, duty, branch_id, hours)

    return _written(who, form, "rota_once", do)


@blueprint.route("/rota/of/<who>/away", methods=["GET", "POST"])
def rota_away(who: str) -> ResponseReturnValue:
    """She is away for some days; nobody asks why."""
    form, person_id = AwayForm(), whose(who)

    def do(work: Work) -> None:
        hours = services.days_away(work, form.first.given, form.last.given)
        services.say_away(work, person_id, hours, sure=form.sure.data)

    return _written(who, form, "rota_away", do)


@blueprint.route("/rota/of/<who>/wish", methods=["GET", "POST"])
def rota_wish(who: str) -> ResponseReturnValue:
    """Her clock, and what she may be asked."""
    person_id = whose(who)
    wish = wish_of(reading(), person_id)
    form = WishForm(
        zone=_zone_of(person_id),
        offers=wish is None or wish.takes_offers,
        at_night=wish is not None and wish.drills_at_night,
    )

    def do(work: Work) -> None:
        at_night, offers = form.at_night.data, form.offers.data
        services.set_wish(work, person_id, form.zone.data, at_night=at_night, offers=offers)

    return _written(who, form, "rota_wish", do)


@blueprint.post("/rota/of/<who>/back/<ref>")
def rota_back(who: str, ref: str) -> ResponseReturnValue:
    """She is back, or does not go after all."""
    if away_by_ref(reading(), ref).person_id != whose(who):
        raise NotFoundError
    form = AnswerForm()

    def do(work: Work) -> None:
        services.end_away(work, away_by_ref(work, ref))

    return answered(who, form, "rota_back", do)


@blueprint.post("/rota/of/<who>/end/<ref>")
def rota_end(who: str, ref: str) -> ResponseReturnValue:
    """Weekly hours of hers end today."""
    if pattern_by_ref(reading(), ref).person_id != whose(who):
        raise NotFoundError
    form = AnswerForm()

    def do(work: Work) -> None:
        pattern = pattern_by_ref(work, ref)
        last = max(work.clock.today(), pattern.since_on) - timedelta(days=1)
        services.end_weekly(work, pattern, last, sure=form.sure.data)

    return answered(who, form, "rota_end", do)


def whose(who: str) -> int:
    """Whose page it is: one's own, or for a coordinator anybody's; NotFoundError otherwise."""
    actor = current_actor()
    if who == ME and actor.person_id is not None:
        return actor.person_id
    found = person_of_ref(reading(), who) if current_scope("crisis.rota_of").whole else None
    if found is None:
        raise NotFoundError
    return found


def name_of(who: str, person_id: int) -> str:
    """What another is called; nothing on one's own page."""
    if who == ME:
        return ""
    return kit().name_people(reading(), [person_id]).get(person_id, _("Somebody"))


def serves_choices(person_id: int) -> Choices:
    """What she can be down for, in words."""
    return pairs(
        (value, " · ".join(part for part in (str(words.DUTIES[duty]), branch) if part))
        for value, duty, branch in serves_as(reading(), person_id)
    )


def answered(
    who: str, form: AnswerForm, name: str, do: Callable[[Work], object]
) -> ResponseReturnValue:
    """Do what one button says; what would leave a hole is asked about on a page of its own."""
    if done(form, name, do):
        return redirect(url_for("crisis.rota_of", who=who))
    return page("crisis/rota_sure.html", form=form, whom=who)


def _written(
    who: str, form: CommandForm, name: str, do: Callable[[Work], object]
) -> ResponseReturnValue:
    """One form on a page of its own, which is named as its command is."""
    if done(form, name, do):
        return redirect(url_for("crisis.rota_of", who=who))
    return page("crisis/rota_write.html", form=form, whom=who, what=name.removeprefix("rota_"))


def _zone_of(person_id: int) -> str:
    wish = wish_of(reading(), person_id)
    return kit().unit.clock.zone.key if wish is None else wish.zone
