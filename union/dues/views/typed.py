"""A collector's paper sheet typed in, row by row, without a mouse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, request, url_for

from union.dues.forms.rounds import TypedForm, TypedRow
from union.dues.models import Collector
from union.dues.queries.books import next_receipt
from union.dues.rules.reading import SheetLine
from union.dues.services import TypedOutcome, TypedSheet, take_typed
from union.dues.views.shared import round_of
from union.dues.views.told import taken_in
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.web.current import perform, reading
from union.web.render import page
from union.web.words.dues import REASONS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

ROWS = 20
TYPING = "typing"
"""What Enter in a cell sends where no script moves it on: the rows are shown again, not booked."""


def add_to(blueprint: Blueprint) -> None:
    """Give the sheet its address."""
    blueprint.add_url_rule("/cash/<ref>/typed", "typed_sheet", typed_sheet, methods=["GET", "POST"])


def typed_sheet(ref: str) -> ResponseReturnValue:
    """Type a paper sheet in; what cannot be booked stays in its row with the reason."""
    work = reading()
    one = round_of(work, ref)
    form = TypedForm()
    form.read_rows(request.form, ROWS)
    wrong: dict[int, str] = {}
    typing = TYPING in request.form
    if typing:
        form.go_on()
    elif form.validate_on_submit():
        try:
            made = perform(form, "typed_sheet", lambda work: _take(work, one.collector, form))
        except UnionError as error:
            form.say(error)
        else:
            if not made["wrong"]:
                flash(taken_in(made))
                return redirect(url_for("dues.typed_sheet", ref=ref))
            wrong = {int(row): str(REASONS[reason][0]) for row, reason in made["wrong"]}
            form.begin_again()
        one = round_of(work, ref)
    following = next_receipt(work.session, one.collector.id)
    today = work.clock.today()
    return page(
        "dues/typed.html",
        one=one,
        form=form,
        wrong=wrong,
        at=min(wrong) if wrong else form.next_white if typing else 1,
        typing=typing,
        following=following,
        today=today,
    )


def _take(work: Work, collector: Collector, form: TypedForm) -> dict[str, Any]:
    lines = tuple(_line(collector, row) for row in form.rows if row.filled)
    sheet = TypedSheet(lines, form.total.minor or None, bool(form.leave.data), form.key())
    return _result(take_typed(work, collector, sheet))


def _line(collector: Collector, row: TypedRow) -> SheetLine:
    card = collector.card_number or ""
    return SheetLine(row.number, card, row.receipt, row.day, row.card, row.amount, "")


def _result(outcome: TypedOutcome) -> dict[str, Any]:
    return {
        "booked": outcome.booked,
        "already": outcome.already,
        "waiting": outcome.waiting,
        "amount_minor": outcome.amount_minor,
        "wrong": [[row, reason.value] for row, reason in outcome.wrong],
    }
