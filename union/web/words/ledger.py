"""The books in words: errors, and the names of accounts, funds and kinds the union is born with."""

from __future__ import annotations

from typing import Protocol

from flask_babel import LazyString, lazy_gettext

WORDS: dict[str, LazyString] = {
    "entry_unbalanced": lazy_gettext(
        "The two sides are not equal. Nothing was written; look at the amounts again."
    ),
    "entry_incomplete": lazy_gettext("An entry needs two sides, each with an amount."),
    "source_reused": lazy_gettext(
        "This was booked before with another amount. Reverse that first."
    ),
    "period_closed": lazy_gettext(
        "The books are closed for that month. Choose a day in a month that is open."
    ),
    "reversal_refused": lazy_gettext(
        "This entry already takes another back. Book it anew instead."
    ),
    "amount_not_positive": lazy_gettext("A voucher is for more than nothing. Write the amount."),
    "purpose_refused": lazy_gettext(
        "This fund was not collected for that. Choose another fund, or another purpose."
    ),
    "payee_approves": lazy_gettext(
        "This money is for you, so somebody else must sign. Ask another signatory."
    ),
    "approved_twice": lazy_gettext("You have signed already. Now somebody else must look at it."),
    "voucher_changed": lazy_gettext(
        "This is not what you looked at. Read it once more, then sign."
    ),
    "voucher_not_approved": lazy_gettext(
        "Two people must sign before money goes out. Ask the other one."
    ),
    "voucher_settled": lazy_gettext("This voucher was paid or taken back already."),
    "voucher_on_its_way": lazy_gettext(
        "The bank has this payment in a file. It is booked when the bank’s line shows it. If the"
        " bank refused it, say so on the page of that file; a second person confirms it."
    ),
    "other_hand_needed": lazy_gettext(
        "Another person must do this: not who said it, and not the one who is paid."
    ),
    "bill_not_owed": lazy_gettext(
        "By the books this fund owes no such bill. Choose what the money is really spent on."
    ),
    "given_up_elsewhen": lazy_gettext(
        "A difference is given up in the month it was found in, or that month can never close."
        " Choose a day of that month."
    ),
    "paper_changed": lazy_gettext(
        "This paper is not what was laid here: its content has changed since. It is not shown."
        " Tell a trustee; it was written down that you saw this."
    ),
    "paper_unreadable": lazy_gettext(
        "That file is neither a picture nor a PDF. Take a photograph of the paper instead."
    ),
    "paper_too_large": lazy_gettext("That file is too large: eight megabytes are the most."),
    "too_many_papers": lazy_gettext("Eight papers are the most for one thing."),
    "name_missing": lazy_gettext("Write the name of the one who is paid."),
    "words_missing": lazy_gettext("Say in a few words what the money is for."),
    "float_limit": lazy_gettext(
        "That is more than she may hold for this. Give less, or settle what she has first."
    ),
    "own_float": lazy_gettext("This float is your own, so somebody else must do it."),
    "float_overspent": lazy_gettext("That is more than is left in this float."),
    "papers_missing": lazy_gettext(
        "Lay a paper beside it: a bill, a receipt, the old book's page."
    ),
    "settled_already": lazy_gettext("These papers were answered already."),
    "count_changed": lazy_gettext(
        "Something was booked here while you counted. Look at the new figure and send it again."
    ),
    "own_count": lazy_gettext(
        "You counted this yourself, so somebody else must do it. Ask a person with an account."
    ),
    "no_account": lazy_gettext("Only somebody who is signed in as herself can say this."),
    "count_answered": lazy_gettext("Somebody has said already whether this count is right."),
    "counted_again": lazy_gettext(
        "This box was counted again since. Look at the newest count instead."
    ),
    "count_settled": lazy_gettext(
        "So much of this difference is not left. Look at the sum, and at how it ended."
    ),
    "fund_restricted": lazy_gettext(
        "Money given for a purpose stays in its fund. Take it out of the general fund."
    ),
    "same_fund": lazy_gettext("Choose two different funds."),
    "fund_short": lazy_gettext(
        "This fund has less than that there. Take less, or choose where more of it lies."
    ),
    "own_proposal": lazy_gettext(
        "You wrote this down yourself, so somebody else must agree. Ask another signatory."
    ),
    "answered_already": lazy_gettext("Somebody has answered this already. Look at it again."),
    "transfer_stands": lazy_gettext(
        "This stands: it was taken back already, or its month is over. Money that came into a fund"
        " with a purpose in an earlier month stays there."
    ),
    "day_to_come": lazy_gettext("That day is still to come. Choose today or a day before."),
    "books_opened_before": lazy_gettext("What the books began with was written down before."),
    "year_not_over": lazy_gettext("A year is carried forward when its last month is closed."),
    "month_open": lazy_gettext(
        "This month cannot be closed yet. Look at what still waits, and at the months before it."
    ),
    "left_unsaid": lazy_gettext(
        "Something is left. It may wait: tick below that you know of it, then close the month."
    ),
}

