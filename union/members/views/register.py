"""The register as its keeper opens it: branches, one branch, finding somebody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, url_for

from union.kernel.errors import NotFoundError
from union.members.forms import FindForm
from union.members.policy import branch_scope, keeps_whole_register, refuse_other_branch
from union.members.queries.pages import (
    branch_by_ref,
    branch_counts,
    find_members,
    open_pairs,
    views_in,
)
from union.members.views.blueprint import blueprint
from union.web.current import reading
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/")
def register() -> ResponseReturnValue:
    """The branches one keeps; who keeps only one is taken there."""
    work = reading()
    branches = branch_counts(work.session, branch_scope(work.actor))
    if len(branches) == 1:
        return redirect(url_for("members.branch", ref=branches[0].ref))
    whole = keeps_whole_register(work.actor)
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
        "members/branch.html", branch=here, members=views_in(work, here.id), form=FindForm()
    )


@blueprint.route("/find", methods=["GET", "POST"])
def find() -> ResponseReturnValue:
    """Whom these words mean, among those one may see."""
    form = FindForm()
    work = reading()
    found = None
    if form.validate_on_submit():
        found = find_members(work, str(form.words.data), branch_scope(work.actor))
    return page("members/found.html", form=form, found=found)
