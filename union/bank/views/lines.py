"""Lines that wait: one click for what is proposed, somebody's own word for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, redirect, url_for
from flask_babel import gettext

from union.bank.errors import PayerUnknownError
from union.bank.forms import AcceptForm, DecideForm, KeyForm
from union.bank.models import BankDecision, BankWord
from union.bank.queries.hands import (
    carried_until,
    open_word_of,
    said_of_line,
    vouchers_of_sum,
    words_open,
)
from union.bank.queries.lines import (
    carried_lines,
    decisions_of,
    held_lines,
    line_view,
)
from union.bank.queries.proposals import all_waiting, proposed_for
from union.bank.queries.tables import bank_account
from union.bank.rules.choices import REOPENED, Choice
from union.bank.rules.kinds import Kind
from union.bank.services import reopen_line, say_line
from union.bank.views.blueprint import blueprint
from union.bank.views.shown import by_what_they_wait_for, candidate_of, show
from union.kernel.errors import UnionError
from union.members.queries import member_by_card
from union.web.current import kit, perform, reading
from union.web.render import page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flask.typing import ResponseReturnValue

    from union.infra.work import Work
    from union.web.forms import CommandForm


@blueprint.get("/waiting")
def waiting() -> ResponseReturnValue:
    """Everything that waits, oldest first: proposals, then what nobody could match."""
    work = reading()
    account = bank_account(work.session)
    found = all_waiting(work, account)
    asked = {one.word.line_id for one in words_open(work)}
    return page(
        "bank/waiting.html",
        proposed=show(work, found.proposed),
        unmatched=by_what_they_wait_for(show(work, found.unmatched), asked),
        count=found.count,
        carried=carried_lines(work, account),
        held=held_lines(work, account),
        asked=asked,
        accept_form=AcceptForm(formdata=None),
        today=work.clock.today(),
    )


@blueprint.get("/lines/<ref>")
def line(ref: str) -> ResponseReturnValue:
    """One line: what it says, what it may be, what was decided."""
    return _show(ref)


@blueprint.post("/lines/<ref>/accept")
def accept(ref: str) -> ResponseReturnValue:
    """Yes to what was proposed, as it was shown."""
    form = AcceptForm()
    if not form.validate_on_submit():
        return _show(ref)
    return _do(ref, form, lambda work: _accept(work, ref, str(form.shown.data)))


@blueprint.post("/lines/<ref>/decide")
def decide(ref: str) -> ResponseReturnValue:
    """Somebody's own word."""
    form = DecideForm()
    form.offer(line_view(reading(), ref).line.amount_minor)
    if not form.validate_on_submit():
        return _show(ref, form)
    return _do(ref, form, lambda work: _decide(work, ref, form))


@blueprint.post("/lines/<ref>/reopen")
def reopen(ref: str) -> ResponseReturnValue:
    """Take back what was decided, so that it can be decided anew."""
    form = KeyForm()
    if not form.validate_on_submit():
        return _show(ref)
    try:
        perform(form, f"reopen_line:{ref}", lambda work: _reopen(work, ref))
    except UnionError as error:
        form.say(error)
        return _show(ref, form)
    return redirect(url_for("bank.line", ref=ref))


def _do(
    ref: str, form: CommandForm, do: Callable[[Work], Mapping[str, Any]]
) -> ResponseReturnValue:
    try:
        done = perform(form, f"{type(form).__name__}:{ref}", do)
    except UnionError as error:
        form.say(error)
        return _show(ref, form)
    if done["waits"]:
        flash(gettext("Written. It is booked once a second person says the same."))
        return redirect(url_for("bank.line", ref=ref))
    flash(gettext("It is in its place."))
    return redirect(url_for("bank.waiting"))


def _accept(work: Work, ref: str, key: str) -> dict[str, Any]:
    chosen = candidate_of(work, line_view(work, ref), key)
    return _said(say_line(work, ref, Choice.of(chosen)))


def _decide(work: Work, ref: str, form: DecideForm) -> dict[str, Any]:
    kind = Kind(form.kind.data)
    choice = Choice(
        kind=kind,
        person_id=_payer(work, str(form.card.data or "")) if kind is Kind.DUES else None,
        note=(form.note.data or "").strip() or None,
        until=carried_until(work.session, line_view(work, ref).line)
        if kind is Kind.CARRIED
        else None,
    )
    return _said(say_line(work, ref, choice))


def _said(done: BankDecision | BankWord) -> dict[str, Any]:
    """What came of it: decided, or a word that waits for a second person."""
    return {"id": done.id, "waits": isinstance(done, BankWord)}


def _reopen(work: Work, ref: str) -> dict[str, Any]:
    reopen_line(work, ref)
    return {}


def _payer(work: Work, card: str) -> int:
    member = member_by_card(work.session, card)
    if member is None:
        raise PayerUnknownError
    return member.person_id


def _show(ref: str, sent: CommandForm | None = None) -> ResponseReturnValue:
    work = reading()
    view = line_view(work, ref)
    form = sent if isinstance(sent, DecideForm) else DecideForm(formdata=None)
    form.offer(view.line.amount_minor)
    open_to = view.waits or view.carried
    shown = show(work, [proposed_for(work, view)])[0] if open_to else None
    past, answered = decisions_of(work, view.line), said_of_line(work, view.line)
    people = {one.decision.person_id or 0 for one in past}
    people |= {one.decision.made_by or 0 for one in past}
    people |= {one.word.made_by for one in answered}
    people |= {one.word.ended_by or 0 for one in answered}
    return page(
        "bank/line.html",
        view=view,
        shown=shown,
        past=past,
        answered=answered,
        names=kit().name_people(work, people - {0}),
        form=form,
        said=sent,
        word=open_word_of(work.session, view.line.id),
        being_signed=vouchers_of_sum(work.session, -view.line.amount_minor) if open_to else (),
        accept_form=AcceptForm(formdata=None),
        reopen_form=KeyForm(formdata=None) if view.kind in REOPENED and not view.waits else None,
        age=(work.clock.today() - view.line.booked_on).days,
    )
