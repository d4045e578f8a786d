"""The second hand of a locked office, in a process that is killed at a named point of it.

Reads what to do from its environment, as what the nursery forks does.
"""

from __future__ import annotations

import json
import os

from tests.builders.locking import hand_of
from tests.builders.members import PASSPHRASE
from tests.faults import points
from union.infra.settings import Settings
from union.office.locking import services
from union.wiring import build_house

WHO = "SECOND_HAND"


def main() -> None:
    """Give it, as the page does."""
    for where, value in json.loads(os.environ[points.SET]).items():
        holder, name = points._find(where)
        setattr(holder, name, value)
    if os.environ.get(points.AT):
        where, when, nth = os.environ[points.AT].split()
        points._arm(where, when, int(nth))
    actor = hand_of(int(os.environ[WHO]))
    house = build_house(Settings.from_environment(dict(os.environ)))
    try:
        with house.unit.begin(actor) as work:
            hand = services.give_hand(work, PASSPHRASE)
        assert hand.is_second
        services.bring_back(house.unit, actor, hand)
    finally:
        house.close()


if __name__ == "__main__":
    main()
