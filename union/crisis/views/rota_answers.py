"""Hours that change hands: what is asked of another, what she says, and the link of an offer.

A GET shows and changes nothing (C6); the link's page tells no district before she is signed in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, url_for
from flask_babel import gettext as _

from union.crisis.forms import pairs
from union.crisis.forms.rota import AnswerForm, HoursForm
from union.crisis.queries.coverage import offer_by_ref, offer_of_token
from union.crisis.queries.rota import shift_by_key, swap_by_ref
from union.crisis.queries.rota_pages import may_take_it, person_of_ref, who_could
from union.crisis.queries.training import refs_of
from union.crisis.services import rota as services
from union.crisis.services import swaps
from union.crisis.views.blueprint import blueprint, done
from union.crisis.views.rota import answered, name_of, whose
from union.kernel.errors import NotFoundError
from union.web.current import kit, reading
from union.web.limits import limiter
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.crisis.queries.rota import Shift
    from union.infra.work import Work
    from union.web.forms import Choices

LINK_TRIES = "30 per minute"


@blueprint.route("/rota/of/<who>/hours/<key>", methods=["GET", "POST"])
def rota_hours(who: str, key: str) -> ResponseReturnValue:
    """One of her hours to come falls away, or another is asked to take it."""
    form, person_id = HoursForm(), whose(who)
    shift = shift_by_key(reading(), key)
    if shift.person_id != person_id:
        raise NotFoundError
    form.to.choices = _others(shift)

    def do(work: Work) -> None:
        if form.act.data == "out":
            services.leave_out(work, shift, sure=form.sure.data)
        else:
            swaps.ask_swap(work, shift, person_of_ref(work, str(form.to.data or "")))

    if done(form, "rota_hours", do):
        return redirect(url_for("crisis.rota_of", who=who))
    name = name_of(who, person_id)
    return page("crisis/rota_hours.html", form=form, whom=who, shift=shift, name=name)


@blueprint.post("/rota/of/<who>/swap/<ref>")
def rota_swap(who: str, ref: str) -> ResponseReturnValue:
    """What she says to a swap: she takes it, cannot, or keeps her hours."""
    form, person_id = AnswerForm(), whose(who)
    swap = swap_by_ref(reading(), ref)
    own = swap.person_id == person_id
    if not own and not may_take_it(reading(), person_id, swap):
        raise NotFoundError

    def do(work: Work) -> None:
        if own:
            swaps.withdraw_swap(work, swap.id)
        elif form.act.data == "take":
            swaps.take_swap(work, swap.id, person_id, sure=form.sure.data)
        else:
            swaps.decline_swap(work, swap.id)

    return answered(who, form, "rota_swap", do)


@blueprint.post("/rota/of/<who>/offer/<ref>")
def rota_offer(who: str, ref: str) -> ResponseReturnValue:
    """She takes free hours, or cannot."""
    form, offer = AnswerForm(), offer_by_ref(reading(), ref)
    if offer.person_id != whose(who):
        raise NotFoundError

    def do(work: Work) -> None:
        swaps.answer_offer(work, offer.id, takes=form.act.data == "take")

    return answered(who, form, "rota_offer", do)


@blueprint.route("/s/r/<token>", methods=["GET", "POST"])
@limiter.limit(LINK_TRIES, methods=["POST"])
def rota_link(token: str) -> ResponseReturnValue:
    """The page of an offer's link: when, and two buttons; the link itself says who she is."""
    form = AnswerForm()
    found = offer_of_token(reading(), token)
    if found is None or found[0].answered_at is not None or found[1].filled_at is not None:
        return page(
            "crisis/rota_link.html", form=None, told=_("Thank you. Nothing more is needed.")
        )
    offer, hole = found

    def do(work: Work) -> None:
        swaps.answer_offer(work, offer.id, takes=form.act.data == "take")

    if done(form, "rota_link", do):
        takes = form.act.data == "take"
        told = _("Thank you. You are down for it.") if takes else _("Thank you for telling us.")
        return page("crisis/rota_link.html", form=None, told=told)
    return page("crisis/rota_link.html", form=form, hole=hole, told="")


def _others(shift: Shift) -> Choices:
    """Whom she can ask: anybody who could, or one of them by name."""
    work = reading()
    could = [one for one in who_could(work, shift.duty, shift.branch_id) if one != shift.person_id]
    names, refs = kit().name_people(work, could), refs_of(work, could)
    named = [(refs[one], names.get(one, "")) for one in could if one in refs]
    return pairs([("", _("anybody who could")), *named])
