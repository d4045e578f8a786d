"""How long what proves who somebody is, is kept; plain values and nothing else."""

from __future__ import annotations

from union.kernel.keeping import How, Rule

SIGN_INS = Rule("sign_ins", 90, "ended", How.AGE_OUT, 30, 365)
SLIPS = Rule("slips", 90, "ended", How.AGE_OUT, 30, 365)
TRIES = Rule("tries", 2, "written", How.DELETE, 2, 30)
