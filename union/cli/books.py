"""``union books``: the trial balance, and the chain of seals over what was posted."""

from __future__ import annotations

import sys
from datetime import datetime

import click

from union.cli.running import print_json, running_house
from union.kernel.actor import Actor
from union.kernel.money import format_amount
from union.ledger.queries import trial_balance
from union.ledger.queries.seals import broken_seals, chain_head, count_unsealed
from union.ledger.services import seal_postings

ACTOR = Actor.system("command")


@click.group()
def books() -> None:
    """The books: what they hold, and whether anything was changed."""


@books.command()
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help="At the end of this day.")
@click.option("--json", "as_json", is_flag=True, help="Print the sums as one JSON object, last.")
def balance(on: datetime | None, *, as_json: bool) -> None:
    """Print the trial balance; exit 1 if its two sides differ."""
    with running_house() as house, house.unit.reading(ACTOR) as work:
        held = trial_balance(work.session, on.date() if on else work.clock.today())
    for row in held.rows:
        click.echo(f"{row.code:10} {row.name:32} {format_amount(row.balance_minor):>16}")
    if as_json:
        print_json(
            {
                "as_on": held.as_on.isoformat(),
                "debit_minor": held.debit_minor,
                "credit_minor": held.credit_minor,
                "difference_minor": held.difference_minor,
            }
        )
    sys.exit(bool(held.difference_minor))


@books.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
def seal(*, as_json: bool) -> None:
    """Seal what was posted since the last seal; what was changed later then shows."""
    seals = entries = 0
    with running_house() as house:
        while True:
            with house.unit.begin(ACTOR) as work:
                laid = seal_postings(work)
                if laid is None:
                    break
                seals, entries = seals + 1, entries + laid.entries
        with house.unit.reading(ACTOR) as work:
            head = chain_head(work.session)
    number = head.content_hash.hex() if head else ""
    click.echo(f"{entries} entries sealed, {seals} new seals. The chain ends in {number or '-'}.")
    if as_json:
        print_json({"entries": entries, "seals": seals, "head": number})


@books.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
def verify(*, as_json: bool) -> None:
    """Compute every seal anew; exit 1 if one does not fit what it was laid on."""
    with running_house() as house, house.unit.reading(ACTOR) as work:
        broken = list(broken_seals(work.session))
        unsealed = count_unsealed(work.session)
    for one in broken:
        where = f"entry {one.entry_id}" if one.entry_id else "the seal itself"
        click.echo(f"Seal {one.seal_id} does not fit: {where} was changed.", err=True)
    click.echo(f"{len(broken)} seals broken, {unsealed} entries not sealed yet.")
    if as_json:
        print_json({"broken": len(broken), "unsealed": unsealed})
    sys.exit(bool(broken))
