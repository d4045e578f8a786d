"""Whether something about a member can have happened on a day; asked before it is written."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import func, select

from union.infra.work import Work
from union.members.models import Member, MemberEvent
from union.members.rules.days import check_day

_AS_FAR_BACK = timedelta(days=3653)
"""Ten years before her entry was made, where no day of joining is known of anybody."""


def refuse_day(work: Work, person_id: int, on: date, changed: date | None = None) -> None:
    """Refuse a day on which it cannot have been; ``changed`` is a later bound, if there is one.

    Nobody moves or leaves before she joined; where nobody wrote that down, not before the
    union's own first day, nor before her last coming back. MemberDayAheadError,
    BeforeJoiningError, BeforeLastChangeError.
    """
    member = work.session.get_one(Member, person_id)
    joined = member.joined_on or work.session.scalar(select(func.min(Member.joined_on)))
    returned = work.session.scalar(
        select(func.max(MemberEvent.on_day)).where(
            MemberEvent.person_id == person_id, MemberEvent.what == "back"
        )
    )
    bounds = [day for day in (changed, returned) if day is not None]
    check_day(
        on,
        work.clock.today(),
        joined or member.made_at.astimezone(work.clock.zone).date() - _AS_FAR_BACK,
        max(bounds, default=None),
    )
