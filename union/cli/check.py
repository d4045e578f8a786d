"""``union check``: asks every invariant of every domain; a row found is a law broken."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING

import click
from sqlalchemy import text

import union
from union.cli.running import print_json, running_house
from union.kernel.actor import Actor
from union.ledger.queries.heads import broken_heads

if TYPE_CHECKING:
    from union.infra.work import Work

SHOWN = 5


def find_invariants() -> dict[str, str]:
    """Every domain's queries, named "domain.query"; each must return no row."""
    found: dict[str, str] = {}
    for package in pkgutil.iter_modules(union.__path__):
        if not package.ispkg:
            continue
        rooms = importlib.import_module(f"union.{package.name}").__path__
        if "invariants" in {room.name for room in pkgutil.iter_modules(rooms)}:
            module = importlib.import_module(f"union.{package.name}.invariants")
            queries: Mapping[str, str] = module.INVARIANTS
            for name, query in queries.items():
                found[f"{package.name}.{name.removeprefix(f'{package.name}.')}"] = query
    return found


def find_violations(work: Work, invariants: Mapping[str, str]) -> dict[str, list[str]]:
    """The rows that break each invariant, as text; an invariant that holds is left out."""
    broken = {}
    for name, query in invariants.items():
        rows = work.session.execute(text(query)).all()
        if rows:
            broken[name] = [str(tuple(row)) for row in rows]
    return broken


def find_false_heads(work: Work) -> dict[str, list[str]]:
    """Heads of the chain whose signature does not hold: what SQL alone cannot ask (M7)."""
    ours = work.vault.signer().public_key if work.vault.can_sign else None
    broken = broken_heads(work.session, ours)
    rows = [f"({one.head_id}, {one.said_on}, {one.code!r})" for one in broken]
    return {"ledger.heads_are_signed": rows} if rows else {}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
def check(*, as_json: bool) -> None:
    """Ask every invariant; exit 1 if any is broken."""
    invariants = find_invariants()
    with running_house() as house, house.unit.reading(Actor.system("check")) as work:
        broken = {**find_violations(work, invariants), **find_false_heads(work)}
    for name, rows in broken.items():
        click.echo(f"{name}: {len(rows)} broken, among them {', '.join(rows[:SHOWN])}", err=True)
    violations = sum(len(rows) for rows in broken.values())
    if as_json:
        counts = {name: len(rows) for name, rows in broken.items()}
        print_json({"violations": violations, "queries": len(invariants) + 1, "broken": counts})
    else:
        click.echo(f"{len(invariants) + 1} laws asked, {violations} violations")
    sys.exit(bool(broken))
