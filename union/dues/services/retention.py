"""Letting go of collectors' sheets as they were written; what was booked of them stays.

Invariant: no sheet goes with a line that waits, or of a day on which no trustee has reported.
"""

from __future__ import annotations

from union.dues.rules.retention import SHEET_LINES
from union.infra.retention import Keeping, orders_keys

KEPT: tuple[Keeping, ...] = (Keeping(SHEET_LINES, orders_keys(SHEET_LINES.kind)),)
"""Each kind of this domain, and its hand."""
