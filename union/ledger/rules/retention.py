"""How long books are kept; plain values and nothing else."""

from __future__ import annotations

from union.kernel.keeping import EIGHT_YEARS, How, Rule

BOOKS = Rule("books", 0, "never", How.KEPT, 0, 0, EIGHT_YEARS)
"""What is posted is never deleted (M2), by whatever age: that is longer than any law asks."""
