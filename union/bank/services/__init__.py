"""Use cases of the bank. Invariant of all: a line is in the books once, to the paisa, or waits."""

from __future__ import annotations

from union.bank.services.deciding import decide_line, reopen_line
from union.bank.services.intake import Outcome, Preview, preview_statement, take_statement
from union.bank.services.payees import NewPayee, confirm_payee, set_payee
from union.bank.services.paying import make_batch, mark_sent, take_out_item
from union.bank.services.refusals import answer_refusal, say_refused
from union.bank.services.upi import confirm_address, pay_code_of, set_address
from union.bank.services.uploads import drop_upload, keep_upload, save_columns

__all__ = [
    "NewPayee",
    "Outcome",
    "Preview",
    "answer_refusal",
    "confirm_address",
    "confirm_payee",
    "decide_line",
    "drop_upload",
    "keep_upload",
    "make_batch",
    "mark_sent",
    "pay_code_of",
    "preview_statement",
    "reopen_line",
    "save_columns",
    "say_refused",
    "set_address",
    "set_payee",
    "take_out_item",
    "take_statement",
]
