"""Sheets taken in, the cash in each collector's hands, and cash counted together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, url_for

from union.dues.forms import CountForm, KeyForm, SheetForm
from union.dues.queries.collectors import collector_of
from union.dues.queries.handing import OPEN_HANDS, hand_overs_of, settlements_of
from union.dues.queries.rounds import collector_rounds, waiting_lines
from union.dues.services import (
    HandOverCash,
    close_round,
    hand_over,
    import_collections,
    import_handovers,
)
from union.dues.views.shared import round_of
from union.dues.views.told import taken_in
from union.infra.people import is_present
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.kernel.money import as_typed
from union.web.current import current_actor, perform, reading
from union.web.render import page
from union.web.words.dues import REASONS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def add_to(blueprint: Blueprint) -> None:
    """Give rounds their addresses."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/sheets", "sheets", sheets, methods=both)
    blueprint.add_url_rule("/cash", "cash_in_hand", cash_in_hand)
    blueprint.add_url_rule("/cash/mine", "my_round", my_round)
    blueprint.add_url_rule("/cash/<ref>", "count_cash", count_cash, methods=both)
    blueprint.add_url_rule("/cash/<ref>/close", "close_cash", close_cash, methods=["POST"])


def sheets() -> ResponseReturnValue:
    """Take a collectors' sheet in."""
    form = SheetForm()
    if form.validate_on_submit():
        sheet, counted = form.sheet.data.read(), form.handovers.data
        handovers = counted.read() if counted else b""
        try:
            made = perform(form, "import_sheet", lambda work: _import(work, sheet, handovers))
        except UnionError as error:
            form.say(error)
        else:
            flash(taken_in(made))
            return redirect(url_for("dues.waiting"))
    return page("dues/sheets.html", form=form, waiting=len(waiting_lines(reading())))


def cash_in_hand() -> ResponseReturnValue:
    """Who holds how much."""
    work = reading()
    rounds = collector_rounds(work)
    hands = [one for one in hand_overs_of(work.session) if one.state in OPEN_HANDS]
    labels = {one.collector.id: one.label for one in rounds}
    return page("dues/cash.html", rounds=rounds, hands=hands, labels=labels)


def my_round() -> ResponseReturnValue:
    """What a collector herself holds."""
    work, person_id = reading(), current_actor().person_id
    mine = collector_of(work.session, person_id)
    if mine is None:
        return page("dues/my_round.html", one=None)
    (one,) = collector_rounds(work, [mine.id])
    hands = [held for held in hand_overs_of(work.session, mine.id) if held.state in OPEN_HANDS]
    settled = settlements_of(work.session, mine.id)
    return page("dues/my_round.html", one=one, hands=hands, settled=settled)


def count_cash(ref: str) -> ResponseReturnValue:
    """Count cash with a collector and take it into the box."""
    work = reading()
    one = round_of(work, ref)
    collector_id = one.collector.id
    form = CountForm(counted=as_typed(one.count.held_minor), happened_on=work.clock.today())
    if form.validate_on_submit():
        try:
            perform(form, "hand_over", lambda work: _count(work, collector_id, form))
        except UnionError as error:
            form.say(error)
        else:
            return redirect(url_for("dues.count_cash", ref=ref))
        one = round_of(work, ref)
    waiting = waiting_lines(work, collector_id)
    return page(
        "dues/count.html",
        one=one,
        form=form,
        close_form=KeyForm(),
        waiting=waiting,
        hands=[v for v in hand_overs_of(work.session, collector_id) if v.state in OPEN_HANDS],
        reasons=REASONS,
        own=is_present(work, one.collector.person_id),
    )


def close_cash(ref: str) -> ResponseReturnValue:
    """Book what differs now, although something may still wait."""
    form, collector_id = KeyForm(), round_of(reading(), ref).collector.id
    if form.validate_on_submit():
        perform(form, "close_round", lambda work: {"id": close_round(work, collector_id).id})
    return redirect(url_for("dues.count_cash", ref=ref))


def _import(work: Work, sheet: bytes, handovers: bytes) -> dict[str, Any]:
    outcome = import_collections(work, sheet)
    judged = import_handovers(work, handovers) if handovers else ()
    return {
        "booked": outcome.booked,
        "already": outcome.already,
        "waiting": outcome.refused,
        "missing": outcome.missing,
        "amount_minor": outcome.amount_minor,
        "handed": sum(one.reason is None for one in judged),
        "not_handed": sum(one.reason is not None for one in judged),
    }


def _count(work: Work, collector_id: int, form: CountForm) -> dict[str, Any]:
    cash = HandOverCash(
        collector_id=collector_id,
        counted_minor=form.counted.minor,
        happened_on=form.happened_on.given,
        whole=bool(form.whole.data),
    )
    return {"hand_over": hand_over(work, cash).ref}
