"""How long words that went out or came in are kept; plain values and nothing else."""

from __future__ import annotations

from union.kernel.keeping import How, Rule

MESSAGE_WORDS = Rule("message_words", 30, "closed", How.FORGET, 7, 365)
ATTEMPTS = Rule("attempts", 90, "ended", How.AGE_OUT, 30, 730)
RECEIPTS = Rule("receipts", 90, "came", How.AGE_OUT, 30, 730)
INBOUND_WORDS = Rule("inbound_words", 90, "came", How.DESTROY_KEY, 30, 365)
ENDED_WAYS = Rule("ended_ways", 0, "ended", How.BY_ITSELF, 0, 0)
