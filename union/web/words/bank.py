"""The bank in words: errors, what a line can be, why a rule thinks so, and what columns mean."""

from __future__ import annotations

from flask_babel import LazyString, lazy_gettext

WORDS: dict[str, LazyString] = {
    "bank_file_unreadable": lazy_gettext(
        "This is no statement we can read. Ask the bank for CSV, Excel or CAMT.053, and choose"
        " that file. Nothing was changed."
    ),
    "bank_file_too_large": lazy_gettext(
        "That file is larger than any statement. Ask for a shorter time, a month perhaps."
    ),
    "bank_file_refused": lazy_gettext(
        "This file declares things no statement needs, so it was not opened. Ask the bank for a"
        " fresh one."
    ),
    "bank_columns_unknown": lazy_gettext("Say which column is which, then it can be read."),
    "bank_currency": lazy_gettext("This statement is in other money than ours."),
    "bank_several_statements": lazy_gettext(
        "This file holds statements of several accounts. Ask the bank for ours alone."
    ),
    "statement_does_not_add_up": lazy_gettext(
        "The lines do not lead from the opening to the closing balance: some are missing or stand"
        " here twice. Ask the bank for the file once more."
    ),
    "statement_doubles": lazy_gettext(
        "Some of these lines came before in another layout and would stand here twice. Bring in"
        " the days after our last statement, or the same kind of file as before."
    ),
    "statement_has_problems": lazy_gettext(
        "Some rows cannot be read. Look at the columns; nothing comes in until every row is read."
    ),
    "statement_empty": lazy_gettext("There is no line in this file."),
    "statement_ahead": lazy_gettext(
        "This statement holds days still to come. Look at how the days are written."
    ),
    "statement_other_account": lazy_gettext(
        "This file is of another account than those before it. Choose the file of ours."
    ),
    "bank_file_gone": lazy_gettext(
        "The file was kept for a day, or was taken in already. Choose it once more."
    ),
    "bank_line_decided": lazy_gettext(
        "Somebody decided about this line already. Nothing was changed."
    ),
    "bank_decision_unfit": lazy_gettext(
        "It cannot be that: its side or its amount says otherwise. Look at it again."
    ),
    "bank_choice_gone": lazy_gettext(
        "What it was to be matched with is no longer open. Look at the line again."
    ),
    "bank_second_hand_needed": lazy_gettext(
        "One person alone cannot say that: it is cash, or more than one may call a charge. Say it"
        " on the line’s own page, and let somebody else confirm it."
    ),
    "bank_word_open": lazy_gettext(
        "Somebody said what this is already. A second person confirms it, or it is taken back."
    ),
    "bank_reason_needed": lazy_gettext(
        "Say in a few words why not, so that whoever wrote it knows what to look at."
    ),
    "bank_word_ended": lazy_gettext(
        "This was confirmed, refused or taken back a moment ago. Look at the line again."
    ),
    "bank_carried_too_long": lazy_gettext(
        "It was let wait three times, or no reason was given. Say what it is now: write its"
        " voucher, or let a second person confirm that it was a charge."
    ),
    "bank_ceiling_unreadable": lazy_gettext(
        "A month cannot be bounded lower than one line of it. Look at the two sums."
    ),
    "bank_payer_unknown": lazy_gettext(
        "Nobody has this card number. Read it again, or keep the money until you know."
    ),
    "upi_address_unreadable": lazy_gettext(
        "Write the address like name@bank, and a short plain name beside it."
    ),
    "upi_address_missing": lazy_gettext(
        "There is no address to pay to yet. The treasurer writes it, a second person confirms it."
    ),
    "bank_same_hand": lazy_gettext(
        "Somebody else must confirm this: neither who wrote it nor whoever is paid."
    ),
    "bank_changed_meanwhile": lazy_gettext(
        "It was written anew meanwhile. Look at what stands there now."
    ),
    "payee_unreadable": lazy_gettext(
        "Write a name, and either account number and IFSC, or an address like name@bank."
    ),
    "payee_name_unreadable": lazy_gettext(
        "Write the name in Latin letters as it stands in her passbook, forty at most."
    ),
    "payee_number_unreadable": lazy_gettext(
        "An account number has 9 to 18 figures and nothing else. Copy it from the passbook or a"
        " cheque; the number on her bank card is not it."
    ),
    "payee_ifsc_unreadable": lazy_gettext(
        "The IFSC is four letters, a zero, then six letters or figures, like HDFC0000412. The"
        " fifth sign is the figure 0, never the letter O."
    ),
    "payee_address_unreadable": lazy_gettext(
        "An address for UPI is a name, the sign @ and the bank’s handle, like rani@oksbi."
    ),
    "payee_two_ways": lazy_gettext(
        "Write an account number with its IFSC, or an address for UPI, not both."
    ),
    "batch_item_unfit": lazy_gettext(
        "One payment of this file cannot go: those who signed turned out to be one person, or"
        " where the money goes was changed. Take it out of the file, then send the rest."
    ),
    "nothing_to_pay": lazy_gettext(
        "None of these can go into a file any more: paid, in another file, or not confirmed."
    ),
    "batch_open": lazy_gettext("Say first that the file goes to the bank now."),
    "batch_sent": lazy_gettext("The file went to the bank already. What it holds stays."),
    "batch_item_settled": lazy_gettext("This payment was made or has ended already."),
}

