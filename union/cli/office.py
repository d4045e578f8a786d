"""``union office``: lock the office from the machine itself, and how it stands.

It brings nothing back: that takes two people and their own opening words, on their own page.
"""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import click

from union.cli.running import print_json, running_house
from union.infra.office_locks import OfficeLock, layer_batch
from union.kernel.actor import Actor
from union.office.locking.queries import keepers_now, standing
from union.office.locking.services import How, lock_office

if TYPE_CHECKING:
    from union.infra.work import Work

ACTOR = Actor.system("command")

LOCKED = (
    "The office is locked. Two of {count} people bring it back, each with her own opening words, on"
    " the page “Bring the office back”."
)
NOT_LOCKED = (
    "Everybody is signed out. It could not be locked: there are not two people yet who could bring"
    " it back."
)
BARE = (
    "Nothing sealed was covered, because fewer than two of those who could bring it back have"
    " opening words. Until then it is the pages that refuse."
)


@click.group()
def office() -> None:
    """The office: locking it when somebody comes who must not see what is in it."""


@office.command()
def lock() -> None:
    """Lock the office: sign everybody out and cover every key to what is sealed.

    Calls for help, pages and answers go on. After a kill call it again: it goes on.
    """
    with running_house() as house:
        held = house.unit.run(ACTOR, _locked)
        while held is not None and house.unit.run(ACTOR, partial(_covered, lock_id=held.id)):
            pass
        with house.unit.reading(ACTOR) as work:
            found = standing(work)
    if found is None:
        click.echo(NOT_LOCKED, err=True)
        sys.exit(1)
    click.echo(LOCKED.format(count=len(found.keepers)))
    if found.lock.public_key is None:
        click.echo(BARE, err=True)


@office.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
def state(*, as_json: bool) -> None:
    """Say whether it is locked, and how many people could bring it back."""
    with running_house() as house, house.unit.reading(ACTOR) as work:
        found = standing(work)
        ready = sum(key is not None for key in keepers_now(work).values())
    if found is None:
        click.echo(f"The office is open. {ready} people with opening words could bring it back.")
    else:
        since = f"{found.lock.locked_at:%Y-%m-%d %H:%M}"
        click.echo(f"The office is locked since {since} UTC; {found.covered} keys are covered.")
        click.echo(f"{len(found.helped_by)} hands of two are there.")
    if as_json:
        covered = found.covered if found is not None else 0
        print_json({"locked": found is not None, "covered": covered, "ready": ready})


def _locked(work: Work) -> OfficeLock | None:
    return lock_office(work, How.COMMAND, None)


def _covered(work: Work, lock_id: int) -> int:
    return layer_batch(work, work.session.get_one(OfficeLock, lock_id))
