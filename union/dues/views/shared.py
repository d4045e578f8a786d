"""What the pages of dues share: finding what an address names, or saying there is nothing."""

from __future__ import annotations

from sqlalchemy import select

from union.dues.models import CollectionLine, Collector, DuesRun
from union.dues.policy import may_see_account, may_see_round
from union.dues.queries.rounds import CollectorRound, WaitingLine, collector_rounds, open_lines
from union.dues.queries.runs import run_by_ref
from union.infra.work import Work
from union.kernel.errors import NotAllowedError, NotFoundError
from union.members.models import Member
from union.members.queries import all_entries_of, kept_entry, member_by_ref
from union.web.current import current_actor


def member_of(work: Work, ref: str) -> Member:
    """The member an address names (or the entry hers was joined into), if the actor may see her."""
    named = member_by_ref(work.session, ref)
    member = None if named is None else kept_entry(work.session, named.person_id)
    if member is None:
        raise NotFoundError
    if not may_see_account(current_actor(), all_entries_of(work.session, member.person_id)):
        raise NotAllowedError
    return member


def round_of(work: Work, ref: str) -> CollectorRound:
    """The collector's round an address names, if the actor may see it."""
    collector = work.session.scalar(select(Collector).where(Collector.ref == ref))
    if collector is None:
        raise NotFoundError
    if not may_see_round(current_actor(), all_entries_of(work.session, collector.person_id)):
        raise NotAllowedError
    return collector_rounds(work, [collector.id])[0]


def line_of(work: Work, ref: str) -> WaitingLine:
    """The line of a sheet an address names, opened."""
    line = work.session.scalar(select(CollectionLine).where(CollectionLine.ref == ref))
    if line is None or line.verdict not in {"refused", "missing"}:
        raise NotFoundError
    return open_lines(work, [line])[0]


def run_of(work: Work, ref: str) -> DuesRun:
    """The run an address names."""
    run = run_by_ref(work.session, ref)
    if run is None:
        raise NotFoundError
    return run
