"""The blueprint of the trustees' pages, and how codes and figures are said on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, url_for

from union.kernel.errors import UnionError
from union.kernel.money import format_amount, grouped
from union.office.audit.policy import may_audit, may_reply
from union.office.audit.rules.steps import Verdict
from union.web.current import current_actor, perform
from union.web.formats import short_day
from union.web.words import audit as words
from union.web.words.audit_columns import CELLS, COLUMNS
from union.web.words.ledger import KINDS, account_words, fund_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work
    from union.web.forms import CommandForm

blueprint = Blueprint("audit", __name__, url_prefix="/audit")

MONEY = "_minor"


@blueprint.context_processor
def in_words() -> dict[str, Any]:
    """How codes are said on these pages."""
    return {
        "words": words,
        "columns": COLUMNS,
        "account_words": account_words,
        "fund_words": fund_words,
        "entry_kinds": {**KINDS, **CELLS},
        "answer_of": answer_of,
        "audits_herself": may_audit(current_actor()),
        "replies": may_reply(current_actor()),
    }


class _Said(dict[str, object]):
    """Figures by name; one that a report of an earlier year does not hold is a dash."""

    def __missing__(self, _name: str) -> str:
        return "–"


def answer_of(code: str, verdict: str, figures: Mapping[str, int | str]) -> str:
    """A step's answer as a sentence: its figures in their places, money and days as one reads."""
    words_of = words.STEPS[code]
    if words_of.bare is not None and not figures[words_of.counted]:
        return str(words_of.bare)
    said = _Said(_said(name, value, figures) for name, value in figures.items())
    sentence = words_of.well if verdict == Verdict.WELL else words_of.answer
    besides = [more for name, more in words_of.besides.items() if figures.get(name)]
    return " ".join(str(words) for words in (sentence, *besides)) % said


def _said(name: str, value: int | str, figures: Mapping[str, int | str]) -> tuple[str, object]:
    if name.endswith(MONEY):
        bare = name.removesuffix(MONEY)
        return f"{bare}_sum" if bare in figures else bare, format_amount(int(value))
    if isinstance(value, str) and value:
        return name, short_day(date.fromisoformat(value))
    return name, grouped(value) if isinstance(value, int) else value


def do_and_go(
    form: CommandForm,
    do: Callable[[Work], Mapping[str, str]],
    go: str,
) -> ResponseReturnValue | None:
    """Do one command and go to the page that shows it; None if it was refused, with the words."""
    if not form.validate_on_submit():
        return None
    try:
        done = perform(form, f"{type(form).__name__} {go}", do)
    except UnionError as error:
        form.say(error)
        return None
    return redirect(url_for(go, **done))
