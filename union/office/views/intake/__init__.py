"""Pages of bringing a register in, of pairs that may be one person, and of rows kept apart."""

from __future__ import annotations

from union.office.views.intake import apart, files, pairs
from union.office.views.intake.blueprint import blueprint

__all__ = ["apart", "blueprint", "files", "pairs"]
