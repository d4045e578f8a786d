"""Drawing papers by chance and saying of each what it showed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, url_for
from flask_babel import gettext

from union.kernel.errors import UnionError
from union.office.audit.forms import DrawForm, LookForm
from union.office.audit.queries.reports import report_of
from union.office.audit.queries.workspace import audit_by_ref, papers_of, sample_by_ref
from union.office.audit.services import draw_sample, look_at_paper
from union.office.audit.services.looking import NewSample
from union.office.audit.views.blueprint import blueprint, do_and_go
from union.office.models import Audit
from union.web.current import perform, reading
from union.web.render import page
from union.web.words import in_words

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.route("/<ref>/draw", methods=["GET", "POST"])
def draw(ref: str) -> ResponseReturnValue:
    """Draw papers of this audit's days."""
    form = DrawForm(what="vouchers", size=20)
    if form.is_submitted():
        done = do_and_go(form, lambda work: {"ref": _draw(work, ref, form)}, "audit.sample")
        if done is not None:
            return done
    audit = audit_by_ref(reading().session, ref)
    signed = report_of(reading(), audit) is not None
    return page("audit/draw.html", form=form, audit=audit, signed=signed)


def _draw(work: Work, ref: str, form: DrawForm) -> str:
    wanted = NewSample(form.what.data, form.size.data or 1, form.seed.data or "")
    return draw_sample(work, ref, wanted).ref


@blueprint.get("/samples/<ref>")
def sample(ref: str) -> ResponseReturnValue:
    """The drawn papers: what must stand on each, and what was seen."""
    work = reading()
    found = sample_by_ref(work.session, ref)
    audit = work.session.get_one(Audit, found.audit_id)
    return page(
        "audit/sample.html",
        sample=found,
        audit=audit,
        papers=papers_of(work.session, found),
        look_form=LookForm,
        signed=report_of(work, audit) is not None,
    )


@blueprint.post("/samples/<ref>/<int:position>")
def look(ref: str, position: int) -> ResponseReturnValue:
    """What this paper showed."""
    form = LookForm()

    def keep(work: Work) -> dict[str, str]:
        look_at_paper(work, ref, position, str(form.verdict.data))
        return {}

    if form.validate_on_submit():
        try:
            perform(form, f"look:{ref}:{position}", keep)
        except UnionError as error:
            flash(in_words(error), "trouble")
    else:
        flash(gettext("Choose what you saw, then write it down."), "trouble")
    return redirect(url_for("audit.sample", ref=ref, _anchor=f"paper-{position}"))
