"""Whoever carries an erasure out is killed at each of its steps; the timer goes on to the same end.

No key comes back, none is destroyed without a row that says so, and there is one certificate, made
last.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from tests.builders.erasing import TEST, ask_and_agree, make_cast, order_now
from tests.faults import points
from tests.faults.processes import lives, wait_for
from union.cli.check import find_false_certificates, find_violations
from union.infra import erasure_log
from union.infra.invariants import INVARIANTS
from union.infra.key_ends import KeyEnd, keys_of, left_of
from union.kernel.clock import ManualClock
from union.office.erasing.queries import certificate_of
from union.wiring import build_house

CARRYING = "union.office.erasing.services.carrying"
LONG = pytest.mark.prove
POINTS = (
    pytest.param(f"{CARRYING}:order_keys after 1", marks=LONG),
    pytest.param("union.infra.vault:Vault.destroy_key before 1", marks=LONG),
    "union.infra.vault:Vault.destroy_key after 2",
    pytest.param(f"{CARRYING}:destroy_some after 1", marks=LONG),
    f"{CARRYING}:take_away after 1",
    pytest.param(f"{CARRYING}:take_away before 1", marks=LONG),
    "union.infra.erasure_log:write after 1",
    pytest.param("union.infra.erasure_log:write before 1", marks=LONG),
    f"{CARRYING}:certify after 1",
)
"""Around everything that is destroyed, taken away, listed and signed."""


@pytest.fixture
def house(parts):
    """A union four days ago, in which she was told."""
    clock = ManualClock(datetime.now(UTC) - timedelta(days=4))
    house = build_house(parts.settings, clock)
    yield house
    house.close()


def carry(parts, folder, name: str, at: str = ""):
    """A process that fires what is due until nothing of an erasure is, or that is killed."""
    log = folder / f"{name}.log"
    environment = {**parts.environment, **points.environment([points.FIRE], at)}
    process = parts.nursery.begin("command", environment, log)
    wait_for(lambda: not lives(process), 180)
    return log


@pytest.mark.parametrize("at", POINTS)
def test_killed_at_a_step_it_goes_on_to_the_same_end(parts, house, tmp_path, at):
    with house.unit.begin(TEST) as work:
        cast = make_cast(work)
    ref = ask_and_agree(house.unit, cast)
    killed = carry(parts, tmp_path, "killed", at)
    assert points.was_killed(killed), killed.read_text()
    with house.unit.reading(TEST) as work:
        assert order_now(work, ref).ended_at is None
        orphans = work.vault.destroyed(
            list(work.session.scalars(text("SELECT key_ref FROM person")))
        )
        assert orphans.keys() <= set(work.session.scalars(select(KeyEnd.key_ref)))
    ended = carry(parts, tmp_path, "ended")
    with house.unit.reading(TEST) as work:
        order = order_now(work, ref)
        assert order.ended_at is not None, ended.read_text()
        refs = [one.key_ref for one in keys_of(work.session, order)]
        assert work.vault.destroyed(refs).keys() == set(refs)
        assert left_of(work.session, order.person_id) == []
        assert certificate_of(work.session, ref).holds
        assert certificate_of(work.session, ref).number == 1
        laws = {name: query for name, query in INVARIANTS.items() if name.startswith("eras")}
        assert find_violations(work, laws) | find_false_certificates(work) == {}
        signing = work.vault.signing()
    listed = erasure_log.read(tmp_path / erasure_log.NAME, signing)
    assert listed.keys() >= set(refs)
