"""Two that may be one: side by side, decided by a person, parted again by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from union.kernel.errors import NotFoundError, UnionError
from union.members.forms import PlainForm
from union.members.queries import member_by_card, member_by_ref, member_views
from union.members.queries.pages import merge_by_ref, open_pairs, pair_by_ref
from union.office.forms import SecondEntryForm
from union.office.queries.pairs import PairView, pair_lines, pair_view
from union.office.services.register_decisions import (
    decide_duplicate,
    part_again,
    propose_second_entry,
)
from union.office.views.intake.blueprint import blueprint, refuse_part_keeper
from union.web.current import perform, reading
from union.web.formats import written_day
from union.web.render import page
from union.web.words.members import REASONS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.get("/pairs")
def pairs() -> ResponseReturnValue:
    """Every proposal that waits for a person."""
    refuse_part_keeper()
    work = reading()
    return page("office/import_pairs.html", pairs=pair_lines(work, open_pairs(work.session)))


@blueprint.get("/pairs/<ref>")
def pair(ref: str) -> ResponseReturnValue:
    """The two side by side, and in what they agree."""
    refuse_part_keeper()
    return _pair_page(ref, PlainForm())


@blueprint.route("/second-entry/<ref>", methods=["GET", "POST"])
def second_entry(ref: str) -> ResponseReturnValue:
    """Somebody says that a member stands in the register twice: put the two side by side."""
    refuse_part_keeper()
    member = member_by_ref(reading().session, ref)
    if member is None:
        raise NotFoundError
    person_id = member.person_id
    form = SecondEntryForm()
    if form.validate_on_submit():
        try:
            made = perform(form, f"second_entry:{ref}", lambda work: _propose(work, ref, form))
        except UnionError as error:
            form.say(error)
        else:
            return redirect(url_for("intake.pair", ref=made["ref"]))
    her = member_views(reading(), [person_id])[person_id]
    return page("office/import_second.html", form=form, her=her)


def _propose(work: Work, ref: str, form: SecondEntryForm) -> dict[str, Any]:
    member = member_by_ref(work.session, ref)
    other = member_by_card(work.session, str(form.card.data))
    if member is None or other is None:
        raise NotFoundError
    return {"ref": propose_second_entry(work, member.person_id, other.person_id).ref}


@blueprint.post("/pairs/<ref>/same")
def same(ref: str) -> ResponseReturnValue:
    """They are one person: joined, and it can be undone."""
    return _decide(ref, same=True)


@blueprint.post("/pairs/<ref>/two")
def two(ref: str) -> ResponseReturnValue:
    """They are two people: the other is taken in as herself."""
    return _decide(ref, same=False)


@blueprint.post("/merges/<ref>/undo")
def undo(ref: str) -> ResponseReturnValue:
    """Part two joined entries again."""
    refuse_part_keeper()
    form = PlainForm()
    if form.validate_on_submit():
        waits = perform(form, f"undo_merge:{ref}", lambda work: _undo(work, ref))["pair"]
        if waits:
            flash(_("Parted: the row waits once more. Nothing that was booked has moved."))
            return redirect(url_for("intake.pair", ref=waits))
        flash(_("They are two entries again, each with its own history."))
    return redirect(url_for("members.register"))


def _undo(work: Work, ref: str) -> dict[str, Any]:
    merge = merge_by_ref(work.session, ref)
    if merge is None:
        raise NotFoundError
    return {"pair": part_again(work, merge.id)}


def _decide(ref: str, *, same: bool) -> ResponseReturnValue:
    refuse_part_keeper()
    form = PlainForm()
    if not form.validate_on_submit():
        return _pair_page(ref, form)
    try:
        perform(form, f"decide_pair:{ref}", lambda work: _carry_out(work, ref, same=same))
    except UnionError as error:
        form.say(error)
        return _pair_page(ref, form)
    flash(_("Joined. It can be undone on her page.") if same else _("Taken in as two people."))
    return redirect(url_for("intake.pairs"))


def _carry_out(work: Work, ref: str, *, same: bool) -> dict[str, Any]:
    found = pair_by_ref(work.session, ref)
    if found is None:
        raise NotFoundError
    return {"merge": decide_duplicate(work, found.id, same=same)}


def _pair_page(ref: str, form: PlainForm) -> ResponseReturnValue:
    found = pair_by_ref(reading().session, ref)
    if found is None:
        raise NotFoundError
    view = pair_view(reading(), found)
    return page(
        "office/import_pair.html",
        pair=view,
        agreed=", ".join(str(REASONS[reason]) for reason in view.reasons),
        rows=_side_by_side(view),
        form=form,
    )


def _side_by_side(view: PairView) -> list[tuple[str, ...]]:
    words = {
        "called": _("Called"),
        "cards": _("Card"),
        "branch": _("Branch"),
        "numbers": _("Numbers"),
        "born": _("Born"),
        "joined": _("Joined"),
        "place": _("Place"),
    }
    dates = {"born", "joined"}
    return [
        (
            said,
            *(
                written_day(getattr(side, name)) if name in dates else getattr(side, name)
                for side in (view.kept, view.other)
            ),
        )
        for name, said in words.items()
    ]
