"""What the treasurer settles by hand: fees looked at, money of nobody, disputes not awaited."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _

from union.checkout.forms import ButtonForm, PlaceForm
from union.checkout.queries.office import PaymentView, payment_by_ref
from union.checkout.services import (
    ask_again,
    bear,
    clear_fees,
    count_as_owed,
    place,
    settle_aside,
    try_asides,
)
from union.checkout.views.shared import provider
from union.dues.errors import PayerUnknownError
from union.infra.work import Work
from union.kernel.errors import NotFoundError, UnionError
from union.members.queries import member_by_card
from union.web.current import kit, perform, reading
from union.web.render import page
from union.web.words import in_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def add_to(blueprint: Blueprint) -> None:
    """Give each thing to settle its address."""
    blueprint.add_url_rule("/fees", "fees", fees, methods=["POST"])
    blueprint.add_url_rule("/line/<ref>/owed", "owed", owed, methods=["POST"])
    blueprint.add_url_rule("/line/<ref>/borne", "borne", borne, methods=["POST"])
    blueprint.add_url_rule("/aside/<ref>/again", "try_aside", try_aside, methods=["POST"])
    blueprint.add_url_rule("/aside/<ref>/over", "end_aside", end_aside, methods=["POST"])
    blueprint.add_url_rule("/place/<ref>", "place", place_payment, methods=["GET", "POST"])


def fees() -> ResponseReturnValue:
    """What the card company kept is taken as spent."""
    return _press("clear_card_fees", lambda work: {"fees": clear_fees(work)})


def owed(ref: str) -> ResponseReturnValue:
    """A dispute is not waited for: what it had paid is owed again."""
    return _press("count_card_dispute", lambda work: {"line": count_as_owed(work, ref).ref})


def borne(ref: str) -> ResponseReturnValue:
    """Money taken back of nobody's payment is borne by the union."""
    return _press("bear_card_line", lambda work: {"line": bear(work, ref).ref})


def try_aside(ref: str) -> ResponseReturnValue:
    """Ask the card company for a line that lies aside, and book it if it can be now."""
    form = ButtonForm()
    if form.validate_on_submit():
        try:
            perform(form, "try_card_line", lambda work: _asked_again(work, ref))
            booked = try_asides(kit().unit, provider(), ref)
        except UnionError as error:
            flash(str(in_words(error)), "trouble")
        else:
            said = _("It is in the books now."), _("The books cannot take it yet. See why below.")
            flash(said[0] if booked else said[1], "message" if booked else "trouble")
    return redirect(url_for("checkout.cards"))


def end_aside(ref: str) -> ResponseReturnValue:
    """A line that lies aside is in the books another way."""
    return _press("settle_card_line", lambda work: _settled(work, ref))


def place_payment(ref: str) -> ResponseReturnValue:
    """Say whose a payment is."""
    form, view = PlaceForm(), _payment(ref)
    if form.validate_on_submit():
        try:
            perform(form, "place_card_payment", lambda work: _place(work, ref, form))
        except UnionError as error:
            form.say(error)
            view = _payment(ref)
        else:
            return redirect(url_for("checkout.payment", ref=ref))
    return page("checkout/place.html", one=view, form=form)


def _press(name: str, do: Callable[[Work], dict[str, Any]]) -> ResponseReturnValue:
    form = ButtonForm()
    if form.validate_on_submit():
        try:
            perform(form, name, do)
        except UnionError as error:
            flash(str(in_words(error)), "trouble")
        else:
            flash(_("Done. The books have it."))
    return redirect(url_for("checkout.cards"))


def _payment(ref: str) -> PaymentView:
    view = payment_by_ref(reading(), ref)
    if view is None:
        raise NotFoundError
    return view


def _place(work: Work, ref: str, form: PlaceForm) -> dict[str, Any]:
    member = member_by_card(work.session, form.number())
    if member is None:
        raise PayerUnknownError
    place(work, ref, member.person_id)
    return {}


def _asked_again(work: Work, ref: str) -> dict[str, Any]:
    ask_again(work, ref)
    return {}


def _settled(work: Work, ref: str) -> dict[str, Any]:
    settle_aside(work, ref)
    return {}
