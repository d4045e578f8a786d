"""Changing what the register knows of a member: one thing to a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _

from union.infra.work import Work
from union.kernel.errors import NotFoundError, UnionError
from union.members import services
from union.members.forms import (
    BackForm,
    CardForm,
    EndForm,
    MistakeForm,
    PersonForm,
    PhoneForm,
    PlainForm,
    TransferForm,
    WishForm,
)
from union.members.queries import (
    branch_of,
    branches,
    contact_points,
    languages,
    member_views,
    reach,
)
from union.members.queries.pages import branch_by_ref, own_fields
from union.members.rules.cards import read_card
from union.members.rules.phones import read_number
from union.members.services.changes import FieldChange, set_category
from union.members.services.reach import WishChange, set_languages
from union.members.views.blueprint import blueprint, member_here
from union.web.current import current_scope, perform, reading
from union.web.forms import named_choices
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.web.forms import CommandForm

Change = Callable[[Work, int], object]


@blueprint.route("/<ref>/phone", methods=["GET", "POST"])
def phone(ref: str) -> ResponseReturnValue:
    """Another number of hers."""
    form = PhoneForm()

    def change(work: Work, person_id: int) -> None:
        number = read_number(str(form.number.data))
        services.change_phone(work, person_id, number, first=form.first.data == "first")

    return _changing(ref, form, change, "members/change_phone.html")


@blueprint.post("/<ref>/phone/<point>/end")
def end_phone(ref: str, point: str) -> ResponseReturnValue:
    """A number of hers that is no longer to be used."""
    form = PlainForm()

    def change(work: Work, person_id: int) -> None:
        hers = {view.ref: view.id for view in contact_points(work, person_id)}
        if point not in hers:
            raise NotFoundError
        services.give_up_phone(work, person_id, hers[point])

    return _changing(ref, form, change, "members/change_phone.html")


@blueprint.route("/<ref>/reach", methods=["GET", "POST"])
def reach_her(ref: str) -> ResponseReturnValue:
    """When and how she may be reached."""
    wish = reach(reading(), member_here(ref).person_id)
    form = WishForm(
        channels=sorted(wish.channels),
        not_before=wish.not_before,
        not_after=wish.not_after,
        ask_for=wish.ask_for,
        wish=wish.wish,
    )

    def change(work: Work, person_id: int) -> None:
        not_before, not_after = form.hours()
        channels = tuple(form.channels.data or ())
        wanted = WishChange(channels, not_before, not_after, form.ask_for.data, form.wish.data)
        services.change_wish(work, person_id, wanted)

    return _changing(ref, form, change, "members/change_reach.html")


@blueprint.route("/<ref>/branch", methods=["GET", "POST"])
def transfer(ref: str) -> ResponseReturnValue:
    """To another branch, from a day on."""
    form = TransferForm(on=reading().clock.today())
    form.branch.choices = named_choices((one.ref, one.name) for one in branches(reading().session))

    def change(work: Work, person_id: int) -> None:
        wanted = branch_by_ref(work.session, str(form.branch.data))
        if wanted is None:
            raise NotFoundError
        services.transfer_member(work, person_id, wanted.id, form.day())

    return _changing(ref, form, change, "members/change_branch.html")


@blueprint.route("/<ref>/change", methods=["GET", "POST"])
def change(ref: str) -> ResponseReturnValue:
    """What she is called, her category, languages, place, nominee, remarks."""
    her = member_here(ref)
    fields = own_fields(reading(), her)
    form = PersonForm(
        called=member_views(reading(), [her.person_id])[her.person_id].called,
        category=her.category or "",
        languages=languages(reading().session, her.person_id),
        place=fields.place,
        nominee=fields.nominee,
        remarks=fields.remarks,
    )

    def take(work: Work, person_id: int) -> None:
        names = ("called", "place", "nominee", "remarks")
        changed = (FieldChange(name, form[name].data or None) for name in names)
        services.change_member(work, person_id, *changed)
        set_category(work, person_id, form.category.data or None)
        set_languages(work, person_id, form.languages.data or [])

    return _changing(ref, form, take, "members/change_person.html")


@blueprint.route("/<ref>/card", methods=["GET", "POST"])
def card(ref: str) -> ResponseReturnValue:
    """A card for her: this number, or the next free one."""
    form = CardForm()

    def change(work: Work, person_id: int) -> None:
        number = form.number.data
        services.give_card(work, person_id, read_card(number) if number else None)

    return _changing(ref, form, change, "members/change_card.html")


@blueprint.route("/<ref>/end", methods=["GET", "POST"])
def end(ref: str) -> ResponseReturnValue:
    """That she has left or died."""
    form = EndForm(on=reading().clock.today())

    def change(work: Work, person_id: int) -> None:
        mark = services.mark_died if form.state.data == "died" else services.mark_left
        mark(work, person_id, form.day())

    return _changing(ref, form, change, "members/change_end.html")


@blueprint.route("/<ref>/back", methods=["GET", "POST"])
def came_back(ref: str) -> ResponseReturnValue:
    """That she had left and is with us again."""
    form = BackForm(on=reading().clock.today())

    def change(work: Work, person_id: int) -> None:
        services.come_back(work, person_id, form.day(), str(form.reason.data))

    return _changing(ref, form, change, "members/change_back.html")


@blueprint.route("/<ref>/mistake", methods=["GET", "POST"])
def mistake(ref: str) -> ResponseReturnValue:
    """That she never left or died: it was written by mistake."""
    form = MistakeForm()

    def change(work: Work, person_id: int) -> None:
        services.take_back_going(work, person_id, str(form.reason.data))

    return _changing(ref, form, change, "members/change_mistake.html")


def _changing(ref: str, form: CommandForm, change: Change, template: str) -> ResponseReturnValue:
    person_id = member_here(ref).person_id
    if form.validate_on_submit():
        try:
            perform(form, f"{request.endpoint}:{ref}", lambda work: _carry_out(work, ref, change))
        except UnionError as error:
            form.say(error)
        else:
            flash(_("Written down."))
            return redirect(_after(ref, person_id))
    return page(template, form=form, her=member_views(reading(), [person_id])[person_id])


def _carry_out(work: Work, ref: str, change: Change) -> dict[str, str]:
    change(work, member_here(ref, work).person_id)
    return {"ref": ref}


def _after(ref: str, person_id: int) -> str:
    """Back to her page, unless she went to a branch whose register one does not keep."""
    work = reading()
    scope = current_scope("members.member").branch_ids
    branch = branch_of(work.session, person_id)
    if scope is not None and (branch is None or branch.id not in scope):
        return url_for("members.register")
    return url_for("members.member", ref=ref)
