"""The union's own rules of dues, and months that cost otherwise than they were charged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext

from union.dues.forms import KeyForm
from union.dues.forms.decisions import RuleForm
from union.dues.models import DuesRule
from union.dues.queries.corrections import difference_runs, differences
from union.dues.queries.rules import rule_on, rules_set
from union.dues.services import NewRule, run_differences, set_rule, start_differences
from union.infra.work import Work
from union.kernel.errors import UnionError
from union.web.current import current_actor, kit, perform, reading
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


def add_to(blueprint: Blueprint) -> None:
    """Give rules and corrections their addresses."""
    both = ["GET", "POST"]
    blueprint.add_url_rule("/rules", "rules", rules, methods=both)
    blueprint.add_url_rule("/corrections", "corrections", corrections, methods=both)


def rules() -> ResponseReturnValue:
    """The rules as they are, and new ones."""
    work = reading()
    today = work.clock.today()
    form = RuleForm(**_as_written(rule_on(work.session, today)), from_on=today)
    if form.validate_on_submit():
        try:
            perform(form, "set_dues_rule", lambda work: _set(work, form))
        except UnionError as error:
            form.say(error)
        else:
            flash(gettext("It is written down and begins on its day."))
            return redirect(url_for("dues.rules"))
    return page("dues/rules.html", form=form, rules=rules_set(work.session))


def corrections() -> ResponseReturnValue:
    """What differs, month by month; then post it, branch by branch."""
    work, form = reading(), KeyForm()
    if form.validate_on_submit():
        made = perform(form, "start_dues_differences", _start)
        run_differences(kit().unit, current_actor(), int(made["run"]))
        flash(gettext("It is posted. No charge was rewritten."))
        return redirect(url_for("dues.corrections"))
    found, before = differences(work.session), difference_runs(work.session)
    return page("dues/corrections.html", form=form, found=found, before=before)


def _start(work: Work) -> dict[str, Any]:
    return {"run": start_differences(work).id}


def _as_written(rule: DuesRule) -> dict[str, int]:
    names = (
        "join_day",
        "grace_months",
        "suspend_months",
        "lapse_months",
        "charge_lapsed",
        "rest_days",
    )
    levels = zip(("first", "second", "third"), rule.remind_months, strict=True)
    return {name: getattr(rule, name) for name in names} | dict(levels)


def _set(work: Work, form: RuleForm) -> dict[str, Any]:
    new = NewRule(
        from_on=form.from_on.given,
        join_day=form.join_day.given,
        grace_months=form.grace_months.given,
        suspend_months=form.suspend_months.given,
        lapse_months=form.lapse_months.given,
        rest_days=form.rest_days.given,
        charge_lapsed=bool(form.charge_lapsed.data),
        remind_months=(form.first.given, form.second.given, form.third.given),
    )
    return {"rule": set_rule(work, new).id}
