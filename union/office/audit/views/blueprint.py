"""The blueprint of the trustees' pages, and how codes and figures are said on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from flask import Blueprint, redirect, url_for

from union.kernel.errors import UnionError
from union.kernel.money import format_amount
from union.office.audit.policy import may_audit, may_reply
from union.web.current import current_actor, perform
from union.web.words import audit as words
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
        "account_words": account_words,
        "fund_words": fund_words,
        "entry_kinds": KINDS,
        "answer_of": answer_of,
        "audits_herself": may_audit(current_actor()),
        "replies": may_reply(current_actor()),
    }


def answer_of(code: str, figures: Mapping[str, int | str]) -> str:
    """A step's answer as a sentence: its figures in their places, money as it is read."""
    said: dict[str, object] = {}
    for name, value in figures.items():
        if name.endswith(MONEY):
            bare = name.removesuffix(MONEY)
            said[f"{bare}_sum" if bare in figures else bare] = format_amount(int(value))
        else:
            said[name] = value
    return str(words.STEPS[code].answer) % said


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
