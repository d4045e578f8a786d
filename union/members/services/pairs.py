"""Two entries that may be one woman: proposed, decided by a person, undone by a person."""

from __future__ import annotations

from sqlalchemy import select

from union.infra.people import is_present
from union.infra.work import Work
from union.kernel.errors import NotAllowedError, NotFoundError, UnionError
from union.kernel.ids import new_ref
from union.members.models import Duplicate, Member, Merge
from union.members.queries.people import kept_entry
from union.members.services.changes import log_member
from union.members.services.reach import refresh_shared_of


class MergeLoopError(UnionError):
    """An entry cannot be joined with itself, nor twice, nor with one that was joined into it."""

    code = "merge_loop"


class BothStandForOthersError(UnionError):
    """Others were joined to each of these two, so neither may go."""

    code = "both_stand_for_others"


class DecidedError(UnionError):
    """Somebody has decided this already."""

    code = "already_decided"


def propose_pair(work: Work, person_id: int, other_person_id: int, reasons: list[str]) -> Duplicate:
    """Propose that two members are one person; a proposal that was made before is returned."""
    known = work.session.scalar(
        select(Duplicate).where(
            Duplicate.person_id.in_([person_id, other_person_id]),
            Duplicate.other_person_id.in_([person_id, other_person_id]),
        )
    )
    if known is not None:
        return known
    proposal = Duplicate(
        ref=new_ref(),
        person_id=person_id,
        other_person_id=other_person_id,
        reasons=reasons,
        proposed_at=work.clock.now(),
    )
    work.session.add(proposal)
    work.session.flush()
    return proposal


def decide_pair(work: Work, duplicate_id: int, *, same: bool) -> Duplicate:
    """Write down what a person decided; DecidedError if that was done before.

    NotAllowedError for whoever is one of the two: about her own entries another decides.
    """
    pair = work.session.get(Duplicate, duplicate_id, with_for_update=True)
    if pair is None:
        raise NotFoundError
    _not_her_own(work, pair.person_id, pair.other_person_id)
    if pair.decision is not None:
        raise DecidedError
    pair.decision = "same" if same else "different"
    pair.decided_at = work.clock.now()
    pair.decided_by = work.actor.person_id
    work.session.flush()
    return pair


def reopen_pair(work: Work, pair: Duplicate) -> None:
    """Take a decision away: the proposal waits for a person as on its first day."""
    pair.decision = pair.decided_at = pair.decided_by = None
    work.session.flush()


def merge_members(work: Work, kept_person_id: int, gone_person_id: int) -> Merge:
    """Join two entries: the one that goes points to the kept one, and nothing is moved.

    Each is taken for the entry it stands for by now; the one that others were joined to is kept.
    Invariant: a pointer leads in one step to an entry that points nowhere. MergeLoopError if they
    are one already, BothStandForOthersError if neither may go, NotAllowedError for whoever is one
    of the two: what is another woman's would be hers.
    """
    _not_her_own(work, kept_person_id, gone_person_id)
    for person_id in sorted((kept_person_id, gone_person_id)):
        work.session.get(Member, person_id, with_for_update=True, populate_existing=True)
    kept, gone = (_standing(work, person_id) for person_id in (kept_person_id, gone_person_id))
    if kept is gone:
        raise MergeLoopError
    if _stands_for_others(work, gone):
        if _stands_for_others(work, kept):
            raise BothStandForOthersError
        kept, gone = gone, kept
    gone.merged_into = kept.person_id
    merge = Merge(
        ref=new_ref(),
        kept_person_id=kept.person_id,
        gone_person_id=gone.person_id,
        merged_at=work.clock.now(),
        merged_by=work.actor.person_id,
    )
    work.session.add(merge)
    work.session.flush()
    refresh_shared_of(work, gone.person_id)
    log_member(work, "member_merged", kept.person_id)
    return merge


def _not_her_own(work: Work, *person_ids: int | None) -> None:
    if is_present(work, *(one for one in person_ids if one is not None)):
        raise NotAllowedError


def _standing(work: Work, person_id: int) -> Member:
    standing = kept_entry(work.session, person_id)
    if standing is None:
        raise NotFoundError
    return standing


def _stands_for_others(work: Work, member: Member) -> bool:
    others = select(Member.person_id).where(Member.merged_into == member.person_id).limit(1)
    return work.session.scalar(others) is not None


def undo_merge(work: Work, merge_id: int) -> Merge:
    """Part two entries again; each has its own history as before. Twice changes nothing.

    NotAllowedError for whoever is one of the two.
    """
    merge = work.session.get(Merge, merge_id, with_for_update=True)
    if merge is None:
        raise NotFoundError
    _not_her_own(work, merge.kept_person_id, merge.gone_person_id)
    if merge.undone_at is None:
        merge.undone_at = work.clock.now()
        merge.undone_by = work.actor.person_id
        work.session.get_one(Member, merge.gone_person_id).merged_into = None
        work.session.flush()
        refresh_shared_of(work, merge.gone_person_id)
        log_member(work, "merge_undone", merge.kept_person_id)
    return merge
