"""The page where a number card is printed, and the one where its word is said to her.

What is secret is answered to the sending itself and never kept: sent twice, it is not shown again.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request
from flask_babel import gettext as _

from union.identity.queries.cards import cards_of_person
from union.kernel.errors import UnionError
from union.members.queries import member_views
from union.members.views.blueprint import member_here
from union.office.number_cards.forms import PrintForm, SayWordForm, VouchForm
from union.office.number_cards.paper import print_number
from union.office.number_cards.services import print_for, say_word_to, vouch_for
from union.web.current import perform, reading
from union.web.forms import sent
from union.web.limits import SIGN_IN_TRIES, limiter
from union.web.render import page

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.typing import ResponseReturnValue

    from union.infra.work import Work
    from union.web.forms import CommandForm

blueprint = Blueprint("number_cards", __name__)


@blueprint.route("/members/<ref>/number", methods=["GET", "POST"])
def of_member(ref: str) -> ResponseReturnValue:
    """How it stands with her number card, and a new one: the paper is the answer, once."""
    form, her = PrintForm(), member_here(ref)
    digits = _once(form, f"number_card:{ref}", lambda work: print_for(work, member_here(ref, work)))
    if digits is not None:
        headers = {"Content-Disposition": 'inline; filename="slip.pdf"'}
        return Response(print_number(digits), mimetype="application/pdf", headers=headers)
    work = reading()
    return page(
        "office/number_card.html",
        form=form,
        her=member_views(work, [her.person_id])[her.person_id],
        cards=cards_of_person(work.session, her.person_id),
    )


@blueprint.route("/number/word", methods=["GET", "POST"])
@limiter.limit(SIGN_IN_TRIES, methods=["POST"])
def word() -> ResponseReturnValue:
    """Six digits for whoever stands here, by which she opens the card another has printed."""
    form = SayWordForm()
    card = str(form.card.data or "")
    said = _once(form, "number_card_word", lambda work: say_word_to(work, card))
    return page("office/number_word.html", form=form, said=said)


@blueprint.route("/number/voice", methods=["GET", "POST"])
@limiter.limit(SIGN_IN_TRIES, methods=["POST"])
def voice() -> ResponseReturnValue:
    """A voice that one knows: it counts for her second word a day later, and she is told."""
    form = VouchForm()
    card = str(form.card.data or "")

    def do(work: Work) -> dict[str, str]:
        return {"from": vouch_for(work, card).isoformat()}

    done = sent(form, "number_card_voice", do)
    opens = None if done is None else datetime.fromisoformat(done["from"])
    return page("office/number_voice.html", form=form, opens=opens)


def _once(form: CommandForm, name: str, do: Callable[[Work], str]) -> str | None:
    """The secret that was made just now; None if nothing was sent or it was refused.

    What was made by the same form before is not shown again: nobody keeps it.
    """
    made: list[str] = []

    def one(work: Work) -> dict[str, str]:
        made[:] = [do(work)]
        return {"made": "yes"}

    if request.method != "POST" or not form.validate_on_submit():
        return None
    try:
        perform(form, name, one)
    except UnionError as error:
        form.say(error)
        return None
    if not made:
        form.form_errors.append(_("This was shown once already. Open the page again for another."))
        return None
    return made[0]
