"""C1 and C4 over the whole product: whoever is killed, and whatever the carrier does, none is lost.

The short storm is in every run; the long one is in `make prove`, and
`python -m tests.faults.storm` prints its account.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.storm.blowing import blow


def test_a_short_storm_loses_nothing(tmp_path: Path) -> None:
    blown = blow(tmp_path, incidents=8, kills=4, seed=1)
    assert (blown.account.incidents, len(blown.kills)) == (8, 4)
    assert blown.missing() == []


@pytest.mark.prove
def test_ten_thousand_incidents_and_two_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    blown = blow(tmp_path, incidents=10_000, kills=200, seed=2)
    assert (blown.account.incidents, len(blown.kills)) == (10_000, 200)
    assert blown.missing() == [], "\n".join(blown.lines())
