"""A command of ours, run in a process that is killed at a named point of it.

The points are functions that the child patches in itself before it begins: nothing in the product
knows of them. Reads what to do from its environment, as everything the nursery forks does.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from functools import wraps
from pathlib import Path
from types import ModuleType

from sqlalchemy import text

from union.cli import program
from union.infra.embedded.errors import StartError
from union.infra.settings import Settings
from union.infra.timers import fire_due
from union.kernel.actor import Actor
from union.kernel.clock import SystemClock
from union.office.erasing.services.asking import ERASE
from union.wiring import TIMERS, build_house

AT = "KILL_AT"
"""``module:name before|after NTH``: killed around that call of that function; empty for not."""

COMMAND = "KILL_COMMAND"
SET = "KILL_SET"
"""Constants to set first, so that little data meets every point: ``{"module:name": value}``."""

FIRE = "fire"
"""Instead of a command: whatever an erasure waits for is done, its timers' leases awaited."""

KILLED = "killed at the point"


LONGEST_S = 120


def main() -> int:
    """Arm the point and run the command."""
    for where, value in json.loads(os.environ.get(SET, "{}")).items():
        holder, name = _find(where)
        setattr(holder, name, value)
    if os.environ.get(AT):
        where, when, nth = os.environ[AT].split()
        _arm(where, when, int(nth))
    command = json.loads(os.environ[COMMAND])
    if command == [FIRE]:
        fire()
    else:
        _run(command)
    return 0


def _run(command: list[str]) -> None:
    """Run it, and say in its words what stops it: what falls is logged without them."""
    try:
        program.main(command, prog_name="union", standalone_mode=False)
    except StartError as error:
        sys.stdout.write(f"{error}\n")
        raise


def fire() -> None:
    """Fire what is due until no timer of an erasure is open, as a worker does."""
    house = build_house(Settings.from_environment(), SystemClock())
    asked = text("SELECT count(*) FROM timer WHERE kind = :kind AND done_at IS NULL")
    until = time.monotonic() + LONGEST_S
    try:
        while time.monotonic() < until:
            with house.unit.reading(Actor.system("test")) as work:
                if not work.session.scalar(asked, {"kind": ERASE}):
                    return
            if not fire_due(house.unit, TIMERS):
                time.sleep(0.1)
    finally:
        house.close()


def environment(command: list[str], at: str = "", **constants: object) -> Mapping[str, str]:
    """What a child must find in its environment to run this command and be killed there."""
    return {COMMAND: json.dumps(command), AT: at, SET: json.dumps(constants)}


def _find(where: str) -> tuple[ModuleType | type, str]:
    module, _, path = where.partition(":")
    holder: ModuleType | type = importlib.import_module(module)
    *above, name = path.split(".")
    for one in above:
        holder = getattr(holder, one)
    return holder, name


def _arm(where: str, when: str, nth: int) -> None:
    holder, name = _find(where)
    inside = getattr(holder, name)
    calls = 0

    @wraps(inside)
    def armed(*args: object, **named: object) -> object:
        nonlocal calls
        calls += 1
        mine = calls == nth
        if mine and when == "before":
            _die(where)
        result = inside(*args, **named)
        if mine:
            _die(where)
        return result

    setattr(holder, name, armed)


def _die(where: str) -> None:
    sys.stdout.write(f"{KILLED} {where}\n")
    sys.stdout.flush()
    os.kill(os.getpid(), signal.SIGKILL)


def was_killed(log: Path) -> bool:
    """Whether the point was reached, which a test must know before it believes anything."""
    return KILLED in log.read_text()
