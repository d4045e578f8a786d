"""Parts that are made for one purpose and thrown away, whatever the environment names.

A replay runs here: there is no address by which it could reach a living union.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from union.infra.embedded.places import ROOT_DATA, Place, Runner, find_programs, make_listed
from union.infra.embedded.postgres import Cluster

if TYPE_CHECKING:
    from collections.abc import Iterator

NOWHERE = "redis://127.0.0.1:1/0"
"""A Redis address at which nobody listens."""


@contextlib.contextmanager
def scratch_place(prefix: str = "scratch-") -> Iterator[Place]:
    """A place that is removed at the end, where the user who runs the servers can reach it."""
    runner = Runner.find()
    above: Path | None = None
    if runner.borrowed:
        above = ROOT_DATA
        make_listed(above)
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir=above))
    try:
        if runner.borrowed:
            folder.chmod(0o755)
        yield Place(folder, runner.make_folder(folder / "run"), runner, find_programs(runner))
    finally:
        shutil.rmtree(folder)


@contextlib.contextmanager
def scratch_cluster(place: Place) -> Iterator[Cluster]:
    """A cluster in ``place`` that does not care about crashes."""
    cluster = Cluster.of(place)
    cluster.durable = False
    cluster.bring_up(lambda _step: None)
    try:
        yield cluster
    finally:
        cluster.stop()
