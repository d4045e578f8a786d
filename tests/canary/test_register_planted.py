"""P1: in a union that lives every closed column opens as the register says, and had a word."""

from __future__ import annotations

import pytest

from tests.canary.opening import look
from tests.canary.scenes.every import CANNOT_HOLD_A_WORD
from tests.canary.scenes.stage import OPENS
from union.cli.running import built_house
from union.infra.settings import Settings
from union.kernel.actor import Actor

pytestmark = pytest.mark.outside


def test_every_closed_column_of_a_living_union_opens_as_it_should_and_holds_a_word(system):
    settings = Settings.from_environment(system.endpoints.environment())
    with built_house(settings) as house, house.unit.reading(Actor.system("canary")) as work:
        looked = look(work, OPENS)
    assert looked.shut == []
    missing = sorted(set(looked.empty) - set(CANNOT_HOLD_A_WORD))
    assert not missing, "nobody plants " + " ".join(missing)
    planted = set(CANNOT_HOLD_A_WORD) & set(looked.planted)
    assert planted == set(), "a word can be written there after all"
