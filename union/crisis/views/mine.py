"""What is asked of me; I was rung myself; and the button of a member who needs somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, url_for
from flask_babel import gettext as _

from union.crisis import services
from union.crisis.forms import CalledForm, HelpForm, MyPageForm
from union.crisis.policy import is_hers
from union.crisis.queries.desk import my_pages as read_my_pages
from union.crisis.queries.desk import page_by_ref
from union.crisis.rules.kinds import AnsweredBy, ContactChannel, Kind
from union.crisis.services import Heard
from union.crisis.services.staying import leave_her, stay_with_her
from union.crisis.views.blueprint import blueprint, district_choices, done
from union.crisis.views.slip import elsewhere
from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.web.current import current_actor, reading
from union.web.render import page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue


@blueprint.get("/mine")
def my_pages() -> ResponseReturnValue:
    """What is asked of me now, and where I am going."""
    return _mine(MyPageForm())


@blueprint.post("/mine/<ref>")
def my_page_act(ref: str) -> ResponseReturnValue:
    """What I say: I come, I cannot, I am there, I am well, I need help."""
    form = MyPageForm()
    found = page_by_ref(reading(), ref)
    if not is_hers(current_actor(), found):
        raise NotFoundError
    acts: dict[str, Callable[[Work], object]] = {
        "cannot": lambda work: services.decline_page(work, found.id),
        "setout": lambda work: services.set_out(work, found.id, form.minutes.data),
        "arrived": lambda work: services.arrive(work, found.id),
        "well": lambda work: services.check_in(work, found.id),
        "dropout": lambda work: services.drop_out(work, found.id),
        "help": lambda work: services.call_for_help(work, found.id),
        "stay": lambda work: stay_with_her(work, found.incident_id),
        "leave": lambda work: leave_her(work, found.incident_id),
    }
    if form.act.data == "answer":
        return _answer(form, found.id)
    act = acts.get(str(form.act.data), acts["well"])
    if done(form, f"my_page_{form.act.data}", act):
        return redirect(url_for("crisis.my_pages"))
    return _mine(form)


@blueprint.route("/called", methods=["GET", "POST"])
def called_myself() -> ResponseReturnValue:
    """Somebody rang me on my own telephone, and I go: others are asked to come too."""
    form = CalledForm()
    form.district.choices = district_choices()
    actor = current_actor()

    def do(work: Work) -> None:
        services.receive_contact(
            work,
            services.Report(
                channel=ContactChannel.OWN_RESPONDER,
                place=form.place.data,
                district=form.district.data or None,
                kind=Kind(form.kind.data),
                people=form.people.data,
                coming_person_id=actor.person_id,
            ),
        )

    if done(form, "called_myself", do):
        return redirect(url_for("crisis.my_pages"))
    return page("crisis/called.html", form=form)


@blueprint.route("/help", methods=["GET", "POST"])
def help_me() -> ResponseReturnValue:
    """One press, held long: somebody looks for people near her at once."""
    form = HelpForm()
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


def _answer(form: MyPageForm, page_id: int) -> ResponseReturnValue:
    """Signed in is not enough: her own two digits make it hers (C3)."""
    heard: list[Heard] = []

    def do(work: Work) -> None:
        digits = str(form.digits.data or "").strip()
        heard.append(services.answer_here(work, page_id, digits, AnsweredBy.APP))

    if done(form, "answer_page", do) and heard and heard[0] in (Heard.WRONG, Heard.LOCKED):
        form.digits.errors = [_("Those are not your numbers. Try once more.")]
        return _mine(form)
    return redirect(url_for("crisis.my_pages"))


def _mine(form: MyPageForm) -> str:
    person_id = current_actor().person_id or 0
    return page(
        "crisis/mine.html", pages=read_my_pages(reading(), person_id, elsewhere()), form=form
    )
