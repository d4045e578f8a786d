"""The register as its keeper opens it: branches, one branch, finding somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, url_for

from union.kernel.errors import NotFoundError
from union.members.forms import FindForm
from union.members.policy import refuse_other_branch
from union.members.queries.pages import (
    branch_by_ref,
    branch_counts,
    find_members,
    open_pairs,
    views_in,
)
from union.members.views.blueprint import blueprint
from union.web.current import current_scope, reading
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.members.models import Branch


@blueprint.get("/")
def register() -> ResponseReturnValue:
    """The branches one keeps; who keeps only one is taken there."""
    work = reading()
    branches = branch_counts(work.session, current_scope().branch_ids)
    if len(branches) == 1:
        return redirect(url_for("members.branch", ref=branches[0].ref))
    whole = current_scope("intake.files").whole
    return page(
        "members/register.html",
        branches=branches,
        form=FindForm(),
        pairs=len(open_pairs(work.session)) if whole else 0,
        whole=whole,
    )


@blueprint.get("/branch/<ref>")
def branch(ref: str) -> ResponseReturnValue:
    """Everybody of one branch."""
    work = reading()
    here = branch_by_ref(work.session, ref)
    if here is None:
        raise NotFoundError
    refuse_other_branch(work.actor, here.id)
    return page(
        "members/branch.html",
        branch=here,
        members=views_in(work, here.id),
        form=FindForm(branch=here.ref),
    )


@blueprint.route("/find", methods=["GET", "POST"])
def find() -> ResponseReturnValue:
    """Whom these words mean, among those one may see."""
    form = FindForm()
    work = reading()
    here = _branch_looked_in(str(form.branch.data or ""))
    found = None
    if form.validate_on_submit():
        scope = current_scope().branch_ids if here is None else {here.id}
        found = find_members(work, str(form.words.data), scope)
    return page("members/found.html", form=form, found=found, here=here, whole=_keeps_several())


def _branch_looked_in(ref: str) -> Branch | None:
    """The branch a search was opened from, if one keeps its register; None looks everywhere."""
    if not ref:
        return None
    work = reading()
    here = branch_by_ref(work.session, ref)
    if here is None:
        raise NotFoundError
    refuse_other_branch(work.actor, here.id)
    return here


def _keeps_several() -> bool:
    scope = current_scope("members.register").branch_ids
    return scope is None or len(scope) > 1
