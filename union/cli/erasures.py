"""``union erasures``: how erasures stand, and the list of destroyed keys written anew.

Prints numbers and days only: whoever keeps the machine learns here of nobody.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from sqlalchemy import func, select

from union.cli.check import find_false_certificates, find_violations
from union.cli.running import running_house
from union.infra.embedded.erased_lists import said_plainly
from union.infra.invariants import INVARIANTS
from union.infra.key_ends import Erasure, KeyEnd
from union.kernel.actor import Actor
from union.office.erasing.queries import newest_certificate

if TYPE_CHECKING:
    from union.infra.work import Work

ACTOR = Actor.system("command")
OPEN = "{asked} asked for, {told} told and waiting, {begun} under way; {keys} keys still to end."
LAST = "Certificate {number} is the last, of {at} UTC."
NONE = "Nobody was erased yet."
WRONG = "{name}: {count} broken"


@click.group()
def erasures() -> None:
    """Erasing people, and the list by which no backup brings one back."""


@erasures.command()
def state() -> None:
    """Say how many wait, and whether the certificates hold; exit 1 if they do not."""
    with running_house() as house, house.unit.reading(ACTOR) as work:
        wrong = {**_broken(work), **find_false_certificates(work)}
        click.echo(_open(work))
        last = newest_certificate(work.session)
        click.echo(
            NONE if last is None else LAST.format(number=last.number, at=f"{last.made_at:%Y-%m-%d}")
        )
    for name, rows in wrong.items():
        click.echo(WRONG.format(name=name, count=len(rows)), err=True)
    sys.exit(bool(wrong))


@erasures.command("list")
@click.option("--former-key", "former_keys", multiple=True, help="Believe this key's lists.")
def list_again(former_keys: tuple[str, ...]) -> None:
    """Write the signed list of destroyed keys once more, wherever it is kept."""
    with running_house() as house, house.unit.reading(ACTOR) as work, said_plainly():
        places = work.vault.list_destroyed(former_keys)
    click.echo(f"The list of destroyed keys was written in {places} places.")


def _open(work: Work) -> str:
    there = select(
        func.count().filter(Erasure.second_by.is_(None)),
        func.count().filter(Erasure.second_by.is_not(None), Erasure.begun_at.is_(None)),
        func.count().filter(Erasure.begun_at.is_not(None)),
    ).where(Erasure.stopped_at.is_(None), Erasure.ended_at.is_(None))
    asked, told, begun = work.session.execute(there).one()
    waiting = select(func.count(KeyEnd.key_ref)).where(KeyEnd.destroyed_at.is_(None))
    keys = work.session.scalar(waiting)
    return OPEN.format(asked=asked, told=told, begun=begun, keys=keys)


def _broken(work: Work) -> dict[str, list[str]]:
    asked = {name: query for name, query in INVARIANTS.items() if name.startswith("eras")}
    return find_violations(work, asked)
