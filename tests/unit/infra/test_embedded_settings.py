"""What the embedded PostgreSQL is given follows the machine, within bounds."""

from __future__ import annotations

import pytest

from union.infra.embedded import places


@pytest.mark.parametrize(
    ("memory_mb", "buffers_mb"), [(512, 128), (1024, 128), (2048, 256), (4096, 512), (65536, 512)]
)
def test_an_eighth_of_the_memory_holds_tables_within_bounds(memory_mb, buffers_mb):
    assert places.buffers_mb(memory_mb) == buffers_mb
