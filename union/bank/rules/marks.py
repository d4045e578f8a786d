"""Knowing a line again: by the bank's reference, or by what it says and how often that day.

A reference that stands twice is one line, unless the balances say there were two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from union.bank.errors import StatementDoesNotAddUpError
from union.gateways.bank_files.plain import PlainLine, PlainStatement


@dataclass(frozen=True, slots=True)
class MarkedLine:
    """A line and the text by which it is known in any later file of the same account."""

    line: PlainLine
    mark: str


@dataclass(frozen=True, slots=True)
class MarkedStatement:
    """The lines of a statement, each once; ``repeated`` stood in the file a second time."""

    lines: tuple[MarkedLine, ...]
    repeated: int


def mark_lines(statement: PlainStatement) -> MarkedStatement:
    """Mark every line; StatementDoesNotAddUpError if the balances can be met in no way.

    Where the file does not say both balances, a reference that stands twice counts once.
    """
    whole = _marked(statement.lines)
    once = tuple({one.mark: one for one in reversed(_marked(statement.lines, once=True))}.values())
    once = once[::-1]
    if statement.opening_minor is None or statement.closing_minor is None:
        return MarkedStatement(once, len(whole) - len(once))
    wanted = statement.closing_minor - statement.opening_minor
    for lines in (once, whole):
        if sum(one.line.amount_minor for one in lines) == wanted:
            return MarkedStatement(lines, len(whole) - len(lines))
    gap = wanted - sum(one.line.amount_minor for one in once)
    raise StatementDoesNotAddUpError(gap_minor=gap)


def _marked(lines: Sequence[PlainLine], *, once: bool = False) -> tuple[MarkedLine, ...]:
    seen: Counter[str] = Counter()
    marked = []
    for line in lines:
        text = _identity(line)
        seen[text] += 1
        count = 1 if once and line.reference else seen[text]
        marked.append(MarkedLine(line, f"{text}|{count}"))
    return tuple(marked)


def _identity(line: PlainLine) -> str:
    head = f"{line.booked_on.isoformat()}|{line.amount_minor}"
    if line.reference:
        return f"ref|{head}|{line.reference.strip().lower()}"
    return f"text|{head}|{' '.join(line.narration.lower().split())}"