KINDS: dict[str, LazyString] = {
    "dues": lazy_gettext("Dues of a member"),
    "booked": lazy_gettext("In the books already"),
    "voucher": lazy_gettext("A voucher, paid"),
    "batch": lazy_gettext("A whole payment file"),
    "returned": lazy_gettext("A payment of ours that came back"),
    "deposit": lazy_gettext("Our own cash, paid in"),
    "withdrawal": lazy_gettext("Cash we took out"),
    "payout": lazy_gettext("From the card company"),
    "chargeback": lazy_gettext("Taken back by the card company"),
    "charge": lazy_gettext("Charges of the bank"),
    "card_fee": lazy_gettext("Card fees"),
    "interest": lazy_gettext("Interest from the bank"),
    "gift": lazy_gettext("A gift from a member"),
    "other_income": lazy_gettext("Other income"),
    "held": lazy_gettext("Nobody knows yet: keep it for whoever it belongs to"),
    "carried": lazy_gettext("Not in the books yet: let it wait over this month"),
}

REASONS: dict[str, LazyString] = {
    "our_code": lazy_gettext("our own code stands in it"),
    "card": lazy_gettext("her card number stands in it"),
    "cards_several": lazy_gettext("several card numbers stand in it"),
    "phone": lazy_gettext("it is her telephone"),
    "phone_shared": lazy_gettext("a telephone that several share"),
    "paid_before": lazy_gettext("she paid from there before"),
    "amount_due": lazy_gettext("it is just what is due"),
    "amount_months": lazy_gettext("it makes whole months"),
    "amount_unusual": lazy_gettext("it is far more than she pays"),
    "member_gone": lazy_gettext("she has left or died"),
    "amount_same": lazy_gettext("the amount is the same"),
    "same_person": lazy_gettext("it is the same person"),
    "day_near": lazy_gettext("the day is near"),
    "bank_words": lazy_gettext("the bank says so"),
    "amount_large": lazy_gettext("it is a large amount"),
    "handed_over": lazy_gettext("collectors handed in just that"),
    "cash_short": lazy_gettext("more than the desk held"),
    "provider_holds": lazy_gettext("the card company held as much"),
    "provider_short": lazy_gettext("more than the card company held"),
    "provider_told": lazy_gettext("the card company says the same"),
    "by_hand": lazy_gettext("somebody said so"),
}

COLUMNS: dict[str, LazyString] = {
    "date": lazy_gettext("The day"),
    "narration": lazy_gettext("What it says"),
    "reference": lazy_gettext("The bank’s own number for it"),
    "value_date": lazy_gettext("The value day"),
    "debit": lazy_gettext("Money that went out"),
    "credit": lazy_gettext("Money that came in"),
    "amount": lazy_gettext("The amount, if there is one column for both"),
    "side": lazy_gettext("In or out (Cr, Dr), beside that amount"),
    "balance": lazy_gettext("What stood after it"),
}

STATES: dict[str, LazyString] = {
    "waiting": lazy_gettext("on its way"),
    "paid": lazy_gettext("paid"),
    "returned": lazy_gettext("came back"),
    "failed": lazy_gettext("refused by the bank"),
    "taken_out": lazy_gettext("taken out"),
}

WAITS_FOR: dict[str, tuple[LazyString, LazyString]] = {
    "second": (
        lazy_gettext("For a second person’s yes"),
        lazy_gettext("One of us said what they are. Another compares and confirms it."),
    ),
    "card": (
        lazy_gettext("Under a card number nobody has"),
        lazy_gettext("Perhaps a figure slipped: look for whose it is, or keep the money for her."),
    ),
    "came": (
        lazy_gettext("Came, but whose is it?"),
        lazy_gettext("Say whose dues it is or what else it was. What nobody knows can be kept."),
    ),
    "went": (
        lazy_gettext("Went, but for what?"),
        lazy_gettext("Most need a voucher that two sign; what the bank took is a charge."),
    ),
}
"""What a line without a proposal waits for: the heading of such lines, and what to do."""

FILE_KINDS: dict[str, str] = {"camt": "CAMT.053", "csv": "CSV", "xls": "XLS", "xlsx": "XLSX"}
