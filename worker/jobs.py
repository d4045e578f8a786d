"""The one job RQ knows: somebody says that a queue has work, and what is due there is done.

A job carries a queue's name and nothing else. It raises codes only: what RQ keeps of a failure in
Redis must never hold what an exception said.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from union.infra.settings import Settings
from union.kernel.errors import UnionError
from union.wiring import build_house
from worker.queues import work_off

if TYPE_CHECKING:
    from union.wiring import House


class JobFailedError(Exception):
    """A job did not end well; the message is a code."""


@cache
def house() -> House:
    """The parts of this process, built once from the environment."""
    return build_house(Settings.from_environment(), ping=False)


def wake(queue: str) -> None:
    """Do what is due on `queue`."""
    code = _failure(queue)
    if code is not None:
        raise JobFailedError(code)


def _failure(queue: str) -> str | None:
    # Raised outside the handler, so that not even the chain of causes reaches Redis.
    try:
        try:
            work_off(house(), queue)
        except DBAPIError as error:
            if not error.connection_invalidated:
                raise
            # PostgreSQL was started anew: the pool is fresh now, and nothing was half done.
            work_off(house(), queue)
    except UnionError as error:
        return error.code
    except Exception as error:  # noqa: BLE001  any failure must lose its words before RQ sees it
        return type(error).__name__
    return None
