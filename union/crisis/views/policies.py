"""How calls are answered: read, tried out with nobody asked, changed into a next version, compared.

An address names its kind by a number only: nothing of a crisis stands in it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from flask import redirect, request, url_for
from flask_babel import gettext as _

from union.crisis.forms.policies import EndPolicyForm, PolicyForm, TryForm
from union.crisis.models import CrisisPolicy
from union.crisis.policy import writes_policies
from union.crisis.queries.policies import (
    newest_of,
    newest_policies,
    scope_of,
    versions_of,
    words_of,
)
from union.crisis.queries.preview import who_would_be_asked
from union.crisis.rules.policies import Draft, Scope
from union.crisis.services import policies as services
from union.crisis.views.blueprint import blueprint, done
from union.crisis.views.policy_forms import (
    KINDS,
    SEVERITIES,
    Told,
    branch_names,
    code_of,
    districts,
    draft_of,
    drafted,
    filled_form,
    is_safe,
    scope_written,
    told_of,
    with_districts,
)
from union.kernel.errors import NotFoundError
from union.members.queries import branches
from union.web.current import current_actor, kit, reading
from union.web.render import page
from union.web.words import policies as words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from union.crisis.models import Incident
    from union.crisis.rules.rehearsal import Rehearsed
    from union.infra.work import Work


@blueprint.context_processor
def _policy_words() -> dict[str, object]:
    return {"policy_words": words}


@blueprint.get("/steps")
def policies() -> ResponseReturnValue:
    """What is done for each kind of call, the widest first."""
    rows = newest_policies(reading().session)
    told = [told_of(scope_of(row), row) for row in rows if row.kind in KINDS]
    written = {one.scope for one in told}
    told += [told_of(Scope(kind), None) for kind in KINDS if Scope(kind) not in written]
    told.sort(key=lambda one: (not one.scope.is_widest, one.code))
    by_kind = [(kind, [one for one in told if one.scope.kind is kind]) for kind in KINDS]
    return page("crisis/policies.html", all=by_kind, branches=branch_names())


@blueprint.get("/steps/<code>")
def policy(code: str) -> ResponseReturnValue:
    """One of them: its steps, who would be asked, and every version."""
    return _one(code)


@blueprint.post("/steps/<code>/end")
def policy_end(code: str) -> ResponseReturnValue:
    """From now on the wider one holds."""
    form, scope = EndPolicyForm(), _scope(code)

    def do(work: Work) -> None:
        services.end_policy(work, scope, str(form.words.data), int(form.seen.data or 0))

    if done(form, "policy_end", do):
        return redirect(url_for("crisis.policies"))
    return _one(code, form)


@blueprint.route("/steps/<code>/change", methods=["GET", "POST"])
def policy_change(code: str) -> ResponseReturnValue:
    """Write the next version, or try it out first."""
    told = _newest(code)
    form = with_districts(PolicyForm() if request.method == "POST" else filled_form(told))
    if request.method == "GET":
        return _change(told, form)
    if not form.validate() or not is_safe(form):
        return _change(told, form)
    if form.act.data == "try":
        tried = _tried(draft_of(form), form.where.data, form.hour.data)
        return _change(told, form, tried)
    if not (form.words.data or "").strip():
        form.form_errors.append(_("Say why it is changed: whoever reads it later asks that first."))
        return _change(told, form)
    scope = scope_written(told, form)

    def do(work: Work) -> None:
        seen = int(form.seen.data or 0) if scope == told.scope else None
        services.new_policy(work, scope, draft_of(form), str(form.words.data), seen)

    if done(form, "policy_change", do):
        return redirect(url_for("crisis.policy", code=code_of(scope)))
    return _change(told, form)


def _change(told: Told, form: PolicyForm, tried: list[Rehearsed] | None = None) -> str:
    return page(
        "crisis/policy_change.html",
        told=told,
        form=form,
        tried=tried,
        names=_names(tried),
        branches=branch_names(),
        used=sum(bool(step.who.data) for step in form.steps) + 1,
    )


def _one(code: str, refused: EndPolicyForm | None = None) -> str:
    work, told = reading(), _newest(code)
    versions = versions_of(work.session, told.scope)
    older = next((one for one in versions if str(one.version) == request.args.get("than")), None)
    tryout = TryForm(
        request.args, hour=kit().unit.clock.now().astimezone(kit().unit.clock.zone).hour
    )
    tryout.where.choices = districts()
    asked = _tried(told.draft, tryout.where.data, tryout.hour.data) if request.args else None
    if told.scope.branch_id and tryout.where.data is None:
        tryout.where.data = told.scope.branch_id
    return page(
        "crisis/policy.html",
        told=told,
        versions=versions,
        why={one.version: words_of(work, one) for one in versions},
        older=older and Told(told.scope, code, drafted(older), older.version, older),
        tryout=tryout,
        tried=asked,
        names={**_names(asked), **_writers(work, versions)},
        branches=branch_names(),
        may=_may(),
        end=refused or EndPolicyForm(formdata=None, seen=str(told.version)),
        refused=refused,
    )


def steps_href(work: Work, incident: Incident) -> str:
    """Where the steps of an incident are read."""
    scope = scope_of(work.session.get_one(CrisisPolicy, incident.policy_id))
    return url_for("crisis.policy", code=code_of(scope)) if scope.kind in KINDS else ""


def _may() -> bool:
    return writes_policies(current_actor())


def _scope(code: str) -> Scope:
    parts = code.split("-")
    if len(parts) != len(("kind", "severity", "branch")) or not all(p.isdecimal() for p in parts):
        raise NotFoundError
    kind, severity, branch_id = (int(part) for part in parts)
    known = {branch.id for branch in branches(reading().session)} | {0}
    if kind >= len(KINDS) or severity >= len(SEVERITIES) or branch_id not in known:
        raise NotFoundError
    return Scope(KINDS[kind], SEVERITIES[severity], branch_id or None)


def _newest(code: str) -> Told:
    """The newest of a scope; NotFoundError where it has none of its own."""
    scope = _scope(code)
    row = newest_of(reading().session, scope)
    if row is None and not scope.is_widest:
        raise NotFoundError
    return told_of(scope, row)


def _tried(draft: Draft, where: int | None, hour: int | None) -> list[Rehearsed]:
    """At the next such hour; in the first district where none is chosen."""
    clock = kit().unit.clock
    now = clock.now().astimezone(clock.zone)
    at: datetime = now.replace(hour=hour or 0, minute=0, second=0, microsecond=0)
    at = at if at >= now else at + timedelta(days=1)
    first = next(iter(branches(reading().session)), None)
    return who_would_be_asked(reading(), draft, where or (first.id if first else 0), at)


def _names(tried: list[Rehearsed] | None) -> dict[int, str]:
    people = {w.person_id for one in tried or () for _role, w in one.asked}
    people |= {person for one in tried or () for person in one.in_charge}
    return dict(kit().name_people(reading(), people))


def _writers(work: Work, versions: Sequence[CrisisPolicy]) -> dict[int, str]:
    people = {one.made_by_person_id for one in versions if one.made_by_person_id}
    return dict(kit().name_people(work, people))
