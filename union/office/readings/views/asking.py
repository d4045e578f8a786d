"""What members asked, for the trustees to find out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext as _

from union.office.readings.forms import AnswerForm
from union.office.readings.queries import asking as queries
from union.office.readings.queries.openings import proof_of
from union.office.readings.rules import Outcome
from union.office.readings.services.asking import answer_question
from union.office.readings.views.blueprint import blueprint
from union.office.readings.views.mine import proof_file
from union.web.current import reading
from union.web.forms import sent
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.get("/readings/questions")
def questions() -> ResponseReturnValue:
    """What waits for an answer, then what was answered."""
    return page("readings/questions.html", questions=queries.questions(reading()))


@blueprint.route("/readings/questions/<ref>", methods=["GET", "POST"])
def question(ref: str) -> ResponseReturnValue:
    """One of them, and a place to answer."""
    form = AnswerForm()

    def do(work: Work) -> dict[str, int]:
        outcome = Outcome(form.outcome.data)
        return {"id": answer_question(work, ref, outcome, str(form.words.data)).question_id}

    if sent(form, f"answer_reading:{ref}", do) is not None:
        flash(_("Written down. She reads it beside the line."))
        return redirect(url_for("readings.questions"))
    return page("readings/question.html", form=form, one=queries.question_by_ref(reading(), ref))


@blueprint.get("/readings/questions/<ref>/proof")
def question_proof(ref: str) -> ResponseReturnValue:
    """The row she asked about, to be found in the chain."""
    asked = queries.question_by_ref(reading(), ref)
    return proof_file(proof_of(reading(), asked.reading_id))
