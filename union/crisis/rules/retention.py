"""How long words of calls, of incidents and of raids are kept; plain values and nothing else."""

from __future__ import annotations

from union.kernel.keeping import THREE_YEARS, How, Rule

NUISANCE = Rule("nuisance", 365, "heard_again", How.DESTROY_KEY, 30, 730)
INCIDENT_WORDS = Rule("incident_words", 1096, "closed", How.DESTROY_KEY, 1095, 3653, THREE_YEARS)
TAKEN_LISTS = Rule("taken_lists", 1096, "closed", How.DESTROY_KEY, 1095, 3653, THREE_YEARS)
