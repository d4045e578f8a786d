"""The errors and states of card payments in words: what happened, then what to do."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

WORDS: dict[str, LazyString] = {
    "paid_by_card": lazy_gettext(
        "This was paid by card and can only go back to that card. Open “Paid by card”."
    ),
    "cards_off": lazy_gettext("Paying by card is not set up here. Pay your collector or the desk."),
    "instruction_stands": lazy_gettext(
        "You pay by card every month already. End that first if you want another amount."
    ),
    "instruction_ended": lazy_gettext("It had ended before. Nothing is taken any more."),
    "instruction_failing": lazy_gettext(
        "The card does not pay just now, and what is due is tried again. Wait until it has paid,"
        " or end it."
    ),
    "amount_too_small": lazy_gettext(
        "The card company takes a rupee or more. Pay some months at once."
    ),
    "page_too_old": lazy_gettext("That was some time ago. Write the amount once more and go on."),
    "refund_too_large": lazy_gettext("Not so much of it is left. Look at what went back before."),
    "payment_disputed": lazy_gettext(
        "The card’s holder has asked her bank for it already. Do not give it back a second time."
    ),
    "dispute_open": lazy_gettext(
        "The bank has not decided yet. Wait for its word, or let it be owed again."
    ),
    "line_cleared": lazy_gettext("Somebody has settled this before. Open the page again."),
    "nothing_to_clear": lazy_gettext("No fees wait. Somebody has taken them before."),
    "return_too_large": lazy_gettext("More would go back than was ever paid. Nothing was changed."),
    "payments_refused": lazy_gettext(
        "The card company said no. Nothing was taken. Try another amount, or pay the desk."
    ),
    "payment_key_reused": lazy_gettext(
        "This was asked before with another amount. Open the page again and start anew."
    ),
    "payments_unreachable": lazy_gettext(
        "The card company does not answer. Nothing was taken. Try again in a while."
    ),
    "setting_unfit": lazy_gettext(
        "The card company’s keys do not fit. Please tell whoever looks after this computer."
    ),
    "notice_refused": lazy_gettext("This notice is not signed as it should be."),
}

PAYMENT_STATES: dict[str, tuple[LazyString, str]] = {
    "paid": (lazy_gettext("paid"), "settled"),
    "unplaced": (lazy_gettext("whose?"), "due"),
    "giving_back": (lazy_gettext("going back"), "coming"),
    "part_given_back": (lazy_gettext("part given back"), "settled"),
    "given_back": (lazy_gettext("given back"), "settled"),
    "disputed": (lazy_gettext("asked back"), "waiting"),
    "lost": (lazy_gettext("taken back"), "due"),
}
"""Each state of a payment: its word, and the mark it stands under."""

HER_PAYMENT_STATES: dict[str, tuple[LazyString, str]] = {
    **PAYMENT_STATES,
    "giving_back": (lazy_gettext("on its way back to you"), "coming"),
    "part_given_back": (lazy_gettext("part went back to you"), "settled"),
    "given_back": (lazy_gettext("went back to you"), "settled"),
    "disputed": (lazy_gettext("asked back through your bank"), "waiting"),
    "lost": (lazy_gettext("your bank took it back"), "settled"),
}
"""The same, as she reads it of her own payments."""

ASIDE_REASONS: dict[str, tuple[LazyString, LazyString]] = {
    "checkout_m6_taken_back_of_payment": (
        lazy_gettext("It gives back a payment the books do not know, or more than came."),
        lazy_gettext(
            "Look at it on the card company’s own pages. If it is right, write a voucher from the"
            " card company’s account, with two signatures, and then say here that it is in the"
            " books."
        ),
    ),
    "card_line_foreign": (
        lazy_gettext("It is not in rupees."),
        lazy_gettext(
            "Ask the card company to change it into rupees. What then comes in rupees is booked by"
            " itself; afterwards say here that this line is in the books another way."
        ),
    ),
    "card_line_unreadable": (
        lazy_gettext("It could not be read."),
        lazy_gettext(
            "It is read again every hour, and nothing of it is lost. If it still lies here"
            " tomorrow, please tell whoever looks after this computer."
        ),
    ),
    "": (
        lazy_gettext("The books refused it."),
        lazy_gettext(
            "It is tried again every hour, and nothing of it is lost. If it still lies here"
            " tomorrow, please tell whoever looks after this computer."
        ),
    ),
}
"""Why a line of the statement lies aside, and what to do; "" is any other reason."""

LINE_KINDS: dict[str, LazyString] = {
    "payment": lazy_gettext("Paid by card"),
    "refund": lazy_gettext("Given back to the card"),
    "refund_back": lazy_gettext("Sent back by the card’s bank"),
    "dispute": lazy_gettext("Taken by the card’s bank"),
    "dispute_back": lazy_gettext("Returned by the card’s bank"),
    "fee": lazy_gettext("Kept by the card company"),
    "payout": lazy_gettext("Sent to our bank"),
    "payout_back": lazy_gettext("Came back from our bank"),
    "other": lazy_gettext("Credited by the card company"),
}

REFUND_STATES: dict[str, tuple[LazyString, str]] = {
    "asked": (lazy_gettext("asked"), "asked"),
    "unanswered": (lazy_gettext("not answered yet"), "waiting"),
    "sent": (lazy_gettext("on its way"), "coming"),
    "done": (lazy_gettext("there"), "settled"),
    "failed": (lazy_gettext("refused"), "due"),
}

DISPUTE_REASONS: dict[str, LazyString] = {
    "fraudulent": lazy_gettext("She says it was not her"),
    "duplicate": lazy_gettext("She says it was taken twice"),
    "product_not_received": lazy_gettext("She says she got nothing for it"),
    "subscription_canceled": lazy_gettext("She says she had ended it"),
    "credit_not_processed": lazy_gettext("She says she was promised it back"),
    "unrecognized": lazy_gettext("She does not know what it is"),
}
"""Why a card's holder asks her bank for the money; other reasons stand as the bank wrote them."""
