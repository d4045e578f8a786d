"""How long what a bank's line says is kept; plain values and nothing else."""

from __future__ import annotations

from union.kernel.keeping import EIGHT_YEARS, How, Rule

NARRATIONS = Rule("narrations", 2922, "booked", How.FORGET, 2922, 3653, EIGHT_YEARS)
BANK_UPLOADS = Rule("bank_uploads", 1, "chosen", How.BY_ITSELF, 1, 1)