ACCOUNTS: dict[str, LazyString] = {
    "1010": lazy_gettext("Cash at the desk"),
    "1020": lazy_gettext("Cash with collectors"),
    "1030": lazy_gettext("Petty cash"),
    "1090": lazy_gettext("Cash differences to settle"),
    "1110": lazy_gettext("Bank account"),
    "1120": lazy_gettext("Held by the card company"),
    "1190": lazy_gettext("Taken by the bank, to be checked"),
    "1195": lazy_gettext("Given back on cards, to be checked"),
    "1210": lazy_gettext("Dues owed to us"),
    "1310": lazy_gettext("Floats given out"),
    "1320": lazy_gettext("Sureties standing at court"),
    "2110": lazy_gettext("Paid ahead by members"),
    "2190": lazy_gettext("Received, not yet placed"),
    "2210": lazy_gettext("Bills to pay"),
    "2220": lazy_gettext("Held until we know whose it is"),
    "3010": lazy_gettext("Opening balances"),
    "3020": lazy_gettext("Carried forward from earlier years"),
    "3110": lazy_gettext("Moved between funds"),
    "4010": lazy_gettext("Dues"),
    "4020": lazy_gettext("Dues waived"),
    "4110": lazy_gettext("Gifts from members"),
    "4120": lazy_gettext("Interest from the bank"),
    "4190": lazy_gettext("Other income"),
    "5010": lazy_gettext("Welfare payments"),
    "5020": lazy_gettext("Legal aid"),
    "5030": lazy_gettext("Crisis costs"),
    "5110": lazy_gettext("Rent"),
    "5120": lazy_gettext("Travel"),
    "5130": lazy_gettext("Telephone and texts"),
    "5140": lazy_gettext("Printing and paper"),
    "5150": lazy_gettext("Meetings"),
    "5160": lazy_gettext("Wages and honoraria"),
    "5170": lazy_gettext("Audit and legal fees"),
    "5180": lazy_gettext("Office and repairs"),
    "5210": lazy_gettext("Bank charges"),
    "5220": lazy_gettext("Card fees"),
    "5310": lazy_gettext("Dues given up"),
    "5320": lazy_gettext("Cash differences"),
    "5330": lazy_gettext("Rounding"),
}

FUNDS: dict[str, LazyString] = {
    "general": lazy_gettext("General fund"),
    "welfare": lazy_gettext("Welfare fund"),
    "legal": lazy_gettext("Legal aid fund"),
    "crisis": lazy_gettext("Crisis fund"),
}

KINDS: dict[str, LazyString] = {
    "opening": lazy_gettext("Brought forward"),
    "charge": lazy_gettext("Dues charged"),
    "receipt": lazy_gettext("Money received"),
    "allocation": lazy_gettext("Credit used for dues"),
    "waiver": lazy_gettext("Dues waived"),
    "clearing": lazy_gettext("Put in its place"),
    "adjustment": lazy_gettext("Put right"),
    "payment": lazy_gettext("Paid out by voucher"),
    "transfer": lazy_gettext("Moved between our own accounts"),
    "bank_charge": lazy_gettext("Taken by the bank"),
    "card_refund": lazy_gettext("Given back on a card"),
    "card_dispute": lazy_gettext("Taken back by a card company"),
    "reversal": lazy_gettext("Taken back"),
    "float_spent": lazy_gettext("Spent from a float"),
    "closing": lazy_gettext("The year carried forward"),
    "fund_transfer": lazy_gettext("Moved between funds"),
}

