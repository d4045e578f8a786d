"""``union crisis``: the teams' file, and a month of calls played where it can reach nobody."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from union.cli.replay.play import as_json as figures_as_json
from union.cli.replay.play import replay as play
from union.cli.replay.report import write_report
from union.cli.running import print_json, running_house, say
from union.crisis import services
from union.kernel.actor import Actor


@click.group()
def crisis() -> None:
    """Teams and calls for help."""


@crisis.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
@click.option("--seed", default=1, show_default=True, help="Another seed, other people.")
@click.option(
    "--report",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Write the month's report there, as .html or .pdf.",
)
def replay(file: Path, *, as_json: bool, seed: int, report: Path | None) -> None:
    """Play a file of calls on a clock of its own; exit 1 if a law broke or a page was lost."""
    began = time.monotonic()
    content = file.read_text(encoding="utf-8")
    figures = play(content, seed, say, None if report is None else write_report(report))
    result = figures_as_json(figures)
    say(f"Done in {time.monotonic() - began:.0f} seconds")
    if as_json:
        print_json(result)
    else:
        for name, value in result.items():
            click.echo(f"{name.replace('_', ' '):12} {value}")
    sys.exit(bool(figures.violations or figures.lost_pages or figures.undealt))


@crisis.command("import-teams")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
def import_teams(file: Path, *, as_json: bool) -> None:
    """Take a teams' file in; a row about nobody in the register is named and refused."""
    with running_house() as house, house.unit.begin(Actor.system("command")) as work:
        outcome = services.import_teams(work, file.read_text(encoding="utf-8").splitlines())
    if as_json:
        refused = len(outcome.refused)
        print_json(
            {"rows": outcome.rows, "taken": outcome.taken, "known": outcome.known}
            | {"refused": refused}
        )
        return
    for line, reason in outcome.refused:
        click.echo(f"line {line}: {reason.replace('_', ' ')}", err=True)
    click.echo(f"{outcome.taken} taken, {outcome.known} known, {len(outcome.refused)} refused")
