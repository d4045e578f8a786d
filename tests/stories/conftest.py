"""A night on a clock that is moved, with the real routes of facts and timers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.builders.crisis import ROUTES, Night, Workers
from union.crisis import services
from union.infra.work import UnitOfWork
from union.kernel.actor import Role


@pytest.fixture
def unit(unit: UnitOfWork) -> UnitOfWork:
    return replace(unit, routes=ROUTES)


@pytest.fixture
def night(unit, clock) -> Night:
    return Night(unit, Workers(unit, clock), clock)


@pytest.fixture
def there(night):
    """An incident at which the first two who were asked are; somebody coordinates."""
    night.team(4)
    coordinator = night.in_charge(Role.COORDINATOR)
    incident = night.call()
    asked = night.asked(incident)
    for person in asked[:2]:
        night.comes(person)
        night.do(person, services.arrive)
    return night, incident, asked, coordinator
