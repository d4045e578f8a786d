"""Structured logs on standard error, and the file they are kept in: ids and codes only.

What a process of ours leaves behind is decided here, so it leaves no picture of its memory either.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from union.infra.bare_logs import keep_messages_out

if TYPE_CHECKING:
    from structlog.typing import EventDict, WrappedLogger

_PLAIN = (int, float, bool, type(None))
_LONGEST_WORD = 80
_FULL = 5_000_000
"""Bytes after which a log file is put aside, in the place of the one put aside before."""


class ContentInLogError(Exception):
    """A log line was given something that is neither an id nor a code."""


def configure(process: str) -> None:
    """Set up logging for one process; ``process`` names it in every line.

    From here on neither it nor what it starts leaves a core when it falls: opened words and keys
    would lie in it. Nor does what it says then, or what a library says, hold a message.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    keep_messages_out()
    said = "%(name)s %(levelname)s %(message)s"
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format=said)
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


@dataclass(frozen=True, slots=True)
class LogFile:
    """One file for what all processes note; it is opened for each line, so that it may be moved."""

    path: Path

    def keep(self, line: str) -> bool:
        """Add a line; whether it is one of ours and not, say, a traceback."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        if self.path.exists() and self.path.stat().st_size > _FULL:
            self.path.replace(self.path.with_suffix(".before.log"))
        with self.path.open("a", encoding="utf-8") as file:
            file.write(f"{line}\n")
        return _is_event(line)


def _is_event(line: str) -> bool:
    try:
        said = json.loads(line)
    except ValueError:
        return False
    return isinstance(said, dict) and "event" in said
