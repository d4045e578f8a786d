"""``union bank``: taking in a bank's statement."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from union.bank.queries.tables import bank_account
from union.bank.services import Outcome, take_statement
from union.bank.services.uploads import saved_columns
from union.cli.running import print_json, running_house, say
from union.kernel.actor import Actor
from union.kernel.errors import UnionError
from union.web.words import in_words

ACTOR = Actor.system("command")


@click.group()
def bank() -> None:
    """The bank's statements."""


@bank.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the sums as one JSON object, last.")
def import_(file: Path, *, as_json: bool) -> None:
    """Take in the statement FILE (CSV, XLS, XLSX or CAMT.053); what came before comes once.

    What is certain is booked; vouchers are paid by a person only, so theirs are proposed.
    """
    content = file.read_bytes()
    with running_house() as house:
        say("Reading and booking the statement")
        try:
            with house.unit.begin(ACTOR) as work:
                columns = saved_columns(work, bank_account(work.session).id)
                outcome = take_statement(work, content, columns)
        except UnionError as error:
            click.echo(in_words(error), err=True)
            sys.exit(1)
    click.echo(
        f"{outcome.lines} lines: {outcome.fresh} new, {outcome.before} known from before,"
        f" {outcome.repeated} twice in the file; {outcome.booked} booked,"
        f" {outcome.proposed} proposed, {outcome.unmatched} wait for a word."
    )
    if as_json:
        print_json(_sums(outcome))


def _sums(outcome: Outcome) -> dict[str, int]:
    return {
        "lines": outcome.lines,
        "fresh": outcome.fresh,
        "before": outcome.before,
        "repeated": outcome.repeated,
        "booked": outcome.booked,
        "proposed": outcome.proposed,
        "unmatched": outcome.unmatched,
    }
