"""What several faults share: a union that was backed up, dear to make."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

from tests.faults.saved import OPENS, Scene, furnish
from union.cli.running import prepare
from union.infra.embedded import parts


@pytest.fixture(scope="session")
def scene(nursery, place) -> Iterator[Scene]:
    """A union with members and words that wait, backed up while more of both come in."""
    above = place / f"restore-{os.getpid()}"
    data, folder = above / "data", above / "backups"
    for name in ("main", "keys"):
        (folder / name).mkdir(parents=True)
    (folder / "opens").write_text(OPENS)
    (folder / "opens").chmod(0o600)
    with parts({"SANGHA_DATA": str(data)}) as endpoints:
        prepare(endpoints)
        scene = Scene(endpoints, data, folder, nursery)
        furnish(scene)
        yield scene
    shutil.rmtree(above)
