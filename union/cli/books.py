"""``union books``: the trial balance, the chain of seals over what was posted, and the export."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

import click

from union.cli.running import print_json, running_house
from union.infra.signing import fingerprint
from union.kernel.actor import Actor
from union.kernel.money import format_amount
from union.ledger.queries import trial_balance
from union.ledger.queries.heads import broken_heads
from union.ledger.queries.seals import broken_seals, chain_head, count_unsealed
from union.ledger.services import say_heads, seal_postings
from union.reports.exports import export_books

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
    """Seal what was posted since the last seal and sign the end; later changes then show."""
    seals = entries = 0
    with running_house() as house:
        while True:
            with house.unit.begin(ACTOR) as work:
                laid = seal_postings(work)
                if laid is None:
                    break
                seals, entries = seals + 1, entries + laid.entries
        with house.unit.begin(ACTOR) as work:
            if work.vault.can_sign:
                say_heads(work)
        with house.unit.reading(ACTOR) as work:
            head = chain_head(work.session)
    number = head.content_hash.hex() if head else ""
    click.echo(f"{entries} entries sealed, {seals} new seals. The chain ends in {number or '-'}.")
    if as_json:
        print_json({"entries": entries, "seals": seals, "head": number})


@books.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
def verify(*, as_json: bool) -> None:
    """Compute every seal and signature anew; exit 1 if one does not fit what it was laid on."""
    with running_house() as house, house.unit.reading(ACTOR) as work:
        broken = list(broken_seals(work.session))
        ours = work.vault.our_keys
        false_heads = list(broken_heads(work.session, ours))
        unsealed = count_unsealed(work.session)
    for one in broken:
        where = f"entry {one.entry_id}" if one.entry_id else "the seal itself"
        click.echo(f"Seal {one.seal_id} does not fit: {where} was changed.", err=True)
    for head in false_heads:
        click.echo(f"The head of {head.said_on} does not hold ({head.code}).", err=True)
    click.echo(
        f"{len(broken)} seals and {len(false_heads)} heads broken,"
        f" {unsealed} entries not sealed yet."
    )
    if as_json:
        print_json({"broken": len(broken), "heads": len(false_heads), "unsealed": unsealed})
    sys.exit(bool(broken or false_heads))


@books.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def export(file: Path) -> None:
    """Write the books into FILE (a zip) for the verifier, beancount and hledger; no names."""
    with running_house() as house, house.unit.reading(ACTOR) as work:
        with file.open("wb") as opened:
            held = export_books(work, opened)
        key = fingerprint(work.vault.signer().public_key) if work.vault.can_sign else "-"
    click.echo(f"{len(held.parts['entries'])} entries written. The key that signs is {key}.")
    click.echo(f"Check it anywhere: python3 static/verify_books.py {file}")
