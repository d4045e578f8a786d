"""The checklist in words, and the page behind each line."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

from union.office.closing.rules import Item

ASKED: dict[Item, LazyString] = {
    Item.MONTH_OVER: lazy_gettext("The month is over"),
    Item.IN_ORDER: lazy_gettext("The months before it are closed"),
    Item.SHEETS: lazy_gettext("Every line of the collectors’ sheets is settled"),
    Item.HAND_OVERS: lazy_gettext("Every hand-over has its second hand"),
    Item.BANK_LINES: lazy_gettext("Every line of the bank is decided"),
    Item.BANK_PROVED: lazy_gettext("The bank’s statement reaches the month’s end and agrees"),
    Item.TRANSFERS: lazy_gettext("What went between our boxes and the bank is on its statement"),
    Item.CARDS_PROVED: lazy_gettext("The card company holds what the books say, line by line"),
    Item.BOXES: lazy_gettext("Each cash box was counted by two at the month’s end"),
    Item.MUST_CLEAR: lazy_gettext("What must find its place has found it"),
    Item.FLOATS: lazy_gettext("No float waits longer than it should"),
    Item.VOUCHERS: lazy_gettext("No voucher hangs unpaid"),
    Item.BALANCE: lazy_gettext("Both sides of the books are equal"),
}

BEHIND: dict[Item, str] = {
    Item.SHEETS: "dues.waiting",
    Item.HAND_OVERS: "dues.cash_in_hand",
    Item.BANK_LINES: "bank.waiting",
    Item.BANK_PROVED: "bank.reconciliation",
    Item.TRANSFERS: "bank.reconciliation",
    Item.CARDS_PROVED: "checkout.cards",
    Item.BOXES: "ledger.boxes",
    Item.MUST_CLEAR: "ledger.trial_balance",
    Item.FLOATS: "ledger.all_floats",
    Item.VOUCHERS: "ledger.vouchers",
    Item.BALANCE: "ledger.trial_balance",
}
"""Where one goes to do it."""
