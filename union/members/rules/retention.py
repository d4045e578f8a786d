"""How long files of the register, and members who went, are kept; plain values and nothing else."""

from __future__ import annotations

from union.kernel.keeping import EIGHT_YEARS, How, Rule

IMPORT_ROWS = Rule("import_rows", 90, "brought_in", How.DESTROY_KEY, 30, 730)
"""So long an import can be taken back as a whole."""
UPLOADS = Rule("uploads", 1, "chosen", How.BY_ITSELF, 1, 1)
SET_ASIDE = Rule("set_aside", 1095, "dealt_with", How.DESTROY_KEY, 365, 3653)
GONE_IDENTITY = Rule("gone_identity", 365, "gone", How.FORGET, 90, 1096)
GONE_KEYS = Rule("gone_keys", 2922, "gone", How.DESTROY_KEY, 2922, 3653, EIGHT_YEARS)
