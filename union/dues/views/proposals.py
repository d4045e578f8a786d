"""What one proposed of a member's dues, for another to agree to or refuse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext

from union.dues.forms import WAIVER_REASONS, KeyForm
from union.dues.forms.decisions import PAYS_AS
from union.dues.queries.proposals import proposals_open
from union.dues.services import agree_proposal, refuse_proposal
from union.web.current import kit, reading
from union.web.forms import sent
from union.web.render import page

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from union.infra.work import Work


def add_to(blueprint: Blueprint) -> None:
    """Give the list and its two answers their addresses."""
    blueprint.add_url_rule("/proposals", "proposals", proposals)
    blueprint.add_url_rule("/proposals/<ref>/agree", "agree", agree, methods=["POST"])
    blueprint.add_url_rule("/proposals/<ref>/refuse", "refuse", refuse, methods=["POST"])


def proposals() -> ResponseReturnValue:
    """Who shall pay nothing for a while, or less: what waits for a second person."""
    return _list(None)


def agree(ref: str) -> ResponseReturnValue:
    """A second person's yes: it holds, and what was charged meanwhile is set right."""
    form = KeyForm()
    if sent(form, f"agree_proposal:{ref}", lambda work: _agree(work, ref)) is None:
        return _list(form)
    flash(gettext("Agreed. What differs of months before is posted."))
    return redirect(url_for("dues.proposals"))


def refuse(ref: str) -> ResponseReturnValue:
    """A no, or one's own proposal taken back."""
    form = KeyForm()
    if sent(form, f"refuse_proposal:{ref}", lambda work: _refuse(work, ref)) is None:
        return _list(form)
    flash(gettext("Nothing changes for her."))
    return redirect(url_for("dues.proposals"))


def _agree(work: Work, ref: str) -> dict[str, Any]:
    return {"id": agree_proposal(work, ref).id}


def _refuse(work: Work, ref: str) -> dict[str, Any]:
    return {"id": refuse_proposal(work, ref).id}


def _list(said: KeyForm | None) -> ResponseReturnValue:
    work = reading()
    views = proposals_open(work)
    return page(
        "dues/proposals.html",
        hers=[one for one in views if one.hers],
        others=[one for one in views if not one.hers],
        names=kit().name_people(work, {one.proposal.made_by for one in views}),
        reasons=WAIVER_REASONS,
        categories=PAYS_AS,
        said=said,
        key_form=KeyForm(formdata=None),
    )
