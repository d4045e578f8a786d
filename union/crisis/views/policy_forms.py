"""A version of the steps as its pages show it, and as a form writes it and is read back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_babel import gettext as _

from union.crisis.forms import pairs
from union.crisis.forms.policies import STEPS_SHOWN, PolicyForm
from union.crisis.rules.escalation import FIRST_POLICIES, Step, read_steps
from union.crisis.rules.kinds import IN_CHARGE, TEAM, AskedAs, Kind, Severity, Who
from union.crisis.rules.policies import Draft, Scope, waited_before, why_unsafe
from union.members.queries import branches
from union.web.current import reading
from union.web.words import policies as words

if TYPE_CHECKING:
    from union.crisis.models import CrisisPolicy
    from union.web.forms import Choices

KINDS = tuple(kind for kind in Kind if kind is not Kind.NUISANCE)
SEVERITIES = (None, *Severity)


@dataclass(frozen=True, slots=True)
class Told:
    """A version as its page shows it; version 0 is what a union begins with, not written yet."""

    scope: Scope
    code: str
    draft: Draft
    version: int
    row: CrisisPolicy | None

    @property
    def in_charge_after(self) -> int:
        """After how many seconds somebody in charge is asked."""
        return min(waited_before(self.draft.steps, office) for office in IN_CHARGE)


def code_of(scope: Scope) -> str:
    """The number by which an address names a scope."""
    severity = SEVERITIES.index(scope.severity)
    return f"{KINDS.index(scope.kind)}-{severity}-{scope.branch_id or 0}"


def told_of(scope: Scope, row: CrisisPolicy | None) -> Told:
    """A scope with its newest row, or with what a union begins with."""
    if row is None:
        quorum, steps = FIRST_POLICIES[scope.kind]
        return Told(scope, code_of(scope), Draft(quorum, read_steps(steps)), 0, None)
    return Told(scope, code_of(scope), drafted(row), row.version, row)


def drafted(row: CrisisPolicy) -> Draft:
    """What a row says."""
    return Draft(row.quorum, read_steps(row.steps))


def filled_form(told: Told) -> PolicyForm:
    """The form as a version stands."""
    steps: list[dict[str, Any]] = [
        {
            "who": step.who.value,
            "wait_seconds": step.wait_seconds,
            "spare": step.spare,
            "role": next(iter(sorted(step.roles)), ""),
            "way": next(iter(step.ways), ""),
        }
        for step in told.draft.steps
    ]
    empty = [{"who": ""} for _ in range(STEPS_SHOWN - len(steps))]
    return PolicyForm(
        formdata=None,
        data={
            "seen": str(told.version),
            "severity": told.scope.severity or "",
            "district": told.scope.branch_id or 0,
            **{role.value: told.draft.quorum.get(role, 0) for role in TEAM},
            "steps": [*steps, *empty],
            "where": told.scope.branch_id or 0,
            "hour": 2,
        },
    )


def with_districts(form: PolicyForm) -> PolicyForm:
    """The form with the districts one can choose."""
    form.district.choices = pairs([(0, _("everywhere")), *_named()])
    form.where.choices = districts()
    return form


def is_safe(form: PolicyForm) -> bool:
    """Say why not, on the form; the service and the database would refuse it too."""
    why = why_unsafe(draft_of(form))
    if why is not None:
        form.form_errors.append(str(words.UNSAFE[why]))
    return why is None


def draft_of(form: PolicyForm) -> Draft:
    """What a valid form says."""
    written = [step.form for step in form.steps if step.who.data]
    steps = tuple(
        Step(
            who=Who(one.who.data),
            wait_seconds=int(one.wait_seconds.data or 0),
            spare=int(one.spare.data or 0),
            roles=frozenset({AskedAs(one.role.data)} if one.role.data else ()),
            ways=(one.way.data,) if one.way.data else (),
        )
        for one in written
    )
    counts = {role.value: int(form[role.value].data or 0) for role in TEAM}
    return Draft(counts, steps)


def scope_written(told: Told, form: PolicyForm) -> Scope:
    """For which calls the form is."""
    severity = Severity(form.severity.data) if form.severity.data else None
    return Scope(told.scope.kind, severity, form.district.data or None)


def _named() -> list[tuple[int, str]]:
    return [(branch.id, branch.name) for branch in branches(reading().session)]


def districts() -> Choices:
    """Every district."""
    return pairs(_named())


def branch_names() -> dict[int, str]:
    """Every district by its id."""
    return dict(_named())
