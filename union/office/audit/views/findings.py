"""Findings: written by a trustee, answered by who keeps the money, followed up until settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from union.kernel.errors import NotAllowedError
from union.kernel.money import parse_amount
from union.office.audit.forms import AnswerForm, FindingForm, FollowUpForm
from union.office.audit.policy import may_reply
from union.office.audit.queries.reports import report_of
from union.office.audit.queries.workspace import audit_by_ref, finding_by_ref, findings
from union.office.audit.services import answer_finding, write_finding
from union.office.audit.services.findings import REPLY, NewFinding
from union.office.audit.views.blueprint import blueprint, do_and_go
from union.web.current import current_actor, reading
from union.web.forms import Choices, choices_of
from union.web.render import page
from union.web.words.audit import NO_STEP, STEPS

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


@blueprint.route("/<ref>/findings", methods=["GET", "POST"])
def write(ref: str) -> ResponseReturnValue:
    """Write down what was found."""
    form = FindingForm(severity="minor")
    form.step.choices = step_choices()
    if form.is_submitted():
        done = do_and_go(form, lambda work: {"ref": _write(work, ref, form)}, "audit.finding")
        if done is not None:
            return done
    audit = audit_by_ref(reading().session, ref)
    signed = report_of(reading(), audit) is not None
    return page("audit/write.html", form=form, audit=audit, signed=signed)


def step_choices() -> Choices:
    """The steps, and none of them."""
    return choices_of({"": NO_STEP, **{code: one.title for code, one in STEPS.items()}})


def _write(work: Work, ref: str, form: FindingForm) -> str:
    found = NewFinding(
        words=str(form.words.data).strip(),
        severity=form.severity.data,
        step=form.step.data or None,
        amount_minor=parse_amount(form.amount.data) if form.amount.data else None,
    )
    return write_finding(work, ref, found).ref


@blueprint.get("/findings")
def all_findings() -> ResponseReturnValue:
    """Everything trustees found, newest first: what waits for a reply is said first."""
    return page("audit/findings.html", findings=findings(reading()))


@blueprint.route("/findings/<ref>", methods=["GET", "POST"])
def finding(ref: str) -> ResponseReturnValue:
    """One finding, what was said to it, and a place to say more."""
    form = AnswerForm() if may_reply(current_actor()) else FollowUpForm(kind="settled")
    if form.is_submitted():
        done = do_and_go(form, lambda work: _answer(work, ref, form), "audit.finding")
        if done is not None:
            return done
    return page("audit/finding.html", form=form, finding=finding_by_ref(reading(), ref))


def _answer(work: Work, ref: str, form: AnswerForm) -> dict[str, str]:
    kind = form.kind.data if isinstance(form, FollowUpForm) else REPLY
    if not kind:
        raise NotAllowedError
    answer_finding(work, ref, str(kind), str(form.words.data).strip())
    return {"ref": ref}
