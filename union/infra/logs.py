"""Structured logs on standard error: ids and codes only, one JSON object a line."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING

import structlog

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger

_PLAIN = (int, float, bool, type(None))
_LONGEST_WORD = 80


class ContentInLogError(Exception):
    """A log line was given something that is neither an id nor a code."""


def configure(process: str) -> None:
    """Set up logging for one process; ``process`` names it in every line."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(name)s %(levelname)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _ids_only,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.WriteLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process)


def _ids_only(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    for name, value in event.items():
        if isinstance(value, _PLAIN):
            continue
        if isinstance(value, str) and len(value) <= _LONGEST_WORD and " " not in value:
            continue
        event[name] = "withheld"
    return event
