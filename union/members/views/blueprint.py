"""The one blueprint of the register, and what its pages have in common."""

from __future__ import annotations

from typing import Any

from flask import Blueprint

from union.infra.work import Work
from union.kernel.errors import NotFoundError
from union.members.models import Member
from union.members.policy import refuse_other_branch
from union.members.queries import branch_of, member_by_ref
from union.web.current import reading
from union.web.words import members as words

blueprint = Blueprint("members", __name__, url_prefix="/members")


@blueprint.context_processor
def in_words() -> dict[str, Any]:
    """How codes are said on these pages."""
    return {
        "statuses": words.STATUSES,
        "lives": words.LIVES,
        "categories": words.CATEGORIES,
        "channel_words": words.CHANNELS,
        "language_words": words.LANGUAGES,
    }


def member_here(ref: str, work: Work | None = None) -> Member:
    """The member of an address, if she is in a branch whose register the actor keeps."""
    work = work or reading()
    member = member_by_ref(work.session, ref)
    if member is None:
        raise NotFoundError
    branch = branch_of(work.session, member.person_id)
    refuse_other_branch(work.actor, branch.id if branch else None)
    return member
