"""One member's page, and her legal name opened by who may."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import redirect, url_for

from union.kernel.errors import UnionError
from union.members.forms import OpenForm, PlainForm
from union.members.queries import (
    all_entries_of,
    branch_of,
    contact_points,
    languages,
    member_views,
    reach,
)
from union.members.queries.lives import life_of
from union.members.queries.pages import (
    cards_of,
    last_stopped,
    merges_of,
    open_pairs,
    own_fields,
    stays,
)
from union.members.services.legal_names import open_legal_name
from union.members.views.blueprint import blueprint, member_here
from union.web.access import row_of
from union.web.current import acting, current_actor, current_scope, reading
from union.web.limits import SIGN_IN_TRIES, limiter
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue


@blueprint.get("/<ref>")
def member(ref: str) -> ResponseReturnValue:
    """Called name and card number, how she may be reached, where she was; no legal name."""
    return member_page(ref)


@blueprint.post("/<ref>/legal-name")
@limiter.limit(SIGN_IN_TRIES)
def legal_name(ref: str) -> ResponseReturnValue:
    """Her legal name, opened with the reader's own password and written down first."""
    form, name = OpenForm(), None
    if form.validate_on_submit():
        try:
            with acting() as work:
                person_id = member_here(ref, work).person_id
                name = open_legal_name(work, person_id, str(form.passphrase.data), form.why)
        except UnionError as error:
            form.say(error)
    return member_page(ref, form, name)


def member_page(
    ref: str, form: OpenForm | None = None, name: str | None = None
) -> ResponseReturnValue:
    """Her page, with her legal name if it was just opened."""
    work = reading()
    her = member_here(ref)
    if her.merged_into is not None:
        kept = member_views(work, [her.merged_into])[her.merged_into]
        return redirect(url_for("members.member", ref=kept.ref))
    person_id = her.person_id
    return page(
        "members/member.html",
        her=member_views(work, [person_id])[person_id],
        member=her,
        branch=branch_of(work.session, person_id),
        fields=own_fields(work, her),
        cards=cards_of(work.session, all_entries_of(work.session, person_id)),
        phones=contact_points(work, person_id),
        reach=reach(work, person_id),
        stopped_at=last_stopped(work, person_id),
        spoken=languages(work.session, person_id),
        life=life_of(work, her),
        stays=stays(work.session, person_id),
        merges=merges_of(work, person_id),
        pairs=open_pairs(work.session, person_id),
        whole=current_scope("intake.files").whole,
        may_open_name=current_actor().has(*row_of("members.legal_name").roles),
        form=form or OpenForm(),
        undo_form=PlainForm(),
        legal_name=name,
    )
