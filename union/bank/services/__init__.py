"""Use cases of the bank. Invariant of all: a line is in the books once, to the paisa, or waits."""

from __future__ import annotations

from union.bank.services.deciding import decide_line
from union.bank.services.hands import (
    confirm_ceiling,
    confirm_word,
    end_word,
    say_line,
    set_ceiling,
)
from union.bank.services.intake import Outcome, Preview, preview_statement, take_statement
from union.bank.services.payees import NewPayee, confirm_payee, refuse_payee, set_payee
from union.bank.services.paying import make_batch, mark_sent, take_out_item
from union.bank.services.refusals import answer_refusal, say_refused
from union.bank.services.reopening import let_line_wait, reopen_line
from union.bank.services.upi import confirm_address, pay_code_of, set_address
from union.bank.services.uploads import TIMERS, drop_upload, keep_upload, save_columns

__all__ = [
    "TIMERS",
    "NewPayee",
    "Outcome",
    "Preview",
    "answer_refusal",
    "confirm_address",
    "confirm_ceiling",
    "confirm_payee",
    "confirm_word",
    "decide_line",
    "drop_upload",
    "end_word",
    "keep_upload",
    "let_line_wait",
    "make_batch",
    "mark_sent",
    "pay_code_of",
    "preview_statement",
    "refuse_payee",
    "reopen_line",
    "save_columns",
    "say_line",
    "say_refused",
    "set_address",
    "set_ceiling",
    "set_payee",
    "take_out_item",
    "take_statement",
]
