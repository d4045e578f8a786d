"""The workspace, one audit with its steps, one step in detail, and the signed heads by day."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from flask import request

from union.infra.signing import fingerprint
from union.ledger.queries import chain_end
from union.ledger.queries.heads import broken_heads, heads
from union.office.audit.errors import DaysBackwardsError
from union.office.audit.forms import DrawForm, FindingForm, OpenAuditForm
from union.office.audit.queries.guide import ask_all, ask_step
from union.office.audit.queries.reports import report_of
from union.office.audit.queries.workspace import (
    audit_by_ref,
    audits,
    findings,
    samples,
    span_of,
)
from union.office.audit.services import open_audit
from union.office.audit.views.blueprint import blueprint, do_and_go
from union.office.audit.views.findings import step_choices
from union.web.current import current_actor, reading
from union.web.render import page
from union.web.words.audit import WAYS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work

FINANCIAL_YEAR_BEGINS = 4


@blueprint.route("/", methods=["GET", "POST"])
def workspace() -> ResponseReturnValue:
    """What was looked at before, what the chain ends in, and a new look."""
    work = reading()
    form = OpenAuditForm(data=_this_year(work.clock.today()))
    if form.is_submitted():
        done = do_and_go(form, lambda held: {"ref": _open(held, form)}, "audit.audit")
        if done is not None:
            return done
    return page(
        "audit/workspace.html", form=form, audits=audits(work.session), end=chain_end(work.session)
    )


def _open(work: Work, form: OpenAuditForm) -> str:
    from_on, to_on = form.from_on.data, form.to_on.data
    if from_on is None or to_on is None:
        raise DaysBackwardsError
    return open_audit(work, form.kind.data, from_on, to_on).ref


def _this_year(today: date) -> dict[str, object]:
    year = today.year if today.month >= FINANCIAL_YEAR_BEGINS else today.year - 1
    return {"kind": "surprise", "from_on": date(year, FINANCIAL_YEAR_BEGINS, 1), "to_on": today}


@blueprint.get("/<ref>")
def audit(ref: str) -> ResponseReturnValue:
    """One audit: every step asked now, its samples, its findings."""
    work = reading()
    found = audit_by_ref(work.session, ref)
    report = report_of(work, found)
    return page(
        "audit/audit.html",
        audit=found,
        steps=report.content["steps"] if report else ask_all(work, span_of(found)),
        report=report,
        samples=samples(work.session, found),
        findings=findings(work, found),
        draw_form=DrawForm(formdata=None, what="vouchers", size=20),
        signed_by_me=report is not None
        and any(one.row.person_id == current_actor().person_id for one in report.signatures),
    )


@blueprint.get("/<ref>/steps/<code>")
def step(ref: str, code: str) -> ResponseReturnValue:
    """One step: what is asked, what came of it, and the rows behind it."""
    work = reading()
    found = audit_by_ref(work.session, ref)
    form = FindingForm(formdata=None, step=code)
    form.step.choices = step_choices()
    return page(
        "audit/step.html",
        audit=found,
        step=ask_step(work, code, span_of(found)),
        finding_form=form,
        way=WAYS.get(code),
        signed=report_of(work, found) is not None,
    )


@blueprint.get("/heads")
def seal_heads() -> ResponseReturnValue:
    """Where the chain ended day by day, to copy by hand or compare with an old paper."""
    session = reading().session
    before = request.args.get("before", type=int)
    shown = heads(session, before if before and 0 < before < 2**63 else None)
    return page(
        "audit/heads.html",
        heads=shown,
        end=chain_end(session),
        broken={one.head_id for one in broken_heads(session)},
        fingerprint=fingerprint,
    )
