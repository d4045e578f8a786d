"""C1 and C4 over the whole product: whoever is killed, and whatever the carrier does, none is lost.

The short storm is in every run; the long one is in `make prove`, and
`python -m tests.faults.storm` prints its account.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.faults.storm.account import Blame, Kill, Wait
from tests.faults.storm.blowing import Plan, blow


def test_what_was_late_is_laid_to_everybody_killed_while_it_waited() -> None:
    blame = Blame([Kill("ticker", 130.0), Kill("postgres", 100.0), Kill("ticker", 110.0)])
    assert blame.of(Wait(due=104.0, at=108.0)) == ("postgres",)
    assert blame.of(Wait(due=104.0, at=110.0)) == ("postgres", "ticker")
    assert blame.of(Wait(due=116.0, at=129.9)) == ()


def test_a_short_storm_loses_nothing(tmp_path: Path) -> None:
    blown = blow(tmp_path, Plan(incidents=8, kills=4, seed=1))
    assert (blown.account.contacts, len(blown.kills)) == (8, 4)
    assert blown.missing() == []


@pytest.mark.prove
def test_ten_thousand_incidents_and_two_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    with (tmp_path / "progress.log").open("w", buffering=1) as log:
        plan = Plan(10_000, 200, seed=2, minutes=90, say=lambda line: print(line, file=log))
        blown = blow(tmp_path, plan)
    assert blown.missing() == [], "\n".join(blown.lines())
    assert (blown.account.contacts, len(blown.kills)) == (10_000, 200)
