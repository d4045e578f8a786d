"""Lines that wait: each with what is the matter, until somebody settles it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, url_for

from union.dues.forms import KeyForm, SettleForm
from union.dues.queries.rounds import WaitingLine, remarked_lines, waiting_lines
from union.dues.services import SettleLine, drop_line, settle_line
from union.dues.views.shared import line_of
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.kernel.money import as_typed
from union.members.queries import member_views
from union.web.current import perform, reading
from union.web.render import page
from union.web.words.dues import REASONS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def add_to(blueprint: Blueprint) -> None:
    """Give waiting lines their addresses."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/waiting", "waiting", waiting)
    blueprint.add_url_rule("/remarks", "remarks", remarks)
    blueprint.add_url_rule("/waiting/<ref>", "settle", settle, methods=both)
    blueprint.add_url_rule("/waiting/<ref>/drop", "drop", drop, methods=["POST"])


def waiting() -> ResponseReturnValue:
    """Everything that waits."""
    return page("dues/waiting.html", waiting_lines=waiting_lines(reading()), reasons=REASONS)


def remarks() -> ResponseReturnValue:
    """Booked lines with a remark to ask about."""
    work = reading()
    lines = remarked_lines(work)
    members = member_views(work, {one.line.person_id or 0 for one in lines})
    return page("dues/remarks.html", remarked=lines, members=members)


def settle(ref: str) -> ResponseReturnValue:
    """Book a line as it should have been."""
    work = reading()
    one = line_of(work, ref)
    form = SettleForm(**_as_written(work, one))
    if form.validate_on_submit():
        try:
            perform(form, "settle_line", lambda work: _settle(work, ref, form))
        except UnionError as error:
            form.say(error)
        else:
            return redirect(url_for("dues.waiting"))
        one = line_of(work, ref)
    return page("dues/settle.html", one=one, form=form, drop_form=KeyForm(), reasons=REASONS)


def drop(ref: str) -> ResponseReturnValue:
    """Let a line go: there is no money behind it."""
    form = KeyForm()
    if form.validate_on_submit():
        perform(form, "drop_line", lambda work: _drop(work, ref))
    return redirect(url_for("dues.waiting"))


def _as_written(work: Work, one: WaitingLine) -> dict[str, Any]:
    line = one.line
    person = line.person_id or 0
    views = member_views(work, [person])
    amount = line.amount_minor if (line.amount_minor or 0) > 0 else line.suggested_minor
    return {
        "card": views[person].card if person in views else "",
        "amount": as_typed(amount or 0),
        "happened_on": line.happened_on,
        "receipt_no": line.receipt_no,
    }


def _settle(work: Work, ref: str, form: SettleForm) -> dict[str, Any]:
    settled = SettleLine(
        line_ref=ref,
        card=str(form.card.data),
        amount_minor=form.amount.minor,
        happened_on=form.happened_on.given,
        receipt_no=form.receipt_no.data,
    )
    return {"payment": settle_line(work, settled)}


def _drop(work: Work, ref: str) -> dict[str, Any]:
    drop_line(work, ref)
    return {}
