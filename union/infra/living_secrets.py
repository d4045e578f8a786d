"""The secrets as their file says them now: a process that runs for weeks hears of a new key.

It only reads; what cannot be read just now changes nothing, and is said in the log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import structlog

from union.infra.machine_keys import file_mark
from union.infra.settings import Secrets, SettingUnreadableError

if TYPE_CHECKING:
    from union.infra.machine_keys import FileMark

log = structlog.get_logger()


class LivingSecrets:
    """One process's secrets, read again whenever their file is another."""

    def __init__(self, secrets: Secrets) -> None:
        """``secrets`` know the file they were read from, if they were."""
        self._known = secrets
        # They were read before now: of a file changed meanwhile the mark would be too new.
        self._seen: FileMark | None = None

    def now(self) -> Secrets:
        """What the file says; asked with each use, for asking is a glance at the file's marks."""
        file = self._known.machine_keys.file
        found = file_mark(file)
        if file is None or found is None or found == self._seen:
            return self._known
        try:
            self._known = Secrets.from_file(file)
        except (OSError, SettingUnreadableError) as error:
            log.warning("secrets_unreadable", code=type(error).__name__)
        else:
            self._seen = found
        return self._known
