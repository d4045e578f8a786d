"""A state machine in parts: a small one in every run, and the long proof cut for all processors."""

from __future__ import annotations

import pytest
from hypothesis import settings

PARTS = 50
LONG = settings.get_profile("prove")


def in_parts(examples: int, steps: int):
    """Runs of a test by ``examples``, ``steps`` and ``part``: the small one, and fifty long."""
    each = -(-LONG.max_examples // PARTS)
    long = [
        pytest.param(
            each, LONG.stateful_step_count, part, id=f"long-{part}", marks=pytest.mark.prove
        )
        for part in range(1, PARTS + 1)
    ]
    small = pytest.param(examples, steps, 0, id="small")
    return pytest.mark.parametrize(("examples", "steps", "part"), [small, *long])
