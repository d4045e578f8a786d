"""``union members``: bringing a register in from a file, and taking it back."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from union.cli.running import print_json, running_house, say
from union.demo.making import lay_ground
from union.infra.work import Work
from union.kernel.actor import Actor
from union.kernel.errors import NotFoundError, UnionError
from union.members.queries import branches
from union.members.queries.imports import batch_by_ref
from union.members.rules.districts import read_districts
from union.members.rules.findings import Verdict, worth_telling
from union.members.services import NewBranch, add_branches
from union.office.services.register_decisions import roll_back_import
from union.office.services.register_import import import_register, preview_register
from union.office.services.register_outcome import ImportOutcome, RowOutcome
from union.web.words import in_words
from union.web.words.members import STEPS, VERDICTS, finding_in_words
from union.wiring import House

ACTOR = Actor.system("command")
EVERY = 200

Result = TypeVar("Result")


@click.group()
def members() -> None:
    """The register of members."""


@members.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--mapping", help="The name under which this book's columns are saved.")
@click.option("--dry-run", is_flag=True, help="Show what would happen; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the sums as one JSON object, last.")
def import_(file: Path, *, mapping: str | None, dry_run: bool, as_json: bool) -> None:
    """Bring a register in from FILE, all of it or nothing, and say what was found in each row."""
    content = file.read_bytes()
    with running_house() as house:
        _lay_ground_if_empty(house)
        outcome = _spoken(lambda: _run(house, content, mapping, dry_run=dry_run))
    _show_rows(outcome.lines)
    _show_sums(outcome, dry_run=dry_run)
    if as_json:
        print_json(outcome.as_dict())


@members.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def districts(file: Path) -> None:
    """Open a branch for every district named in FILE that has none."""
    text = file.read_text(encoding="utf-8-sig")
    with running_house() as house, house.unit.begin(ACTOR) as work:
        named = add_branches(work, map(NewBranch.of, read_districts(text)))
    click.echo(f"{len(named)} districts are known.")


@members.command()
@click.argument("reference")
def rollback(reference: str) -> None:
    """Take back the file brought in under REFERENCE, if nothing was built on it since."""

    def take_back(work: Work) -> None:
        batch = batch_by_ref(work.session, reference)
        if batch is None:
            raise NotFoundError
        roll_back_import(work, batch.id)

    with running_house() as house, house.unit.begin(ACTOR) as work:
        _spoken(lambda: take_back(work))
    click.echo("The file was taken back whole.")


def _run(house: House, content: bytes, mapping: str | None, *, dry_run: bool) -> ImportOutcome:
    if dry_run:
        with house.unit.reading(ACTOR) as work:
            return preview_register(work, content, mapping, _progress)
    with house.unit.begin(ACTOR) as work:
        return import_register(work, content, mapping, _progress)


def _lay_ground_if_empty(house: House) -> None:
    """A clone's own union that is empty gets what every file stands on: districts, officers.

    A union in a database of its own names its districts and officers itself.
    """
    if "DATABASE_URL" in os.environ:
        return
    with house.unit.reading(ACTOR) as work:
        empty = not branches(work.session)
    if empty:
        lay_ground(house, say)


def _progress(step: str, done: int, of: int) -> None:
    if done in {0, of} or done % EVERY == 0:
        say(f"{STEPS[step]} {done}/{of}")


def _show_rows(lines: Sequence[RowOutcome]) -> None:
    for row in lines:
        if row.findings or row.verdict is not Verdict.TAKEN:
            said = " ".join(
                finding_in_words(f.code, f.column, f.other_line, f.hint)
                for f in worth_telling(row.findings)
            )
            click.echo(f"row {row.line}: {VERDICTS[row.verdict.value]}. {said}")

    if lines:
        click.echo("Rows not named here are taken as they stand, or kept apart for one officer.")


def _show_sums(outcome: ImportOutcome, *, dry_run: bool) -> None:
    sums = outcome.as_dict()
    click.echo(
        f"{sums['rows']} rows: {sums['taken']} taken, {sums['doubtful']} taken with a doubt,"
        f" {sums['duplicates']} perhaps somebody we have, {sums['refused']} not taken"
        " (what is kept apart counts as not taken)."
    )
    if outcome.unchanged:
        click.echo("This file was brought in before: nothing was changed.")
    elif dry_run:
        click.echo("This was a rehearsal: nothing was written.")
    else:
        click.echo(
            f"{outcome.added} members came in, {outcome.updated} were updated."
            f" To take it back: union members rollback {outcome.batch_ref}"
        )


def _spoken(do: Callable[[], Result]) -> Result:
    try:
        return do()
    except UnionError as error:
        click.echo(in_words(error), err=True)
        sys.exit(1)