SIDES: dict[str, LazyString] = {
    "asset": lazy_gettext("What we have"),
    "liability": lazy_gettext("What we owe"),
    "equity": lazy_gettext("What is ours"),
    "income": lazy_gettext("What came in"),
    "expense": lazy_gettext("What went out"),
}

STATES: dict[str, LazyString] = {
    "waiting": lazy_gettext("waiting to be signed"),
    "approved": lazy_gettext("signed, not paid yet"),
    "on_its_way": lazy_gettext("on its way at the bank"),
    "paid": lazy_gettext("paid"),
    "returned": lazy_gettext("paid, but the money came back"),
    "withdrawn": lazy_gettext("taken back"),
}

SENTENCES: dict[str, LazyString] = {
    "approved": lazy_gettext("%(sum)s for %(payee)s is signed by two and not paid yet."),
    "on_its_way": lazy_gettext("%(sum)s for %(payee)s is on its way at the bank."),
    "paid": lazy_gettext("%(sum)s for %(payee)s was paid."),
    "doubted": lazy_gettext("%(sum)s for %(payee)s was paid, and somebody doubts it."),
    "returned": lazy_gettext("%(sum)s for %(payee)s was paid, but the money came back."),
    "withdrawn": lazy_gettext("%(sum)s for %(payee)s was taken back and is not paid."),
}
"""Where a voucher stands, as the first line of its page says it."""

REASONS: dict[str, LazyString] = {
    "welfare_claim": lazy_gettext("A benefit that the committee granted"),
    "spending": lazy_gettext("Written by hand"),
    "count_difference": lazy_gettext("Missing from a box when it was counted"),
}

PURPOSES: dict[str, LazyString] = {
    "auto": lazy_gettext("Auto and taxi at night"),
    "hospital": lazy_gettext("Hospital and medicine"),
    "surety": lazy_gettext("Surety at court"),
}

FLOAT_REASONS: dict[str, LazyString] = {
    "again": lazy_gettext("What was spent is filled up again"),
    "begins": lazy_gettext("Her first money for the nights"),
    "more": lazy_gettext("More than usual, for days with many calls"),
}
"""Why a float is filled, from a short list: free words would tell of a call."""


def night_money(number: int) -> LazyString:
    """A float's purpose as those who keep the money see it."""
    return lazy_gettext("Night money %(number)s", number=number)


COLLECTOR_CODE = "1020-"
FLOAT_CODE = "1310-"


def account_words(code: str, name: str = "") -> str:
    """An account's name in the reader's language; one the union added itself has its own."""
    if code.startswith(COLLECTOR_CODE):
        number = code.removeprefix(COLLECTOR_CODE).lstrip("0")
        return str(lazy_gettext("Cash with collector %(number)s", number=number))
    if code.startswith(FLOAT_CODE):
        return str(
            lazy_gettext("Float %(number)s", number=code.removeprefix(FLOAT_CODE).lstrip("0"))
        )
    return str(ACCOUNTS.get(code, name or code))


def fund_words(code: str) -> str:
    """A fund's name in the reader's language."""
    return str(FUNDS.get(code, code))


class Standing(Protocol):
    """An account that stands at something, debit positive, in minor units."""

    @property
    def code(self) -> str:
        """Its code."""
        ...

    @property
    def kind(self) -> str:
        """Its side of the books."""
        ...

    @property
    def balance_minor(self) -> int:
        """What it stands at."""
        ...


def unusual_side(row: Standing) -> str:
    """Why an account stands on the side where one would not look for it; "" if it does not."""
    if row.kind != "asset" or row.balance_minor >= 0:
        return ""
    if row.code.startswith(COLLECTOR_CODE):
        return str(lazy_gettext("handed in more than is booked for her yet"))
    if row.code.startswith("1"):
        return str(lazy_gettext("more went out than was booked as come in"))
    return ""
