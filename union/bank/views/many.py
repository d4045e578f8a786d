"""Several waiting lines decided with one press: each by itself, by the laws of a single one.

A line that cannot be decided so is left as it was and said with its reason; the others go on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from flask import request
from sqlalchemy.exc import DataError, IntegrityError

from union.bank.errors import DecisionUnfitError
from union.bank.forms import AS_PROPOSED, KEEP, ManyForm
from union.bank.models import BankWord
from union.bank.queries.hands import carried_until, words_open
from union.bank.queries.lines import line_view
from union.bank.queries.proposals import all_waiting
from union.bank.queries.tables import bank_account
from union.bank.rules.choices import Choice
from union.bank.rules.kinds import Kind
from union.bank.services import say_line
from union.bank.views.blueprint import blueprint
from union.bank.views.shown import ShownLine, candidate_of, show
from union.kernel.errors import UnionError
from union.web.current import perform, reading
from union.web.forms import named_choices
from union.web.render import page
from union.web.words import in_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work

MOST = 100
"""So many lines stand on the page, the oldest; the rest comes when these are decided."""

TICKED = ("none", "proposed", "came", "went")


@dataclass(frozen=True, slots=True)
class OneOfMany:
    """One line's part of what was sent: a command of its own under a key of its own."""

    sent_key: str
    ref: str
    said: Mapping[str, Any]

    def key(self) -> str:
        """The same for the same page sent twice, and another for every line of it."""
        return hashlib.sha256(f"{self.sent_key}|{self.ref}".encode()).hexdigest()[:32]

    def content(self) -> Mapping[str, Any]:
        """What was said of this line."""
        return self.said


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many were booked, how many wait for a second person, and what could not be, with why."""

    booked: int
    second: int
    refused: Mapping[str, object]


@blueprint.get("/many")
def many() -> ResponseReturnValue:
    """All that waits, to be ticked; ``tick`` chooses which are ticked to begin with."""
    tick = request.args.get("tick", "none")
    return _many(ManyForm(formdata=None), tick if tick in TICKED else "none")


@blueprint.post("/many")
def decide_many() -> ResponseReturnValue:
    """Decide what was ticked, line by line; the page then shows what is left."""
    form = ManyForm()
    # Whatever was sent may be ticked: each line knows by itself whether it still waits.
    form.lines.choices = named_choices([(value, "") for value in form.lines.data or ()])
    if not form.validate_on_submit():
        return _many(form, "sent")
    outcome = _decide(form)
    if outcome.refused:
        return _many(form.anew(), "sent", outcome)
    return _many(ManyForm(formdata=None), "none", outcome)


def _decide(form: ManyForm) -> Outcome:
    done: list[Mapping[str, Any]] = []
    refused: dict[str, object] = {}
    for ref, key in (_parted(value) for value in dict.fromkeys(form.lines.data or ())):
        said = {"what": str(form.what.data), "note": str(form.note.data or ""), "key": key}
        one = OneOfMany(form.key(), ref, said)
        try:
            done.append(perform(one, "decide_many", partial(_say, one)))
        except UnionError as error:
            refused[ref] = in_words(error)
        except (IntegrityError, DataError):
            # A law of the database's own refused it: nothing of this line was written.
            refused[ref] = in_words(DecisionUnfitError())
    second = sum(bool(one["waits"]) for one in done)
    return Outcome(len(done) - second, second, refused)


def _say(one: OneOfMany, work: Work) -> dict[str, Any]:
    view, what = line_view(work, one.ref), one.said["what"]
    note = str(one.said["note"]).strip() or None
    if what == AS_PROPOSED:
        choice = Choice.of(candidate_of(work, view, one.said["key"]))
    elif what == KEEP and view.line.amount_minor < 0:
        choice = Choice(Kind.CARRIED, note=note, until=carried_until(work.session, view.line))
    else:
        choice = Choice(Kind.HELD if what == KEEP else Kind(what), note=note)
    made = say_line(work, one.ref, choice)
    return {"id": made.id, "waits": isinstance(made, BankWord)}


def _parted(value: str) -> tuple[str, str]:
    """A tick names its line and what was proposed for it when the page was shown."""
    ref, _, key = value.partition(":")
    return ref, key


def _many(form: ManyForm, tick: str, outcome: Outcome | None = None) -> ResponseReturnValue:
    work = reading()
    found = all_waiting(work, bank_account(work.session))
    asked = {one.word.line_id for one in words_open(work)}
    open_to = [one for one in (*found.proposed, *found.unmatched) if one.view.line.id not in asked]
    open_to.sort(key=lambda one: (one.view.line.booked_on, one.view.line.id))
    shown = show(work, open_to[:MOST])
    return page(
        "bank/many.html",
        form=form,
        shown=shown,
        more=len(open_to) - len(shown),
        asked=len(asked),
        ticked=_ticked(form, shown, tick, outcome),
        tick=tick,
        outcome=outcome,
    )


def _ticked(
    form: ManyForm, shown: Sequence[ShownLine], tick: str, outcome: Outcome | None
) -> set[str]:
    """The lines ticked when the page is shown; what could not be decided stays ticked."""
    if outcome is not None:
        return set(outcome.refused)
    if tick == "sent":
        return {_parted(value)[0] for value in form.lines.data or ()}
    return {one.view.line.ref for one in shown if _begins_ticked(one, tick)}


def _begins_ticked(one: ShownLine, tick: str) -> bool:
    if tick == "proposed":
        return bool(one.candidates)
    came = one.view.line.amount_minor > 0
    return (tick == "came" and came) or (tick == "went" and not came)
