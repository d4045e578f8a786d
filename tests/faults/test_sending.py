"""C4 with real processes: whatever is killed, emptied or away, no page is lost or comes twice."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import text

from tests.conftest import Parts
from tests.faults.processes import Stage, stage, wait_for
from union.gateways.simulator import set_weather
from union.infra.embedded.valkey import Keeper
from union.messages.rules.attempts import LEASE
from worker.fallback import LEFT_LYING

PATIENCE = 180.0
"""Seconds in which something happens on a busy machine; no measure of ours."""

SECONDS = 30.0
"""What C4 allows a page to be late on a busy machine: seconds. Idle it is one, the ticker's."""

STALL = 4.0
"""Seconds by which a way is slow: less than a call is given, more than any other way needs."""

LEASE_SECONDS = LEASE.total_seconds()
SENDERS = ("send-sms", "send-voice")
TRIES = 8
"""A way that held up another would each time; a busy machine is not that busy so often."""


@pytest.fixture
def union(parts: Parts, tmp_path: Path) -> Iterator[Stage]:
    with stage(parts, tmp_path) as ready:
        yield ready


def warm_up(union: Stage, *names: str) -> None:
    """Start a crew and wait until each of its queues has sent something."""
    union.crew.start(*names)
    for name in (name for name in names if name.startswith("send-")):
        first = union.page(1, channels=(name.removeprefix("send-"),))
        wait_for(lambda first=first: len(union.handed_over(first)) == 1, PATIENCE)


def test_a_worker_killed_between_claim_and_knock_delays_its_pages_and_loses_none(union: Stage):
    warm_up(union, "ticker", *SENDERS)
    with union.outside.connect() as connection:
        connection.execute(text("LOCK TABLE knock IN ACCESS EXCLUSIVE MODE"))
        pages = union.page(5)
        wait_for(
            lambda: {one.state for one in union.attempts(pages)} == {"leased"},
            PATIENCE,
        )
        union.crew.kill("send-sms")
        connection.rollback()
    wait_for(lambda: union.handed_over(pages) == set(pages), PATIENCE)
    assert max(union.lateness(pages)) < LEASE_SECONDS + SECONDS
    assert union.no_key_came_twice()
    attempts = union.attempts(pages)
    assert {(one.channel, one.state) for one in attempts} == {
        ("sms", "failed"),
        ("voice", "handed_over"),
    }


def test_a_worker_killed_after_the_knock_knocks_no_second_time_with_its_key(union: Stage):
    warm_up(union, "ticker", *SENDERS)
    before = len(union.knocks())
    set_weather(union.outside, "sms", "slow", 2)
    pages = union.page(5)
    wait_for(lambda: len(union.knocks()) == before + 5, PATIENCE)
    union.crew.kill("send-sms")
    set_weather(union.outside, "sms", "well")
    union.crew.start("send-sms")
    wait_for(lambda: union.handed_over(pages) == set(pages), PATIENCE)
    assert max(union.lateness(pages)) < LEASE_SECONDS + SECONDS
    assert union.no_key_came_twice()


def test_redis_emptied_with_pages_queued_loses_none(union: Stage, keeper: Keeper):
    pages = union.page(40)
    with Redis.from_url(keeper.url) as redis:
        assert redis.dbsize() > 0
        redis.flushall()
        union.crew.start("ticker", *SENDERS)
        wait_for(lambda: union.handed_over(pages) == set(pages), PATIENCE)
        for _ in range(3):
            more = union.page(10)
            redis.flushall()
            wait_for(lambda more=more: union.handed_over(more) == set(more), PATIENCE)
            assert max(union.lateness(more)) < SECONDS
    assert union.no_key_came_twice()


def test_redis_stopped_for_the_length_of_an_escalation_delays_no_page(union: Stage, keeper: Keeper):
    warm_up(union, "ticker", "fallback", *SENDERS)
    keeper.stop()
    waves = []
    for _ in range(4):
        waves += union.page(6)
        time.sleep(1.5)
    wait_for(lambda: union.handed_over(waves) == set(waves), PATIENCE)
    assert max(union.lateness(waves)) < SECONDS
    keeper.start()
    after = union.page(6)
    wait_for(lambda: union.handed_over(after) == set(after), PATIENCE)
    assert max(union.lateness(after)) < SECONDS
    assert union.no_key_came_twice()


def test_any_one_process_may_be_gone(union: Stage):
    warm_up(union, "ticker", "fallback", *SENDERS)
    for victim in ("ticker", "fallback", "send-sms"):
        union.crew.kill(victim)
        pages = union.page(10)
        wait_for(lambda pages=pages: union.handed_over(pages) == set(pages), PATIENCE)
        assert max(union.lateness(pages)) < SECONDS + LEFT_LYING.total_seconds()
        union.crew.start(victim)
    assert union.no_key_came_twice()


def test_a_stalled_way_holds_up_no_other(union: Stage):
    warm_up(union, "ticker", *SENDERS)
    set_weather(union.outside, "sms", "slow", STALL)
    assert any(passes_by(union) for _ in range(TRIES))


def passes_by(union: Stage) -> bool:
    """Whether what goes by telephone has gone before a way that stalls could be done."""
    stalled = union.page(3, channels=("sms",))
    quick = union.page(3, channels=("voice",))
    wait_for(lambda: union.handed_over(quick) == set(quick), PATIENCE)
    wait_for(lambda: union.handed_over(stalled) == set(stalled), PATIENCE)
    return max(union.lateness(quick)) < STALL


def test_a_slow_gateway_holds_up_nobody_who_is_told_meanwhile(union: Stage):
    warm_up(union, "ticker", *SENDERS)
    set_weather(union.outside, "sms", "slow", STALL)
    assert any(goes_out_meanwhile(union) for _ in range(TRIES))
    assert union.no_key_came_twice()


def goes_out_meanwhile(union: Stage) -> bool:
    """Whether the second pages are begun while the gateway still thinks about the first."""
    first = union.page(3, channels=("sms",))
    wait_for(lambda: "due" not in states(union, first), PATIENCE)
    second = union.page(3, channels=("sms",))
    wait_for(lambda: "due" not in states(union, second), PATIENCE)
    meanwhile = states(union, first) == {"leased"}
    both = {*first, *second}
    wait_for(lambda: union.handed_over([*both]) == both, PATIENCE)
    return meanwhile


def states(union: Stage, messages: list[int]) -> set[str]:
    """Where the attempts of these stand."""
    return {one.state for one in union.attempts(messages)}
