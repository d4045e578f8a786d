"""``union demo``: the demonstration union, made on the first run and made anew on request.

Must never touch a database that holds anybody but the demonstration's own people.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable

import click
from sqlalchemy import select

from union.cli.running import built_house, say, settings_of
from union.demo.making import make
from union.demo.officers import give_codes
from union.demo.people import PEOPLE
from union.identity.models import Account
from union.infra.embedded import Endpoints, StartError, find_place
from union.kernel.actor import Actor

NOT_OURS = (
    "DATABASE_URL names a database of your own, and this command would empty it: "
    "unset DATABASE_URL, or empty that database yourself."
)
RUNNING = "The union is running: stop it first (Ctrl-C where it was started), then try again."


def ensure_demonstration(endpoints: Endpoints, tell: Callable[[str], None]) -> bool:
    """Make the demonstration union where nobody else is; whether it is one.

    One that was broken off half made is gone on with.
    """
    ours = {person.sign_in_name for person in PEOPLE}
    with built_house(settings_of(endpoints)) as house:
        with house.unit.reading(Actor.system("demo")) as work:
            there = set(work.session.scalars(select(Account.sign_in_name)))
        if there < ours:
            tell("Making the demonstration union, which takes a while the first time")
            make(house, lambda step: tell(f"  {step}"))
            return True
        if there >= ours:
            with house.unit.begin(Actor.system("demo")) as work:
                give_codes(work)
    return there >= ours


@click.group()
def demo() -> None:
    """The demonstration union."""


@demo.command()
def reset() -> None:
    """Throw the demonstration away; the next start makes a new one."""
    if "DATABASE_URL" in os.environ:
        raise StartError(NOT_OURS)
    data = find_place(os.environ).data
    if (data / "postgres" / "postmaster.pid").exists():
        raise StartError(RUNNING)
    for name in ("postgres", "redis"):
        shutil.rmtree(data / name, ignore_errors=True)
    say("The demonstration is gone; `union up` or `make run` makes a new one")
