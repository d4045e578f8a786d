"""How long the words of collectors' sheets are kept; plain values and nothing else."""

from __future__ import annotations

from union.kernel.keeping import How, Rule

SHEET_LINES = Rule("sheet_lines", 365, "brought_in", How.DESTROY_KEY, 365, 1096)
"""What was booked of a sheet is books; its lines as written wait for the audit at least."""
