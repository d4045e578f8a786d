"""Use cases of dues. Invariant of all: sub-ledgers equal their accounts at every commit (M5)."""

from __future__ import annotations

from union.dues.rules.opening import OpeningArrears
from union.dues.rules.payments import Method, ReceivePayment
from union.dues.services.asking import (
    Answer,
    Outcome,
    SayPaid,
    book_said,
    draw_sample,
    find_said,
    leave_said,
    say_paid,
    withdraw_said,
    write_answer,
)
from union.dues.services.books import IssueBook, issue_book, return_book
from union.dues.services.collectors import collector_for_card, collector_for_person
from union.dues.services.corrections import run_differences, set_right, start_differences
from union.dues.services.counts import import_handovers
from union.dues.services.desk import take_at_desk
from union.dues.services.differences import (
    How,
    SettleDifference,
    give_up_difference,
    settle_difference,
)
from union.dues.services.handing import SignHandOver, settle_signature, sign_hand_over
from union.dues.services.holds import put_down, take_along
from union.dues.services.lines import SettleLine, drop_line, settle_line
from union.dues.services.opening import open_arrears, open_arrears_batch, withdraw_openings
from union.dues.services.payments import receive_payment, receive_payments
from union.dues.services.phones import own_collector, put_on_round, register_phone, revoke_phone
from union.dues.services.proposals import (
    NewWaiver,
    agree_proposal,
    propose_pays_as,
    propose_waiver,
    refuse_proposal,
)
from union.dues.services.rates import NewRule, end_waiver, set_rate, set_rule
from union.dues.services.refunds import GiveCreditBack, give_credit_back, keep_refund
from union.dues.services.reminders import (
    TIMERS,
    known_is_done,
    note_known,
    send_reminders,
    spare_who_paid,
    stop_round,
)
from union.dues.services.reversals import TakeBack, take_back
from union.dues.services.rounds import (
    HandOverCash,
    close_round,
    hand_over,
)
from union.dues.services.runs import RunOutcome, charge_month, run_month, start_run
from union.dues.services.sheets import SheetOutcome, import_collections
from union.dues.services.standing import decide_standing
from union.dues.services.sync import LineAnswer, sync_lines
from union.dues.services.typed import TypedOutcome, TypedSheet, take_typed, write_round_receipt

__all__ = [
    "TIMERS",
    "Answer",
    "GiveCreditBack",
    "HandOverCash",
    "How",
    "IssueBook",
    "LineAnswer",
    "Method",
    "NewRule",
    "NewWaiver",
    "OpeningArrears",
    "Outcome",
    "ReceivePayment",
    "RunOutcome",
    "SayPaid",
    "SettleDifference",
    "SettleLine",
    "SheetOutcome",
    "SignHandOver",
    "TakeBack",
    "TypedOutcome",
    "TypedSheet",
    "agree_proposal",
    "book_said",
    "charge_month",
    "close_round",
    "collector_for_card",
    "collector_for_person",
    "decide_standing",
    "draw_sample",
    "drop_line",
    "end_waiver",
    "find_said",
    "give_credit_back",
    "give_up_difference",
    "hand_over",
    "import_collections",
    "import_handovers",
    "issue_book",
    "keep_refund",
    "known_is_done",
    "leave_said",
    "note_known",
    "open_arrears",
    "open_arrears_batch",
    "own_collector",
    "propose_pays_as",
    "propose_waiver",
    "put_down",
    "put_on_round",
    "receive_payment",
    "receive_payments",
    "refuse_proposal",
    "register_phone",
    "return_book",
    "revoke_phone",
    "run_differences",
    "run_month",
    "say_paid",
    "send_reminders",
    "set_rate",
    "set_right",
    "set_rule",
    "settle_difference",
    "settle_line",
    "settle_signature",
    "sign_hand_over",
    "spare_who_paid",
    "start_differences",
    "start_run",
    "stop_round",
    "sync_lines",
    "take_along",
    "take_at_desk",
    "take_back",
    "take_typed",
    "withdraw_openings",
    "withdraw_said",
    "write_answer",
    "write_round_receipt",
]
