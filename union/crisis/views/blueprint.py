"""The one blueprint of crisis and what all its pages share."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from flask import Blueprint
from flask_babel import gettext as _

from union.crisis.forms import pairs
from union.crisis.forms.calls import LANGUAGES
from union.crisis.rules.kinds import PageState
from union.kernel.errors import UnionError
from union.members.queries import branches
from union.web.current import perform, reading
from union.web.words import crisis as words

if TYPE_CHECKING:
    from union.crisis.queries.board import Watch
    from union.infra.work import Work
    from union.web.forms import Choices, CommandForm

blueprint = Blueprint("crisis", __name__)

HALF = 16
"""Letters of a command key."""


@blueprint.context_processor
def _crisis_words() -> dict[str, Any]:
    return {
        "crisis_words": words,
        "acts_for": acts_for,
        "loop_key": button_key,
        "key_for": key_for,
        "reasons_in_words": reasons_in_words,
        "tongue": tongue,
    }


def tongue(language: str) -> str:
    """A language as the reader calls it; one we have no word for keeps its own."""
    return str(LANGUAGES.get(language, language.title()))


def reasons_in_words(reasons: Iterable[str]) -> list[str]:
    """What spoke for and against her when she was asked."""
    return [str(words.REASONS.get(reason, reason)) for reason in reasons]


def button_key(words_of_button: str) -> int:
    """Twenty bits that tell one button of a page from another, for a command key of its own."""
    return zlib.crc32(words_of_button.encode()) % 2**20


def key_for(form: CommandForm, about: str) -> str:
    """A command key for one of many buttons: half the page's own, half what the button is for."""
    return form.key()[:HALF] + hashlib.sha256(about.encode()).hexdigest()[:HALF]


def acts_for(state: PageState) -> list[tuple[str, str]]:
    """What the desk can write down about somebody in this state."""
    says = {
        "yes": _("She comes"),
        "no": _("She cannot"),
        "briefed": _("Told her where"),
        "arrived": _("She is there"),
        "lost": _("Not coming after all"),
        "home": _("Let her go"),
        "well": _("She is well"),
    }
    if state is PageState.ARRIVED:
        says["lost"] = _("She cannot stay")
    return [(name, says[name]) for name in _ACTS.get(state, ())]


_ACTS: dict[PageState, tuple[str, ...]] = {
    PageState.ASKED: ("yes", "no"),
    PageState.SILENT: ("yes",),
    PageState.DECLINED: ("yes",),
    PageState.ACCEPTED: ("briefed", "lost"),
    PageState.BRIEFED: ("arrived", "lost", "home"),
    PageState.EN_ROUTE: ("arrived", "lost", "home"),
    PageState.ARRIVED: ("well", "lost"),
    PageState.DROPPED_OUT: ("arrived",),
}


def district_choices() -> Choices:
    """Every district, and none."""
    return pairs([("", _("not said")), *((b.name, b.name) for b in branches(reading().session))])


def said_of(one: Watch) -> str:
    """How a call is named in a list of calls: where it is, and what is known of that."""
    return " · ".join(part for part in (one.branch, one.place) if part) or _("place not known")


def done(form: CommandForm, name: str, act: Callable[[Work], object]) -> bool:
    """Do one command; False, with the reason said on the form, if it was refused."""

    def act_once(work: Work) -> dict[str, int]:
        act(work)
        return {}

    if not form.validate_on_submit():
        return False
    try:
        perform(form, name, act_once)
    except UnionError as error:
        form.say(error)
        return False
    return True
