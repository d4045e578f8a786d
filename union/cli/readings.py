"""``union readings``: the chain over all readings, whether it holds, and a copy to check elsewhere.

Prints numbers, days and fingerprints only: whoever keeps the machine learns here neither who read
nor what.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from union.cli.running import print_json, running_house
from union.infra.reading_seals import broken_heads, count_unsealed, lay_seal, newest_heads, say_head
from union.infra.signing import fingerprint
from union.kernel.actor import Actor
from union.office.readings.exporting import broken_rows, export_readings
from union.office.readings.queries.keeping import troubles_now
from union.office.readings.rules import Trouble

if TYPE_CHECKING:
    from union.infra.work import Work

ACTOR = Actor.system("command")

SAID = {
    Trouble.PLACE_FREE: "Place {number} of the two trustees is free.",
    Trouble.NOT_WRITTEN: "A trustee has not written the head down for {number} days.",
    Trouble.NOT_SIGNED: "No head was signed for {number} days: are the workers running?",
    Trouble.NOT_SEALED: "{number} readings are older than an hour and not sealed: are the workers"
    " running?",
}


def late_readings(work: Work) -> list[str]:
    """What is late with the keeping of the chain, a sentence each."""
    return [SAID[code].format(number=number) for code, number in troubles_now(work)]


@click.group()
def readings() -> None:
    """Who opened what: the chain over all readings."""


@readings.command()
def seal() -> None:
    """Seal every reading that waits and sign the end; the workers do it by themselves."""
    with running_house() as house:
        with house.unit.begin(ACTOR) as work:
            laid = lay_seal(work)
        with house.unit.begin(ACTOR) as work:
            head = say_head(work, work.clock.today()) if work.vault.can_sign else None
    click.echo("A seal was laid." if laid else "Nothing waited.")
    click.echo(f"The head of the day is {head.figures if head else '-'}.")


@readings.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
def verify(*, as_json: bool) -> None:
    """Compute every commitment, seal and signature anew; exit 1 if anything does not fit."""
    with running_house() as house, house.unit.reading(ACTOR) as work:
        broken = broken_rows(work)
        ours = work.vault.our_keys
        false_heads = list(broken_heads(work.session, ours))
        unsealed = count_unsealed(work.session)
    for name, count in broken.items():
        click.echo(f"{name}: {count} rows.", err=True)
    for head in false_heads:
        click.echo(f"The head of {head.said_on} does not hold ({head.code}).", err=True)
    rows = sum(broken.values())
    click.echo(f"{rows} rows and {len(false_heads)} heads broken, {unsealed} not sealed yet.")
    if as_json:
        print_json({"broken": rows, "heads": len(false_heads), "unsealed": unsealed})
    sys.exit(bool(broken or false_heads))


@readings.command()
def state() -> None:
    """Say what is late with the keeping of the chain; exit 1 if anything is."""
    with running_house() as house, house.unit.reading(ACTOR) as work:
        late = late_readings(work)
        heads = newest_heads(work.session, 1)
    if heads:
        click.echo(f"The chain was signed last on {heads[0].said_on}: {heads[0].figures}")
    for line in late:
        click.echo(line, err=True)
    sys.exit(bool(late))


@readings.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write the chain into FILE (a zip) for the verifier; nobody and nothing read is in it."""
    with running_house() as house, house.unit.reading(ACTOR) as work:
        with file.open("wb") as opened:
            held = export_readings(work, opened)
        key = fingerprint(work.vault.signer().public_key) if work.vault.can_sign else "-"
    click.echo(f"{held['readings']} readings under {held['seals']} seals written.")
    click.echo(f"The key that signs is {key}.")
    click.echo(f"Check it anywhere: python3 static/verify_readings.py {file}")
