"""What is asked of me; I was rung myself; and the button of a member who needs somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from union.crisis import services
from union.crisis.errors import StateError
from union.crisis.forms import CalledForm, HelpForm, MyPageForm
from union.crisis.policy import is_hers
from union.crisis.queries.desk import page_by_ref
from union.crisis.queries.mine import my_pages as read_my_pages
from union.crisis.rules.kinds import (
    COMING,
    AnsweredBy,
    AskedAs,
    ContactChannel,
    Kind,
    PageState,
)
from union.crisis.services import Heard, SlipAct
from union.crisis.services.own_phone import goes_from_her_page
from union.crisis.views.blueprint import blueprint, district_choices, done
from union.crisis.views.slip import elsewhere
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.kernel.ids import new_command_key
from union.kernel.money import western_digits
from union.web.current import current_actor, reading
from union.web.forms import sent
from union.web.render import page
from union.web.words.crisis import MINE_ACTS, SLIP_ACTS, SLIP_ACTS_THERE

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue
    from flask_babel import LazyString

    from union.crisis.queries.mine import MyPage


@blueprint.get("/mine")
def my_pages() -> ResponseReturnValue:
    """What is asked of me now, and where I am going."""
    return _mine()


@blueprint.post("/mine/<ref>")
def my_page_act(ref: str) -> ResponseReturnValue:
    """What I say, with my own two digits: signed in is not enough (C3), her phone may be taken."""
    form = MyPageForm()
    found = page_by_ref(reading(), ref)
    if not is_hers(current_actor(), found):
        raise NotFoundError
    page_id, digits = found.id, _digits(form.digits.data)
    act, minutes = str(form.act.data), form.minutes.data

    def do(work: Work) -> dict[str, bool]:
        by = AnsweredBy.APP
        heard = services.say_on_slip(work, page_id, digits, SlipAct(act), by, minutes)
        return {"wrong": heard in (Heard.WRONG, Heard.LOCKED), "late": heard is Heard.NOT_NOW}

    became = sent(form, "my_page", do)
    if became is not None and became["late"]:
        form.say(StateError())
    if became is not None and became["wrong"]:
        form.digits.errors = [_("Those are not your numbers. Try once more.")]
        form.command_key.data = new_command_key()
    if form.form_errors or form.errors:
        return _mine(ref, form)
    return redirect(url_for("crisis.my_pages"))


@blueprint.route("/called", methods=["GET", "POST"])
def called_myself() -> ResponseReturnValue:
    """Somebody rang me on my own telephone, and I go: others are asked to come too."""
    form = CalledForm()
    form.district.choices = district_choices()

    def do(work: Work) -> dict[str, bool]:
        told = services.Report(
            channel=ContactChannel.OWN_RESPONDER,
            place=form.place.data,
            district=form.district.data or None,
            kind=Kind(form.kind.data),
            people=form.people.data,
        )
        heard = goes_from_her_page(work, told, _digits(form.digits.data))
        return {"wrong": heard in (Heard.WRONG, Heard.LOCKED)}

    became = sent(form, "called_myself", do)
    if became is None:
        return page("crisis/called.html", form=form)
    if became["wrong"]:
        flash(_("Others are asked to go there. Say with your two numbers that you go."))
    return redirect(url_for("crisis.my_pages"))


@blueprint.route("/help", methods=["GET", "POST"])
def help_me() -> ResponseReturnValue:
    """One press, held long: somebody looks for people near her at once.

    Where nothing can feel how long it is held, one press asks once more: a pocket presses too.
    """
    form = HelpForm()
    if form.validate_on_submit() and not form.sure.data:
        form.sure.data = "yes"
        return page("crisis/help_sure.html", form=form)
    actor = current_actor()

    def do(work: Work) -> None:
        services.receive_contact(
            work,
            services.Report(
                channel=ContactChannel.APP,
                place=form.place.data or None,
                person_id=actor.person_id,
            ),
        )

    if done(form, "help_me", do):
        return page("crisis/help_heard.html")
    return page("crisis/help.html", form=form)


def _digits(written: str | None) -> str:
    return western_digits(written or "").strip()


def _mine(ref: str = "", said: MyPageForm | None = None) -> str:
    """Each page of hers with a form of its own; the refused one as it was written."""
    found = read_my_pages(reading(), current_actor().person_id or 0, elsewhere())
    forms = {one.ref: MyPageForm(formdata=None) for one in found}
    if said is not None and ref in forms:
        forms[ref] = said
    elif said is not None:
        flash(_("That call has ended for you. If you need help, press for help."), "trouble")
    for name, form in forms.items():
        for field in (form.digits, form.minutes):
            field.id = f"{field.id}-{name}"
    return page("crisis/mine.html", pages=found, forms=forms, acts=_acts)


def _acts(one: MyPage) -> list[tuple[str, LazyString]]:
    """What she may say of one page, the likely next first."""
    acts: list[SlipAct] = list(services.acts_on_slip(one.state))
    if one.state in (PageState.ASKED, PageState.ACCEPTED):
        acts = [SlipAct.SHOW, SlipAct.CANNOT]
    if one.state is PageState.BRIEFED:
        acts.insert(0, SlipAct.SET_OUT)
    if one.asked_as is AskedAs.COUNSELLOR and one.state in COMING:
        acts[1:1] = [SlipAct.STAY, SlipAct.LEAVE]
    there = SLIP_ACTS_THERE if one.state is PageState.ARRIVED else {}
    says = {**SLIP_ACTS, **there, **MINE_ACTS}
    return [(act, says[act]) for act in acts]
