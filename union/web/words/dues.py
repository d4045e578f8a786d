"""The errors of dues in words: what happened, then what to do; and why a line was not booked."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

WORDS: dict[str, LazyString] = {
    "payment_not_positive": lazy_gettext("A payment is more than nothing. Write what she gave."),
    "paid_long_ago": lazy_gettext("That day is more than three years ago. Write the day she paid."),
    "paid_ahead_of_time": lazy_gettext("That day is still to come. Write the day she paid."),
    "receipt_taken": lazy_gettext(
        "This receipt number stands booked for something else. Look at the paper once more."
    ),
    "looks_booked": lazy_gettext(
        "You booked the same sum from her for the same day already. Nothing was booked now."
    ),
    "unusual_sum": lazy_gettext(
        "That is far more than she owes and pays in a year. Count it again, and look for a nought"
        " too many. If it was so much, say so. Nothing was booked yet."
    ),
    "own_payment": lazy_gettext(
        "These are your own dues. Another collector takes them, or somebody else at the desk."
    ),
    "own_cash": lazy_gettext(
        "This is your own round. Somebody else who keeps the books counts it and settles its lines."
    ),
    "own_favour": lazy_gettext(
        "This is about yourself. Ask somebody else who keeps the books to decide it."
    ),
    "took_her_cash": lazy_gettext(
        "You took cash of hers within the last year. Somebody who takes none of it agrees to this."
    ),
    "proposal_waits": lazy_gettext(
        "Something like it about her waits for an answer. Have that answered or taken back first."
    ),
    "proposal_ended": lazy_gettext("This was answered before. Nothing was changed."),
    "number_on_phone": lazy_gettext(
        "This number is on your phone. Write it there, or send there what you wrote and come back."
    ),
    "payer_unknown": lazy_gettext(
        "Nobody has this card number. Read it again, or ask the membership secretary."
    ),
    "payer_gone": lazy_gettext(
        "She has left or died. Ask who paid, and look at it together before you book it."
    ),
    "line_settled": lazy_gettext("Somebody settled this line a moment ago. Nothing was changed."),
    "line_incomplete": lazy_gettext("Card number, amount and day are all needed to book a line."),
    "nothing_in_hand": lazy_gettext("The books and her hands agree. There is nothing to close."),
    "month_ahead": lazy_gettext("That month has not begun. It can be charged from its first day."),
    "month_before_books": lazy_gettext(
        "The books began later than that month. Look at the year; what was owed before came with"
        " the register."
    ),
    "opening_used": lazy_gettext(
        "Something was paid on these months since. The register cannot be taken back any more."
    ),
    "waiver_ends_first": lazy_gettext("The last month lies before the first. Look at both again."),
    "waiver_needs_end": lazy_gettext(
        "Say up to which month, two years at most. Only illness and detention may stay open."
    ),
    "waiver_ended": lazy_gettext("It ends no later than that already. Nothing was changed."),
    "rule_in_past": lazy_gettext("A rule begins today at the earliest. What was, stays."),
    "rule_out_of_order": lazy_gettext(
        "Each step comes after the one before: grace, suspended, lapsed; first, second, third."
    ),
    "already_reversed": lazy_gettext("It was taken back before. Nothing was changed."),
    "part_given_back": lazy_gettext(
        "Some of this money has gone back to her another way. It cannot be taken back whole."
    ),
    "no_such_credit": lazy_gettext("She has not so much paid ahead. Look at her passbook."),
    "not_proposed": lazy_gettext(
        "Nothing is to be decided about her today; she may have paid meanwhile. Look once more."
    ),
    "list_changed": lazy_gettext(
        "Somebody paid or fell behind since you looked. Nothing went out; look once more."
    ),
    "nobody_to_remind": lazy_gettext("Nobody is to be reminded today. Nothing went out."),
    "register_just_came": lazy_gettext(
        "A register came in today. Nobody is reminded before tomorrow; look at it in peace."
    ),
    "rate_exists": lazy_gettext(
        "This very fee holds from that month on already. Nothing was changed."
    ),
    "book_overlaps": lazy_gettext(
        "One of these numbers is in a book that somebody holds already. Look at both covers."
    ),
    "book_too_long": lazy_gettext(
        "These numbers cannot be: the last comes before the first, or there are too many."
    ),
    "book_back": lazy_gettext("This book was brought back before. Nothing was changed."),
    "book_used_after": lazy_gettext("A receipt from there on is booked. Look at the book again."),
    "collector_without_card": lazy_gettext(
        "Rounds run under a card number, and you have none yet. Ask the membership secretary."
    ),
    "no_white_receipt": lazy_gettext("No white receipt is left. Ask for another book."),
    "line_refused": lazy_gettext("This receipt cannot be booked like this. Look at it again."),
    "phone_revoked": lazy_gettext("This phone was taken off already."),
    "book_on_other_phone": lazy_gettext(
        "Your book is on your other phone. Send there what you wrote and put the book down; or,"
        " if that phone is lost, take it off under “my phones”."
    ),
    "same_hand": lazy_gettext(
        "Whoever took, counted or wrote this cannot be the second hand. Ask somebody else."
    ),
    "signed_before": lazy_gettext("Somebody signed this before. Nothing was changed."),
    "difference_settled": lazy_gettext("That is more than is left of it, or does not fit it."),
    "said_paid_settled": lazy_gettext("Somebody settled this before. Nothing was changed."),
    "payment_not_there": lazy_gettext("That receipt is not hers."),
    "nothing_to_draw": lazy_gettext("No collector wrote a receipt in these days."),
    "asked_before": lazy_gettext("She was asked about this one, and her answer stands."),
    "sheet_total": lazy_gettext(
        "The lines do not come to the sum under the paper. Look for the one that differs."
    ),
    "sheet_empty": lazy_gettext("Write at least one line."),
    "collector_not_known": lazy_gettext(
        "Nobody collects under that card number. Leave it empty if you are not sure."
    ),
    "sheet_unreadable": lazy_gettext(
        "This is no sheet we can read. It needs a heading with collector, receipt, date, member"
        " and amount. Nothing was changed."
    ),
    "handovers_unreadable": lazy_gettext(
        "This is no list of hand-overs. It needs a heading with collector, date, counted and"
        " received_by. Nothing was changed."
    ),
}

REASONS: dict[str, tuple[LazyString, LazyString]] = {
    "entered_twice": (
        lazy_gettext("The same line stands here a second time."),
        lazy_gettext("If she paid once, let it go: the first one is booked."),
    ),
    "receipt_shared": (
        lazy_gettext("One receipt number stands for two people."),
        lazy_gettext("Look at the carbon copies and book each under its own number."),
    ),
    "receipt_taken": (
        lazy_gettext("This receipt is booked already, for something else."),
        lazy_gettext("Look at the carbon copy; one of the two numbers is wrong."),
    ),
    "receipt_unreadable": (
        lazy_gettext("The receipt number cannot be read."),
        lazy_gettext("Find it in the book and write it in figures."),
    ),
    "receipt_missing": (
        lazy_gettext("No line came for this receipt of the book."),
        lazy_gettext("Find the carbon copy. Book what it says, or let it go if it was spoiled."),
    ),
    "collector_unreadable": (
        lazy_gettext("Nobody can say whose round this was."),
        lazy_gettext("Ask who took the money, then book it."),
    ),
    "card_unknown": (
        lazy_gettext("Nobody in the register has this card number."),
        lazy_gettext("Ask the collector whom she meant, or have the card entered first."),
    ),
    "member_gone": (
        lazy_gettext("She has left or died."),
        lazy_gettext(
            "Ask who paid in her name. The money is somebody's: book it where it belongs."
        ),
    ),
    "amount_unreadable": (
        lazy_gettext("The amount is not in figures."),
        lazy_gettext("Read it off the carbon copy and write it in figures."),
    ),
    "amount_negative": (
        lazy_gettext("The amount has a minus before it."),
        lazy_gettext("Money given back is not booked here. If it is a slip, book it without."),
    ),
    "amount_zero": (
        lazy_gettext("The amount is nothing."),
        lazy_gettext("If nothing was paid, let it go; else write what the copy says."),
    ),
    "amount_too_large": (
        lazy_gettext("The amount is far more than anybody pays."),
        lazy_gettext("Read it again from the carbon copy."),
    ),
    "date_impossible": (
        lazy_gettext("There is no such day."),
        lazy_gettext("See which receipts stand beside it and write the day it must have been."),
    ),
    "date_ahead": (
        lazy_gettext("That day is still to come."),
        lazy_gettext("Write the day it was paid."),
    ),
    "date_long_ago": (
        lazy_gettext("That day is more than a year ago."),
        lazy_gettext("If the year is right, book it; if not, write the right one."),
    ),
    "receipt_outside": (
        lazy_gettext("This number is in none of her books."),
        lazy_gettext("Look at the paper: the number is wrong, or a book was not written down."),
    ),
    "receipt_spoiled": (
        lazy_gettext("The receipt was spoiled."),
        lazy_gettext("See both halves of the paper, then let it go."),
    ),
    "own_receipt": (
        lazy_gettext("The collector wrote this receipt for her own dues."),
        lazy_gettext(
            "Look at the copy and the money; then book it, if it is right. Better, another"
            " collector takes what she pays herself."
        ),
    ),
    "line_unreadable": (
        lazy_gettext("What the phone sent cannot be opened."),
        lazy_gettext("Find the carbon copy and book what it says."),
    ),
    "phone_revoked": (
        lazy_gettext("It came from a phone that was taken off."),
        lazy_gettext("Ask the collector whether she wrote it, then book it or let it go."),
    ),
    "collector_unknown": (
        lazy_gettext("No receipts of hers are known."),
        lazy_gettext("Bring in her sheet first, then this list again."),
    ),
    "own_cash": (
        lazy_gettext("This is your own round."),
        lazy_gettext("Somebody else who keeps the books brings this list in."),
    ),
    "counted_unreadable": (
        lazy_gettext("What was counted cannot be read."),
        lazy_gettext("Count again and write it in figures."),
    ),
}
"""Each reason a line is not booked: what is the matter, and what to do."""
