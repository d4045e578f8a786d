"""Verbs of ``union keys`` for recovery by two trustees: out, the ceremony, in; and the rehearsal.

The ceremony and the rehearsal touch no database and no net: they read a file and two papers, and
write a file or one line. Papers are typed unseen, never given as arguments.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from union.cli.running import current_parts, running_house
from union.identity.queries import account_by_name
from union.identity.rules import read_sign_in_name
from union.infra.db import owner_engine
from union.infra.machine_keys import write_whole
from union.infra.recovery import export_boxes, retire_older, write_rehearsal
from union.infra.recovery_papers import (
    Boxes,
    ExportUnreadableError,
    figures_of,
    read_paper,
    rehearse,
    shut_circles,
    wrap_for_target,
    wrap_lock_for_target,
)
from union.kernel.actor import Actor
from union.office.locking.recovering import let_in_recovered, let_in_to_office, target_of

ACTOR = Actor.system("command")
_FILE = click.Path(dir_okay=False, path_type=Path)

NO_ACCOUNT = "Nobody signs in as {name}."
WRITTEN = "Written. Nothing in {file} opens by itself; take it to a machine off the net."
FOR = "Whoever is let in has these figures on her own page: {figures}"
SAME = "Has she told you the same by voice?"
OUT = "{count} keys are wrapped for her in {file}: bring it back with `union keys recovered`."
LOCK_OUT = "So is the lock under which the office stands."
SHUT = (
    "Not opened, for what lies there is not the circle's own: {circles}. Somebody may have written"
    " it into the database; whoever holds the circle puts it into a new set."
)
LOCK_IN = "She brings the office back alone, by her opening words, on “Bring the office back”."
IN = "{count} keys are hers now: {circles}"
REHEARSED = "Both papers are good. Say this to the machine with `union keys rehearsed`:"
GONE = "{count} boxes of older sets are gone. Burn their papers: older backups still open by them."
WELL = "Written down: two papers opened what they should."


@click.command("recovery-export")
@click.argument("file", type=_FILE)
@click.option("--for", "sign_in_name", help="Whom two trustees are to let in, as she signs in.")
def recovery_export(file: Path, sign_in_name: str | None) -> None:
    """Write the trustees' boxes into FILE, for the ceremony or a rehearsal elsewhere."""
    with running_house() as house, house.unit.begin(ACTOR) as work:
        target = None
        if sign_in_name is not None:
            account = account_by_name(work, read_sign_in_name(sign_in_name))
            if account is None:
                raise click.UsageError(NO_ACCOUNT.format(name=sign_in_name))
            target = target_of(work, account.person_id)
        said = export_boxes(work, target).said()
    write_whole(file, json.dumps(said).encode())
    click.echo(WRITTEN.format(file=file))


@click.command()
@click.argument("file", type=_FILE)
@click.argument("out", type=_FILE)
def recover(file: Path, out: Path) -> None:
    """Open FILE with two papers and wrap every key in it for the one who is let in, into OUT.

    Do this on a machine off the net. Nothing but OUT is written. Circles that do not open are left
    out and named; then the exit code is 1.
    """
    boxes = _read(file)
    if boxes.target is not None:
        click.echo(FOR.format(figures=figures_of(boxes.target[1])))
        click.confirm(SAME, abort=True)
    first, second = _papers()
    papers = read_paper(first), read_paper(second)
    lock, keys = wrap_lock_for_target(boxes, *papers), wrap_for_target(boxes, *papers)
    said = {
        "person": boxes.target[0] if boxes.target is not None else 0,
        "keys": {name: key.hex() for name, key in keys.items()},
        "lock": None if lock is None else [lock[0], lock[1].hex()],
    }
    write_whole(out, json.dumps(said).encode())
    click.echo(OUT.format(count=len(keys), file=out))
    if lock is not None:
        click.echo(LOCK_OUT)
    _name_shut(shut_circles(boxes, *papers))


@click.command()
@click.argument("file", type=_FILE)
def recovered(file: Path) -> None:
    """Take in what two trustees wrapped for somebody."""
    try:
        said = json.loads(file.read_text(encoding="utf-8"))
        keys = {str(name): bytes.fromhex(key) for name, key in said["keys"].items()}
        person_id, lock = int(said["person"]), said.get("lock")
        box = (int(lock[0]), bytes.fromhex(lock[1])) if lock is not None else None
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        raise ExportUnreadableError from error
    with running_house() as house, house.unit.begin(ACTOR) as work:
        given = let_in_recovered(work, person_id, keys)
        if box is not None and let_in_to_office(work, person_id, *box):
            click.echo(LOCK_IN)
    click.echo(IN.format(count=len(given), circles=", ".join(given)))


@click.command("rehearse")
@click.argument("file", type=_FILE)
def rehearse_papers(file: Path) -> None:
    """Try two papers on FILE: what is opened is worth nothing, and nothing else is.

    Circles that do not open are named; then it says nothing to take back, and the exit code is 1.
    """
    boxes = _read(file)
    first, second = _papers()
    papers = read_paper(first), read_paper(second)
    _name_shut(shut_circles(boxes, *papers))
    content = rehearse(boxes, *papers)
    click.echo(REHEARSED, err=True)
    click.echo(content.hex())


@click.command()
@click.argument("figures")
def rehearsed(figures: str) -> None:
    """Write down that two papers were tried; FIGURES is what the rehearsal said."""
    try:
        content = bytes.fromhex(figures)
    except ValueError as error:
        raise ExportUnreadableError from error
    with running_house() as house, house.unit.begin(ACTOR) as work:
        write_rehearsal(work, content)
    click.echo(WELL)


@click.command("recovery-retire")
def recovery_retire() -> None:
    """Remove the boxes of older sets, so that their papers open nothing here any more.

    Only of sets whose every circle a newer one holds, two papers of which were tried.
    """
    with current_parts() as endpoints:
        engine = owner_engine(endpoints.owner_database_url)
        try:
            with engine.begin() as connection:
                gone = retire_older(connection)
        finally:
            engine.dispose()
    click.echo(GONE.format(count=gone))


VERBS = (recovery_export, recover, recovered, rehearse_papers, rehearsed, recovery_retire)
"""What ``union keys`` takes over from here."""


def _papers() -> tuple[str, str]:
    return (
        click.prompt("The first paper", hide_input=True),
        click.prompt("The second paper", hide_input=True),
    )


def _name_shut(circles: list[str]) -> None:
    """Names from a file that anybody may have written, so that none speaks to the screen."""
    if circles:
        click.echo(SHUT.format(circles=", ".join(map(ascii, circles))), err=True)
        sys.exit(1)


def _read(file: Path) -> Boxes:
    try:
        return Boxes.of(json.loads(file.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise ExportUnreadableError from error
