"""How far a restore has come: one small file in the data place, written after each stage.

Owns that file; from the moment the databases change places until it is gone nothing else may start.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from union.infra.embedded.errors import StartError
from union.infra.machine_keys import sync_folder, write_whole

NAME = "restore.json"
QUIET, SWAPPING = "quiet", "swapping"
STAGES = ("checked", "main", "keys", "erased", "proved", QUIET, SWAPPING)
"""What is done by then, in this order; after the last one the file goes."""

HALF_SWAPPED = (
    "A restore was broken off while the databases changed places: call `union restore` again, with "
    "what it was called with, and it ends in a moment."
)
ANOTHER = "Another restore is half done here: end that one first, or remove {file}."


@dataclass(frozen=True, slots=True)
class Journal:
    """The stages of one restore; ``of`` names which."""

    file: Path
    of: str

    @classmethod
    def open(cls, data: Path, of: str) -> Journal:
        """Go on with this restore, or begin it; StartError if another one is changing places."""
        journal = cls(data / NAME, of)
        held = _held(journal.file)
        if held.get("of", of) != of:
            if held["stage"] == SWAPPING:
                raise StartError(ANOTHER.format(file=journal.file))
            journal.file.unlink()
        return journal

    def has(self, stage: str) -> bool:
        """Whether this stage was reached."""
        held = _held(self.file)
        return "stage" in held and STAGES.index(held["stage"]) >= STAGES.index(stage)

    def told(self, name: str) -> int:
        """A number that was kept with an earlier stage."""
        return int(_held(self.file).get(name, 0))

    def reach(self, stage: str, **told: int) -> None:
        """Keep that this stage is reached."""
        held = {**_held(self.file), "of": self.of, "stage": stage, **told}
        write_whole(self.file, json.dumps(held).encode())

    def end(self) -> None:
        """It is all done."""
        self.file.unlink()
        sync_folder(self.file.parent)


def refuse_half_swapped(data: Path) -> None:
    """StartError while databases may stand half changed."""
    if _held(data / NAME).get("stage") == SWAPPING:
        raise StartError(HALF_SWAPPED)


def _held(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    held: dict[str, Any] = json.loads(file.read_text())
    return held
