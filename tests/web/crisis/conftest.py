"""A team of four in Bidar, and an operator at the desk."""

from __future__ import annotations

import pytest

from tests.builders.crisis import make_in_charge, make_responder
from tests.builders.members import make_branch
from tests.web.crisis.night import NIGHT
from union.kernel.actor import Role


@pytest.fixture
def team(pages):
    with pages.begin(NIGHT) as work:
        bidar = make_branch(work)
        return [make_responder(work, bidar, point=(17.9, 77.5 + i / 50)) for i in range(4)]


@pytest.fixture
def operator(pages, sign_in):
    with pages.begin(NIGHT) as work:
        person_id = make_in_charge(work, Role.OPERATOR)
    return sign_in(Role.OPERATOR, person_id=person_id)


@pytest.fixture
def three(pages):
    """Three who go in Bidar, day and night."""
    with pages.begin(NIGHT) as work:
        bidar = make_branch(work)
        return [make_responder(work, bidar, languages=("Kannada",)) for _ in range(3)]


@pytest.fixture
def coordinator(pages, sign_in):
    with pages.begin(NIGHT) as work:
        person_id = make_in_charge(work, Role.COORDINATOR)
    return sign_in(Role.COORDINATOR, person_id=person_id)
