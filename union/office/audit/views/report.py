"""Signing the report, reading it, and taking it along as a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Response, redirect, url_for

from union.kernel.errors import NotFoundError, UnionError
from union.office.audit.forms import SignForm
from union.office.audit.queries.reports import report_of
from union.office.audit.queries.workspace import audit_by_ref, samples
from union.office.audit.services import sign_report
from union.office.audit.views.blueprint import answer_of, blueprint
from union.office.audit.views.paper import drawn_words, report_paper, standing_words
from union.web.current import acting, reading
from union.web.limits import SIGN_IN_TRIES, limiter
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.route("/<ref>/sign", methods=["GET", "POST"])
@limiter.limit(SIGN_IN_TRIES, methods=["POST"])
def sign(ref: str) -> ResponseReturnValue:
    """Sign the report with her own password; the first signature freezes it."""
    form = SignForm()
    if form.validate_on_submit():
        try:
            with acting() as work:
                sign_report(work, ref, str(form.password.data))
            return redirect(url_for("audit.report", ref=ref))
        except UnionError as error:
            form.say(error)
    work = reading()
    audit = audit_by_ref(work.session, ref)
    unseen = [one for one in samples(work.session, audit) if one.looked_at < one.size]
    return page("audit/sign.html", form=form, audit=audit, unseen=unseen)


@blueprint.get("/<ref>/report")
def report(ref: str) -> ResponseReturnValue:
    """The signed report."""
    work = reading()
    view = report_of(work, audit_by_ref(work.session, ref))
    if view is None:
        raise NotFoundError
    drawn = [drawn_words(one) for one in view.content["samples"]]
    return page("audit/report.html", view=view, drawn=drawn, standing=standing_words(view.content))


@blueprint.get("/<ref>/report.pdf")
def report_pdf(ref: str) -> ResponseReturnValue:
    """The signed report as a paper."""
    work = reading()
    view = report_of(work, audit_by_ref(work.session, ref))
    if view is None:
        raise NotFoundError
    answer = Response(report_paper(view, answer_of), mimetype="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="report.pdf"'
    return answer
