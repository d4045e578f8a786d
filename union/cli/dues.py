"""``union dues``: charging a month and taking in the collectors' sheets and hand-overs."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import click

from union.cli.running import print_json, running_house, say
from union.dues.queries.rounds import CollectorRound, WaitingLine, collector_rounds, waiting_lines
from union.dues.rules.handovers import JudgedHandOver
from union.dues.services import SheetOutcome, import_collections, import_handovers, run_month
from union.dues.services.runs import Progress
from union.kernel.actor import Actor
from union.kernel.errors import UnionError
from union.kernel.money import format_amount
from union.kernel.periods import Month
from union.web.words import in_words
from union.web.words.dues import REASONS

ACTOR = Actor.system("command")

Result = TypeVar("Result")


@click.group()
def dues() -> None:
    """Monthly dues and the collectors' rounds."""


@dues.command()
@click.argument("period")
@click.option("--json", "as_json", is_flag=True, help="Print the sums as one JSON object, last.")
def run(period: str, *, as_json: bool) -> None:
    """Charge the month PERIOD (YYYY-MM); run again, it charges only who was left out."""
    with running_house() as house:
        outcome = _spoken(
            lambda: run_month(house.unit, ACTOR, Month.parse(period), tell=_tell_slice)
        )
    click.echo(
        f"{outcome.period}: {outcome.charged} charged, {format_amount(outcome.amount_minor)};"
        f" {outcome.already} were charged before."
    )
    if as_json:
        print_json(
            {
                "period": str(outcome.period),
                "charged": outcome.charged,
                "amount_minor": outcome.amount_minor,
                "already": outcome.already,
            }
        )


@dues.command("import-collections")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--handovers",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The list of cash the collectors handed in.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the sums as one JSON object, last.")
def import_collections_(file: Path, *, handovers: Path | None, as_json: bool) -> None:
    """Take in the collectors' sheet FILE; every line ends booked, or refused with its reason."""
    content = file.read_bytes()
    counted = None if handovers is None else handovers.read_bytes()
    with running_house() as house:
        say("Reading and booking the sheet")
        with house.unit.begin(ACTOR) as work:
            outcome = _spoken(lambda: import_collections(work, content))
            said = [] if counted is None else _spoken(lambda: import_handovers(work, counted))
            waiting, rounds = waiting_lines(work), collector_rounds(work)
    _show_waiting(waiting)
    if counted is not None:
        _show_handovers(said)
        _show_rounds(rounds)
    _show_sums(outcome)
    if as_json:
        print_json(_sums(outcome))


def _sums(outcome: SheetOutcome) -> dict[str, int]:
    return {
        "rows": outcome.rows,
        "booked": outcome.booked,
        "refused": outcome.refused,
        "already": outcome.already,
        "missing": outcome.missing,
        "amount_minor": outcome.amount_minor,
    }


def _tell_slice(progress: Progress) -> None:
    say(f"{progress.branch or 'no branch'} {progress.done}/{progress.whole}")


def _show_waiting(waiting: Sequence[WaitingLine]) -> None:
    for one in waiting:
        what, todo = REASONS[one.line.reason or ""]
        row = f"row {one.line.row_no}" if one.line.row_no else "no row"
        click.echo(f"{row}: {one.collector_card} receipt {one.line.receipt_no}: {what} {todo}")


def _show_handovers(judged: Sequence[JudgedHandOver]) -> None:
    for one in judged:
        if one.reason is not None:
            what, todo = REASONS[one.reason]
            click.echo(f"hand-over row {one.line.row_no}: {what} {todo}")


def _show_rounds(rounds: Sequence[CollectorRound]) -> None:
    for one in rounds:
        count = one.count
        said = f"{one.card}: handed in {format_amount(count.handed_minor)}"
        if one.open_minor:
            said += f", {_over_or_short(one.open_minor)} (booked)"
        elif not count.certain:
            said += (
                f"; waiting lines {count.waiting_lines}, missing receipts {count.missing}."
                f" If they are what they seem, {_over_or_short(count.likely_difference_minor)}"
            )
        click.echo(said)


def _over_or_short(amount_minor: int) -> str:
    if amount_minor == 0:
        return "nothing differs"
    word = "over" if amount_minor > 0 else "short"
    return f"{format_amount(abs(amount_minor))} {word}"


def _show_sums(outcome: SheetOutcome) -> None:
    click.echo(
        f"{outcome.rows} lines: {outcome.booked} booked ({format_amount(outcome.amount_minor)}),"
        f" {outcome.already} there already, {outcome.refused} refused;"
        f" {outcome.missing} receipt numbers have no line."
    )


def _spoken(do: Callable[[], Result]) -> Result:
    try:
        return do()
    except UnionError as error:
        click.echo(in_words(error), err=True)
        sys.exit(1)
