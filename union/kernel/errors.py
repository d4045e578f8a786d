"""The root of every error the product names; an error carries a code and ids, never content."""

from __future__ import annotations

from typing import ClassVar


class UnionError(Exception):
    """Something the product refuses, as a fact with a code.

    ``facts`` hold ids, counts and column positions only: a job's failure may end up in Redis
    and a log, where no name or number may ever stand. ``union/web/words`` puts codes in words.
    """

    code: ClassVar[str] = "union_error"

    def __init__(self, **facts: int | str | None) -> None:
        """Keep the facts; the message is the code alone."""
        super().__init__(self.code)
        self.facts = facts


class NotAllowedError(UnionError):
    """The actor may not do this."""

    code = "not_allowed"


class NotFoundError(UnionError):
    """There is no such thing, or none that this actor may know of."""

    code = "not_found"
