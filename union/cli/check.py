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
from union.infra import reading_seals
from union.kernel.actor import Actor
from union.ledger.queries.heads import broken_heads
from union.office.erasing.queries import false_certificates

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
    ours = work.vault.our_keys
    broken = broken_heads(work.session, ours)
    rows = [f"({one.head_id}, {one.said_on}, {one.code!r})" for one in broken]
    return {"ledger.heads_are_signed": rows} if rows else {}


def find_false_reading_heads(work: Work) -> dict[str, list[str]]:
    """The same of the chain over readings (P3)."""
    ours = work.vault.our_keys
    broken = reading_seals.broken_heads(work.session, ours)
    rows = [f"({one.head_id}, {one.said_on}, {one.code!r})" for one in broken]
    return {"infra.readings_heads_are_signed": rows} if rows else {}


def find_false_certificates(work: Work) -> dict[str, list[str]]:
    """Certificates of erasure that are not signed as they stand (P1)."""
    ours = work.vault.our_keys
    rows = [f"({number},)" for number in false_certificates(work.session, ours)]
    return {"infra.erasure_certificates_are_signed": rows} if rows else {}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON object.")
def check(*, as_json: bool) -> None:
    """Ask every invariant; exit 1 if any is broken."""
    invariants = find_invariants()
    with running_house() as house, house.unit.reading(Actor.system("check")) as work:
        broken = {
            **find_violations(work, invariants),
            **find_false_heads(work),
            **find_false_reading_heads(work),
            **find_false_certificates(work),
        }
    for name, rows in broken.items():
        click.echo(f"{name}: {len(rows)} broken, among them {', '.join(rows[:SHOWN])}", err=True)
    violations = sum(len(rows) for rows in broken.values())
    if as_json:
        counts = {name: len(rows) for name, rows in broken.items()}
        print_json({"violations": violations, "queries": len(invariants) + 3, "broken": counts})
    else:
        click.echo(f"{len(invariants) + 3} laws asked, {violations} violations")
    sys.exit(bool(broken))
