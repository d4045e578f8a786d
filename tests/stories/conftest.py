"""A night on a clock that is moved, with the real routes of facts and timers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders.crisis import ROUTES, Night, Workers
from union.infra.work import UnitOfWork


@pytest.fixture
def unit(unit: UnitOfWork) -> UnitOfWork:
    return replace(unit, routes=ROUTES)


@pytest.fixture
def night(unit, clock) -> Night:
    return Night(unit, Workers(unit, clock), clock)
