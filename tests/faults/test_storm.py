"""C1 and C4 over the whole product: whoever is killed, and whatever the carrier does, none is lost.

The short storm is in every run; the long one is in `make prove`, and
`python -m tests.faults.storm` prints its account.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import pytest

from tests.faults.storm import weather
from tests.faults.storm.account import Account, Blame, Kill, Wait, account
from tests.faults.storm.blowing import Blown, Plan, blow
from tests.faults.storm.weather import Storm, WayIn
from union.infra.work import UnitOfWork
from union.kernel.actor import Actor
from union.messages.services import Outgoing, send

TEST = Actor.system("test")
MANY_LOOKS = 5000


def test_what_was_late_is_laid_to_everybody_killed_while_it_waited() -> None:
    blame = Blame([Kill("ticker", 130.0), Kill("postgres", 100.0), Kill("ticker", 110.0)])
    assert blame.of(Wait(due=104.0, at=108.0)) == ("postgres",)
    assert blame.of(Wait(due=104.0, at=110.0)) == ("postgres", "ticker")
    assert blame.of(Wait(due=116.0, at=129.9)) == ()


@dataclass
class Refusing(WayIn):
    """The union takes nothing, or the carrier itself breaks."""

    error: type[Exception] = PermissionError

    def bring(self, key: str, number: str, words: str) -> None:
        raise self.error(key)


@dataclass
class Fallible:
    """Everybody who is to be killed is there."""

    def kill(self, _name: str) -> float:
        return 1.0


@dataclass
class AtTheDesk:
    """Somebody sits there, with nothing to do."""

    open_now: int = 0
    is_at_work: bool = True


def storm_over_nothing(way_in: WayIn, incidents: int, kills: int) -> Storm:
    """A storm over nothing; one that does not end is cut short after some looks."""
    storm = Storm(Fallible(), AtTheDesk(), way_in, incidents, kills, seed=1)
    looks = count()

    def look() -> None:
        if next(looks) > MANY_LOOKS:
            storm.cut.set()

    storm.blow(look)
    return storm


@pytest.fixture
def quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weather, "WAIT", 0.001)
    monkeypatch.setattr(weather, "FEWEST_SECONDS_BETWEEN_KILLS", 0.0)
    monkeypatch.setattr(weather, "A_SECOND", 10_000.0)


@pytest.mark.usefixtures("quickly")
def test_a_storm_whose_every_report_is_refused_ends_with_all_its_kills() -> None:
    storm = storm_over_nothing(Refusing(), incidents=6, kills=3)
    assert not storm.cut.is_set()
    assert (len(storm.reported), len(storm.not_taken), len(storm.killed)) == (0, 6, 3)


@pytest.mark.usefixtures("quickly")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_storm_whose_carrier_breaks_ends_and_says_who_was_not_killed() -> None:
    storm = storm_over_nothing(Refusing(error=ZeroDivisionError), incidents=6, kills=3)
    assert not storm.cut.is_set()
    assert (storm.tried, len(storm.killed)) == (0, 1)
    told = Blown(Account(), storm.killed, {}, frozenset(), not_killed=3 - len(storm.killed))
    assert told.missing() == ["kills that were not made: 2"]


def page(unit: UnitOfWork, state: str) -> int:
    """A message to who is asked, in this state and never tried."""
    with unit.begin(TEST) as work:
        no_way_there = ("push",)
        message = send(work, Outgoing("page", "desk", no_way_there, to_ref="+915830166131"))
        message.state = state
        return message.id


def test_a_page_nobody_ever_tried_is_lost_unless_it_was_withheld(unit: UnitOfWork) -> None:
    waiting, *_ = [page(unit, state) for state in ("waiting", "withheld", "withdrawn")]
    found = account(unit, knocks=[], kills=[], told={}, ended_at=time.time())
    assert (found.pages, found.pages_lost) == (2, [waiting])


def test_a_short_storm_loses_nothing(tmp_path: Path) -> None:
    blown = blow(tmp_path, Plan(incidents=8, kills=4, seed=1))
    assert (blown.account.contacts, len(blown.kills)) == (8, 4)
    assert blown.missing() == []
