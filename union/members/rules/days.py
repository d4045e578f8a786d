"""Between which days something about a member can have happened; pure."""

from __future__ import annotations

from datetime import date

from union.kernel.errors import UnionError


class MemberDayAheadError(UnionError):
    """What has not happened yet is not written down."""

    code = "member_day_ahead"


class BeforeJoiningError(UnionError):
    """The day lies before she joined, or, where nobody knows when, before anybody did."""

    code = "before_joining"


class BeforeLastChangeError(UnionError):
    """The day lies before the last thing that is written down of her."""

    code = "before_last_change"


class DiedAlreadyError(UnionError):
    """She has died; if that was a mistake, it is taken back first."""

    code = "died_already"


def check_day(on: date, today: date, joined: date | None, changed: date | None) -> None:
    """Refuse a day after today, before she joined, or before what was written of her last.

    Days are civil. MemberDayAheadError, BeforeJoiningError, BeforeLastChangeError.
    """
    if on > today:
        raise MemberDayAheadError
    if joined is not None and on < joined:
        raise BeforeJoiningError
    if changed is not None and on < changed:
        raise BeforeLastChangeError
