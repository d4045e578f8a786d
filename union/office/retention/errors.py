"""What can be wrong with a wish for other days, or with a hold."""

from __future__ import annotations

from union.kernel.errors import UnionError


class DaysOutOfBoundsError(UnionError):
    """Shorter than the law or the union's own least, or longer than anything is kept."""

    code = "retention_days_bounds"


class WishWaitsError(UnionError):
    """Somebody has proposed other days for this already."""

    code = "retention_wish_waits"


class WishNotByTwoError(UnionError):
    """The second hand must be another person's."""

    code = "retention_wish_by_two"


class HoldTooLongError(UnionError):
    """A year at most, and not in the past."""

    code = "hold_too_long"


class HoldNotByTwoError(UnionError):
    """Somebody else lifts what she has asked to lift."""

    code = "hold_not_by_two"


class HoldEndedError(UnionError):
    """It is over already."""

    code = "hold_ended"
