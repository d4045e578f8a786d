"""Calls that are out: each answered in its time, more begun meanwhile, the late ones given up."""

from __future__ import annotations

import threading

from union.gateways.fanout import Calls
from union.gateways.port import GatewayUnreachableError

LONG = 60.0


def test_more_go_out_while_some_are_still_thought_about():
    let_go = threading.Event()
    calls = Calls(lambda job: job if job == "quick" else let_go.wait(LONG), LONG, most=3)
    calls.begin(["slow", "slow"])
    calls.begin(["quick"])
    assert calls.room == 0
    heard = []
    while not heard and not calls.room:
        heard = calls.answered(0.05)
    assert heard == [("quick", "quick")]
    assert calls.room == 1
    let_go.set()
    assert calls.answered(LONG) == [("slow", True), ("slow", True)]
    assert calls.all_in


def test_who_takes_too_long_is_given_up_and_not_heard_afterwards():
    let_go = threading.Event()
    calls = Calls(lambda _job: let_go.wait(LONG), 0.0)
    calls.begin(["slow"])
    ((job, answer),) = calls.answered(0.0)
    assert (job, type(answer)) == ("slow", GatewayUnreachableError)
    let_go.set()
    calls.begin(["again"])
    assert [job for job, _ in calls.answered(0.2)] == ["again"]


def test_what_a_call_raises_stands_in_its_answers_place():
    def refuse(_job: str) -> None:
        raise ZeroDivisionError

    calls = Calls(refuse, LONG)
    calls.begin(["one"])
    ((_, answer),) = calls.answered(LONG)
    assert isinstance(answer, ZeroDivisionError)
