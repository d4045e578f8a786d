"""What the committee and the paralegals must never see, their code does not even import."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import union

HOUSE = Path(union.__file__).parent
CLOSED = {"welfare": {"crisis", "legal", "messages"}, "legal": {"ledger", "dues", "welfare"}}


@pytest.mark.parametrize("domain", CLOSED)
def test_a_compartment_imports_nothing_of_the_closed_ones(domain):
    reached = set()
    for path in (HOUSE / domain).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                reached.add(node.module)
            elif isinstance(node, ast.Import):
                reached.update(name.name for name in node.names)
    used = {name.split(".")[1] for name in reached if name.startswith("union.")}
    assert used & CLOSED[domain] == set()
