"""What restores left standing aside: which backup each former union made room for.

Owns one small file of the data place, there while any of them stands; it must never name one that
another restore put aside.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import psycopg

from union.infra.db import libpq_url
from union.infra.machine_keys import sync_folder, write_whole

NAME = "restored.json"
_TABLE = "SELECT to_regclass('public.restore_done') IS NOT NULL"
_DONE = "SELECT EXISTS (SELECT FROM restore_done WHERE ref = %s)"


@dataclass(frozen=True, slots=True)
class Aside:
    """The endings by which former databases and secrets are known, each with its backup."""

    file: Path

    def of(self, backup: str) -> list[str]:
        """The endings of what made room for this backup, in the order of their names."""
        return sorted(ending for ending, held in self._held().items() if held == backup)

    def keep(self, ending: str, backup: str) -> None:
        """Keep that this was put aside for that backup; what had its name is gone since."""
        write_whole(self.file, json.dumps({**self._held(), ending: backup}).encode())

    def forget(self, ending: str) -> None:
        """It is removed; with the last one the file goes."""
        held = self._held()
        if held.pop(ending, None) is None:
            return
        if held:
            write_whole(self.file, json.dumps(held).encode())
        else:
            self.file.unlink()
            sync_folder(self.file.parent)

    def _held(self) -> dict[str, str]:
        if not self.file.exists():
            return {}
        held: dict[str, str] = json.loads(self.file.read_text())
        return held


def was_restored(url: str, backup: str) -> bool:
    """Whether the union of ``url`` came back from this backup; an empty one came from none."""
    with psycopg.connect(libpq_url(url)) as connection:
        if connection.execute(_TABLE).fetchone() != (True,):
            return False
        return connection.execute(_DONE, (backup,)).fetchone() == (True,)
